import { HostTurns } from './host-turns';

let now: number;
let turns: HostTurns;
beforeEach(() => {
  now = 1_000_000;
  turns = new HostTurns(() => now);
});

describe('HostTurns', () => {
  it('lets six to one host at once, and others beside them', () => {
    expect([1, 2, 3, 4, 5, 6].map(() => turns.begin('a'))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(turns.begin('a')).toBeGreaterThanOrEqual(200);
    expect(turns.begin('b')).toBe(0);
    turns.end('a', 50, false);
    expect(turns.begin('a')).toBe(0);
  });

  it('lets one at once to a host that did not answer in time, until it does', () => {
    turns.begin('a');
    turns.end('a', 10_000, true);
    expect(turns.begin('a')).toBe(0);
    expect(turns.begin('a')).toBeGreaterThan(0);
    turns.end('a', 50, false);
    expect([1, 2, 3, 4, 5, 6].map(() => turns.begin('a'))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('spreads who is put off by how long attempts there take, five minutes at most', () => {
    for (let count = 0; count < 30; count += 1) {
      turns.begin('a');
      turns.end('a', 10_000, true);
    }
    turns.begin('a');
    const waits = Array.from({ length: 100 }, () => turns.begin('a'));
    expect(waits[0]).toBeLessThanOrEqual(10_000);
    expect((waits[10] ?? 0) - (waits[9] ?? 0)).toBeGreaterThan(9_000);
    expect(waits.at(-1)).toBe(300_000);
  });

  it('has those put off by a quick host back soon', () => {
    [1, 2, 3, 4, 5, 6].forEach(() => turns.begin('a'));
    const waits = Array.from({ length: 100 }, () => turns.begin('a'));
    expect(waits.at(-1)).toBeLessThan(6_000);
  });

  it('forgets hosts that have nothing under way, however many there are', () => {
    turns.begin('busy');
    for (let count = 0; count < 10_000; count += 1) {
      turns.begin(`host ${count}`);
      turns.end(`host ${count}`, 1, true);
    }
    [2, 3, 4, 5, 6].forEach(() => turns.begin('busy'));
    expect(turns.begin('busy')).toBeGreaterThan(0);
    expect(turns.begin('host 1')).toBe(0);
    expect(turns.begin('host 1')).toBe(0);
  });
});

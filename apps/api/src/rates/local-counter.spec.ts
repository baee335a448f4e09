import { LocalCounter, MAX_WINDOWS } from './local-counter';

const RATE = { requests: 3, seconds: 2 };

/** Takes `times` requests of a caller at `now`, and returns which were let in with how many remaining. */
function take(counter: LocalCounter, caller: string, times: number, now: number, rate = RATE): string[] {
  return Array.from({ length: times }, () => {
    const { isAllowed, remaining, resetMs } = counter.take(caller, rate, now);
    return `${isAllowed ? 'in' : 'out'} ${remaining} ${resetMs}`;
  });
}

describe('LocalCounter', () => {
  let counter: LocalCounter;

  beforeEach(() => (counter = new LocalCounter()));

  it('lets in as many requests as the rate has, in a window that begins with the first', () => {
    expect(take(counter, 'a', 5, 100)).toEqual([
      'in 2 2000',
      'in 1 2000',
      'in 0 2000',
      'out 0 2000',
      'out 0 2000',
    ]);
    expect(take(counter, 'a', 1, 2_099)).toEqual(['out 0 1']);
    expect(take(counter, 'a', 4, 2_100)).toEqual(['in 2 2000', 'in 1 2000', 'in 0 2000', 'out 0 2000']);
  });

  it('does not count what it refuses: a caller that never stops gets every window whole', () => {
    let allowed = 0;
    for (let now = 0; now < 20_000; now += 10) {
      allowed += counter.take('a', RATE, now).isAllowed ? 1 : 0;
    }
    expect(allowed).toBe(30);
  });

  it('keeps callers apart', () => {
    take(counter, 'a', 4, 0);
    expect(take(counter, 'b', 1, 0)).toEqual(['in 2 2000']);
  });

  it('keeps to a rate that has changed: to another number at once, to another time in a new window', () => {
    take(counter, 'a', 3, 0);
    expect(take(counter, 'a', 2, 500, { requests: 4, seconds: 2 })).toEqual(['in 0 1500', 'out 0 1500']);
    expect(take(counter, 'a', 1, 500, { requests: 2, seconds: 2 })).toEqual(['out 0 1500']);
    expect(take(counter, 'a', 1, 500, { requests: 3, seconds: 1 })).toEqual(['in 2 1000']);
  });

  it('has a bound however many callers come', () => {
    for (let n = 0; n < 200_000; n++) {
      counter.take(`2001:db8:${n >> 16}:${n & 0xffff}::/64`, RATE, 0);
    }
    expect(counter.size).toBeLessThanOrEqual(MAX_WINDOWS);
    expect(counter.size).toBeGreaterThanOrEqual(MAX_WINDOWS / 2);
  });

  it('forgets nobody who keeps coming while 200,000 others come once', () => {
    take(counter, 'constant', 3, 0);
    for (let n = 0; n < 200_000; n++) {
      counter.take(String(n), RATE, 0);
      if (n % 1_000 === 0) {
        expect(counter.take('constant', RATE, 0).isAllowed).toBe(false);
      }
    }
  });
});

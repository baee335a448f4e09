import { PacedRefusals } from './paced-refusals';

describe('PacedRefusals', () => {
  let told: number[];
  let refusals: PacedRefusals;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    refusals = new PacedRefusals((count) => told.push(count));
  });

  afterEach(() => jest.useRealTimers());

  function refuse(times: number): number {
    let sent = 0;
    for (let n = 0; n < times; n++) {
      refusals.take('somebody', () => sent++);
    }
    return sent;
  }

  it('tells how many there were, once for all of a second, and nothing while there are none', () => {
    refuse(3);
    jest.advanceTimersByTime(999);
    refuse(2);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([5]);
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual([5]);
    refuse(1);
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual([5, 1]);
  });

  it('holds back who is refused often, and counts it all the same', () => {
    expect(refuse(40)).toBe(16);
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual([40]);
  });

  it('sends and tells everything at the end, and nothing twice', () => {
    let sent = 0;
    for (let n = 0; n < 40; n++) {
      refusals.take('somebody', () => sent++);
    }
    refusals.flush();
    expect([sent, told]).toEqual([40, [40]]);
    refusals.flush();
    jest.advanceTimersByTime(10_000);
    expect([sent, told]).toEqual([40, [40]]);
  });
});

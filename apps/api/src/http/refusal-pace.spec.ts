import { RefusalPace } from './refusal-pace';

describe('RefusalPace', () => {
  let pace: RefusalPace;
  const sent: string[] = [];
  const refuse = (caller: string, times: number): void => {
    for (let n = 0; n < times; n++) {
      pace.take(caller, () => sent.push(caller));
    }
  };
  const count = (caller: string): number => sent.filter((one) => one === caller).length;

  beforeEach(() => {
    jest.useFakeTimers();
    pace = new RefusalPace();
    sent.length = 0;
  });

  afterEach(() => jest.useRealTimers());

  it('lets through what comes now and then', () => {
    for (let n = 1; n <= 10; n++) {
      refuse('patient', 16);
      expect(count('patient')).toBe(16 * n);
      jest.advanceTimersByTime(250);
    }
  });

  it('holds back a caller that is refused often, and no other, for a quarter of a second', () => {
    refuse('insistent', 100);
    refuse('patient', 5);
    expect([count('insistent'), count('patient')]).toEqual([16, 5]);
    jest.advanceTimersByTime(249);
    expect(count('insistent')).toBe(16);
    jest.advanceTimersByTime(1);
    expect(count('insistent')).toBe(100);
    refuse('insistent', 1);
    expect(count('insistent')).toBe(101);
  });

  it('holds back all of them, as many connections as there are', () => {
    refuse('insistent', 1_000);
    expect(sent.length).toBe(16);
    jest.advanceTimersByTime(250);
    expect(sent.length).toBe(1_000);
  });

  it('sends what it holds when it is told to, once', () => {
    refuse('insistent', 20);
    pace.begin();
    expect(sent.length).toBe(20);
    jest.advanceTimersByTime(1_000);
    expect(sent.length).toBe(20);
  });
});

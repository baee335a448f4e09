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

  it('holds a bounded number, whoever they are for', () => {
    for (let n = 0; n < 40; n++) {
      refuse(`caller ${n}`, 26);
    }
    // 16 of each at once, and what is more than 256 of the others.
    expect(sent.length).toBe(40 * 16 + 40 * 10 - 256);
    jest.advanceTimersByTime(250);
    expect(sent.length).toBe(40 * 26);
  });

  it('sends what it holds when it is told to, once', () => {
    refuse('insistent', 20);
    pace.begin();
    expect(sent.length).toBe(20);
    jest.advanceTimersByTime(1_000);
    expect(sent.length).toBe(20);
  });
});

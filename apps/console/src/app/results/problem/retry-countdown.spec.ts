import { LiveAnnouncer } from '@angular/cdk/a11y';
import { signal, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { countdownTo } from './retry-countdown';

describe('countdownTo', () => {
  const announce = jest.fn();
  const until = signal<number | null>(null);
  let left: Signal<number>;

  beforeEach(() => {
    jest.useFakeTimers();
    announce.mockReset();
    until.set(Date.now() + 2_500);
    TestBed.configureTestingModule({ providers: [{ provide: LiveAnnouncer, useValue: { announce } }] });
    left = TestBed.runInInjectionContext(() => countdownTo(until));
    TestBed.tick();
  });

  afterEach(() => jest.useRealTimers());

  it('tells the seconds that are left, and announces the end of them once', () => {
    expect(left()).toBe(3);
    jest.advanceTimersByTime(1_000);
    expect(left()).toBe(2);
    expect(announce).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1_500);
    expect(left()).toBe(0);
    jest.advanceTimersByTime(10_000);
    expect(announce).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits for nothing without a time, or with one that is over', () => {
    for (const time of [null, Date.now() - 1]) {
      until.set(time);
      TestBed.tick();
      expect(left()).toBe(0);
      expect(jest.getTimerCount()).toBe(0);
    }
    expect(announce).not.toHaveBeenCalled();
  });

  it('goes with what shows it', () => {
    TestBed.resetTestingModule();
    expect(jest.getTimerCount()).toBe(0);
  });
});

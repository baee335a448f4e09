import type { Rate } from '../configuration/rates-options';
import type { RateCounter, RateVerdict } from './rate-counter';

/** Windows that are held at once. */
export const MAX_WINDOWS = 100_000;

interface Window {
  readonly lengthMs: number;
  /** By `performance.now()`. */
  readonly endsAt: number;
  used: number;
}

/**
 * Counts within this process. Windows are held in two generations: when the younger one is full the older one is forgotten
 * at once, whoever was seen since has moved to the younger one. So memory is bounded however many addresses somebody
 * has, without a timer and without a search. A caller whose window is forgotten begins a new one, as if it had ended.
 */
export class LocalCounter implements RateCounter {
  private young = new Map<string, Window>();
  private old = new Map<string, Window>();

  /** How many windows are held, those that have ended too. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  /** @param now in milliseconds of `performance.now()`: a clock that is set back must not make a window longer */
  take(callerId: string, { requests, seconds }: Rate, now = performance.now()): RateVerdict {
    const lengthMs = seconds * 1000;
    const known = this.young.get(callerId) ?? this.recall(callerId);
    const window =
      known && now < known.endsAt && known.lengthMs === lengthMs
        ? known
        : this.hold(callerId, { lengthMs, endsAt: now + lengthMs, used: 0 });
    const isAllowed = window.used < requests;
    if (isAllowed) {
      window.used++;
    }
    // The difference of two fractions may come out a trifle longer than the window.
    const resetMs = Math.min(lengthMs, window.endsAt - now);
    return { isAllowed, remaining: Math.max(0, requests - window.used), resetMs };
  }

  /** Returns a window of the older generation, which is in the younger one from now on. */
  private recall(callerId: string): Window | undefined {
    const window = this.old.get(callerId);
    if (window) {
      this.old.delete(callerId);
      this.hold(callerId, window);
    }
    return window;
  }

  private hold(callerId: string, window: Window): Window {
    if (this.young.size >= MAX_WINDOWS / 2 && !this.young.has(callerId)) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(callerId, window);
    return window;
  }
}

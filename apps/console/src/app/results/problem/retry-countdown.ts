import { LiveAnnouncer } from '@angular/cdk/a11y';
import { computed, effect, inject, type Signal, signal, untracked } from '@angular/core';

/** How often the clock is looked at, milliseconds. */
const TICK_MS = 250;

/**
 * Counts down to a time, and announces that it has come. Must be called in an injection context.
 * @param until milliseconds since the epoch; null for nothing to wait for
 * @returns whole seconds that are left, 0 for none
 */
export function countdownTo(until: Signal<number | null>): Signal<number> {
  const announcer = inject(LiveAnnouncer);
  const now = signal(Date.now());
  const left = computed(() => Math.max(0, Math.ceil(((until() ?? 0) - now()) / 1_000)));
  effect((onCleanup) => {
    until();
    untracked(() => now.set(Date.now()));
    if (untracked(left) === 0) return;
    const ticking = setInterval(() => {
      now.set(Date.now());
      if (untracked(left) > 0) return;
      clearInterval(ticking);
      void announcer.announce('The script can be run again.');
    }, TICK_MS);
    onCleanup(() => clearInterval(ticking));
  });
  return left;
}

import type { Sliced } from './slices';

/** Does work without others served between its slices, for tests. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}

import { setImmediate } from 'node:timers/promises';

/** Work in slices: each yield is a place where others may be served. */
export type Sliced<T> = Generator<void, T, void>;

/** How many bytes are looked at in one go: one or two milliseconds in which nobody else is served. */
export const SLICE_BYTES = 256 * 1024;

/** Does work with others served between its slices. What fits into one is done at once. */
export async function inSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
    await setImmediate();
  }
}

import { setImmediate } from 'node:timers/promises';

/** Work in slices: each yield is a place where others may be served. */
export type Sliced<T> = Generator<void, T, void>;

/** How many bytes are looked at in one go: one or two milliseconds in which nobody else is served. */
export const SLICE_BYTES = 256 * 1024;

let turn: Promise<void> = Promise.resolve();

/**
 * Settles in a turn of the event loop in which no other slice is worked on. Node calls all callbacks of setImmediate in one
 * turn: a hundred bodies that arrive together would hold it for a hundred slices.
 */
export function nextTurn(): Promise<void> {
  turn = turn.then(() => setImmediate());
  return turn;
}

/**
 * Does work with others served between its slices, one slice in a turn of the event loop, whatever it is for.
 * @param goOn called before each slice; what it throws ends the work
 */
export async function inSlices<T>(work: Sliced<T>, goOn: () => void): Promise<T> {
  for (;;) {
    await nextTurn();
    goOn();
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}

/** Does work that fits into one slice at once, and what does not as `inSlices` does. */
export function atOnceOrInSlices<T>(work: Sliced<T>, goOn: () => void): T | Promise<T> {
  const step = work.next();
  return step.done ? step.value : inSlices(work, goOn);
}

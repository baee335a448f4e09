/** Work for this long, then yield to the browser, milliseconds. */
export const SLICE_MS = 12;

/**
 * Does long work in slices, between which the page stays responsive.
 *
 * @param step does a little, and says whether that was all
 * @returns whether the work was completed; false where it was aborted
 */
export async function inSlices(step: () => boolean, signal: AbortSignal): Promise<boolean> {
  let sliceEnd = performance.now() + SLICE_MS;
  while (!signal.aborted) {
    if (step()) return true;
    if (performance.now() > sliceEnd) {
      await nextTask();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return false;
}

/** Lets the browser draw and react. Not by a timer: nested ones are held back by 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Time is counted in slices of this length. Milliseconds. */
const SLICE_MS = 250;

/** A wait that can be called off. */
export interface LoopTimer {
  cancel(): void;
}

/**
 * Calls `act` after `delayMs` in which the event loop of this process ran. A stall, a stopped process or a suspended
 * machine counts as one slice at most, whatever it took: who is waited for may have answered, and was not heard.
 * What has come by then is read before `act` is called, and may call it off.
 */
export function afterLoopTime(delayMs: number, act: () => void): LoopTimer {
  let leftMs = delayMs;
  let isCancelled = false;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    const sliceMs = Math.min(leftMs, SLICE_MS);
    timer = setTimeout(() => {
      leftMs -= sliceMs;
      if (leftMs > 0) {
        next();
      } else {
        afterReading(() => {
          if (!isCancelled) {
            act();
          }
        });
      }
    }, sliceMs);
  };
  next();
  return {
    cancel: () => {
      isCancelled = true;
      clearTimeout(timer);
    },
  };
}

/** Timers come before the phase in which the loop reads: after two rounds, what was there to read has been heard. */
function afterReading(act: () => void): void {
  setImmediate(() => setImmediate(act));
}

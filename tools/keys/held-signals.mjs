/** Work that a signal to end must not cut in two. */
import { setImmediate } from 'node:timers/promises';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Does work that waits for nothing. A signal that comes meanwhile ends the process after it, as if it had come then: what
 * the work does at its end, in a `finally` too, is done.
 * @param work must not be asynchronous
 * @param tell gets what the work returns, before a signal ends the process; must not be asynchronous either
 */
export async function withoutSignals(work, tell = () => undefined) {
  let came = null;
  const note = (signal) => (came ??= signal);
  ENDING.forEach((signal) => process.on(signal, note));
  try {
    const result = work();
    tell(result);
    return result;
  } finally {
    // One that came during the work is told of by the event loop, when it looks next: that is before the second of these.
    await setImmediate();
    await setImmediate();
    ENDING.forEach((signal) => process.off(signal, note));
    if (came) {
      process.kill(process.pid, came);
      // It is on its way; nothing more is done before it.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

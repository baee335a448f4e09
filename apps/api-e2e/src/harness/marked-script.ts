import { eventually } from './eventually';
import { type ProcessEntry, runningProcessesNamed } from './processes';

let marks = 0;

/** A script whose process can be found from outside: it takes a name of its own, as any process may. */
export interface MarkedScript {
  readonly script: string;
  /** Waits until the script's process runs. */
  running(): Promise<ProcessEntry>;
  /** Waits until no process of that name is left. @throws Error when one still is after `timeoutMs`. */
  gone(timeoutMs: number): Promise<void>;
}

/** Makes a script of the body of main(), given as lines. */
export function markedScript(...body: readonly string[]): MarkedScript {
  const mark = `e2e${process.pid}x${marks++}`.slice(-15);
  const script = [
    'import ctypes, time',
    'def main():',
    `    ctypes.CDLL(None).prctl(15, b"${mark}")`,
    ...body.map((line) => `    ${line}`),
    '',
  ].join('\n');
  return {
    script,
    async running() {
      return eventually(
        () => runningProcessesNamed(mark)[0],
        (found) => found !== undefined,
        10_000,
      );
    },
    async gone(timeoutMs) {
      await eventually(
        () => runningProcessesNamed(mark),
        (found) => found.length === 0,
        timeoutMs,
      );
    },
  };
}

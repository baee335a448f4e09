import { BufferedOutput } from './buffered-output';
import type { Run } from './run';
import type { RunResult } from './run-result';
import type { SandboxExecutor } from './sandbox-executor';

/** What a test sees of a run: its result, its output, and when its process is gone. */
export interface ObservedRun extends RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly gone: Promise<void>;
}

/** Has an executor run a script, and observes it. */
export async function runObserved(
  executor: Pick<SandboxExecutor, 'run'>,
  run: Run,
  signal: AbortSignal,
): Promise<ObservedRun> {
  const output = new BufferedOutput();
  const result = await executor.run(run, output, signal);
  const { status } = result.outcome;
  return {
    ...result,
    stdout: output.text('stdout', status),
    stderr: output.text('stderr', status),
    gone: output.gone,
  };
}

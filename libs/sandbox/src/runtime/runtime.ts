import type { RunReport, RunRequest } from '../executors/sandbox-executor';
import type { SelfTestReport } from '../self-test/self-test';

/** Turns requests into runs. Executors say how its processes are started; it says when, and what becomes of them. */
export interface Runtime {
  /** Makes ready what can be made ready ahead. Does not wait for it. */
  start(): void;
  /** See `SandboxExecutor.run`. */
  run(request: RunRequest, signal: AbortSignal): Promise<RunReport>;
  /** See `SandboxExecutor.selfTest`. */
  selfTest(): Promise<SelfTestReport>;
  /** Ends everything that was started, and waits for its end. */
  close(): Promise<void>;
}

/** Returns the report of a run that did not come to pass. */
export function reportOfNoRun(
  end: RunReport['end'],
  requestedAt: number,
  gone: Promise<void> = Promise.resolve(),
): RunReport {
  const startMs = performance.now() - requestedAt;
  return { end, stdout: '', stderr: '', startMs, runMs: 0, resultMs: 0, gone };
}

import type { IsolationLevel } from '@pycell/contracts';
import type { Runtime } from '../runtime/runtime';
import type { IsolationProof } from '../self-test/isolation-proof';
import type { SelfTestReport } from '../self-test/self-test';
import type { PythonDescription, RunReport, RunRequest, SandboxExecutor } from './sandbox-executor';

/** What the executors have in common: a runtime, and the proof that it isolates as promised. */
export abstract class RuntimeExecutor implements SandboxExecutor {
  abstract readonly isolation: IsolationLevel;

  protected constructor(
    private readonly runtime: Runtime,
    private readonly proof: IsolationProof,
  ) {}

  get latestSelfTest(): SelfTestReport | null {
    return this.proof.latest;
  }

  start(): void {
    this.runtime.start();
  }

  run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    return this.runtime.run(request, signal);
  }

  selfTest(): Promise<SelfTestReport> {
    return this.runtime.selfTest();
  }

  close(): Promise<void> {
    return this.runtime.close();
  }

  abstract describePython(): Promise<PythonDescription>;
}

import type { IsolationLevel, ZygotesInfo } from '@pycell/contracts';
import { readPythonManifest } from '../host/python-manifest';
import type { ExecutorRecipe } from '../launch/recipe';
import type { EngineState } from '../run/engine-state';
import type { Run } from '../run/run';
import type { RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import type { PythonDescription, SandboxExecutor } from '../run/sandbox-executor';
import type { SelfTestReport } from '../run/self-test-report';
import { IsolationProof } from './isolation-proof';

/** What every executor is, whatever its recipe and its way to launch: one that runs nothing before its isolation is proved. */
export abstract class ProvedExecutor implements SandboxExecutor {
  readonly isolation: IsolationLevel;
  readonly promises: readonly string[];
  readonly remedy: string;
  readonly takesFiles: boolean;
  protected readonly proof: IsolationProof;

  constructor(protected readonly recipe: ExecutorRecipe) {
    this.isolation = recipe.isolation;
    this.promises = recipe.promises;
    this.remedy = recipe.remedy;
    this.takesFiles = recipe.takesFiles;
    this.proof = new IsolationProof(recipe.selfTest);
  }

  abstract readonly zygotes: ZygotesInfo | null;
  abstract readonly engine: EngineState | null;

  get latestSelfTest(): SelfTestReport | null {
    return this.proof.latest;
  }

  get selfTestBreaches(): number {
    return this.proof.breaches;
  }

  describePython(): Promise<PythonDescription> {
    return readPythonManifest(this.recipe.pythonManifest);
  }

  abstract start(): void;
  abstract run(run: Run, observer: RunObserver, signal: AbortSignal): Promise<RunResult>;
  abstract selfTest(): Promise<SelfTestReport>;
  abstract close(): Promise<void>;
}

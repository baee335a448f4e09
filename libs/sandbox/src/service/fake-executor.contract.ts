import { DEFAULT_LIMITS, type IsolationLevel } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { Outcome } from '../run/outcome';
import type { Run } from '../run/run';
import type { OutputFlow, RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { CallerTerms } from './client';
import type { SandboxOptions } from './sandbox-options';

const MEASURED = { startMs: 2, runMs: 3, resultMs: 4 };

/** What a test sees of a run that it has wait, and how it ends it. */
export interface WaitingRun {
  readonly run: Run;
  readonly observer: RunObserver;
  end(outcome: Outcome): void;
}

/** Runs nothing; ends each run as told, or when it is cancelled. */
export class FakeExecutor implements SandboxExecutor {
  isolation: IsolationLevel = 'nsjail-per-run';
  readonly promises = [];
  readonly remedy = '';
  readonly takesFiles = true;
  readonly latestSelfTest = null;
  readonly selfTestBreaches = 0;
  readonly zygotes = null;
  readonly engine = null;
  readonly requests: Run[] = [];
  /** Those that have not ended. */
  readonly waiting: WaitingRun[] = [];
  /** What was asked of the output of runs. */
  readonly flow: ('pause' | 'resume')[] = [];
  gone = Promise.resolve();
  memory: { peakMemoryBytes?: number } = { peakMemoryBytes: 7 };
  cpuMs = 2.5;
  outcome: Outcome | 'wait' | ((run: Run) => Outcome | 'wait') = { status: 'OK', result: Buffer.from('1') };

  run(run: Run, observer: RunObserver, signal: AbortSignal): Promise<RunResult> {
    this.requests.push(run);
    const { cpuMs, memory } = this;
    const outcome = typeof this.outcome === 'function' ? this.outcome(run) : this.outcome;
    const flow: OutputFlow = {
      pause: () => this.flow.push('pause'),
      resume: () => this.flow.push('resume'),
    };
    observer.onBegin(flow);
    observer.onOutput('stdout', Buffer.from('out'));
    observer.onOutput('stderr', Buffer.from('err'));
    void this.gone.then(() => observer.onGone());
    if (outcome !== 'wait') {
      return Promise.resolve({ ...MEASURED, cpuMs, outcome, ...memory });
    }
    return new Promise((resolve) => {
      const waiting: WaitingRun = {
        run,
        observer,
        end: (ended) => {
          this.waiting.splice(this.waiting.indexOf(waiting), 1);
          resolve({ ...MEASURED, cpuMs, outcome: ended, ...memory });
        },
      };
      this.waiting.push(waiting);
      const onAbort = (): void => waiting.end({ status: 'CANCELLED' });
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) {
        onAbort();
      }
    });
  }

  start(): never {
    throw new Error('not asked for in these tests');
  }

  selfTest(): Promise<never> {
    return Promise.reject(new Error('not asked for in these tests'));
  }

  close(): Promise<never> {
    return Promise.reject(new Error('not asked for in these tests'));
  }

  describePython(): Promise<never> {
    return Promise.reject(new Error('not asked for in these tests'));
  }
}

export const OPTIONS: SandboxOptions = {
  build: 'cloud',
  limits: { ...DEFAULT_LIMITS, maxScriptSize: 100 },
  admission: { maxConcurrency: 1, maxQueue: 0, queueTimeoutMs: 1000 },
  jailPerRun: true,
  jailProfile: 'full',
  policyRules: DEFAULT_POLICY_RULES,
  paths: {
    python: '',
    packages: '',
    runner: '',
    nsjail: '',
    nsjailConfig: '',
    nsjailGvisorConfig: '',
    sandboxRoot: '',
  },
};

/** Lets what was begun go on as far as it can. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A caller that has all that the service gives. */
export function callerNamed(
  id: string,
  { limits, policyRules }: Pick<SandboxOptions, 'limits' | 'policyRules'> = OPTIONS,
): CallerTerms {
  return { id, maxPlaces: null, limits, policyRules, version: 0 };
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecutionLimits, ExecutionReport } from '@pycell/contracts';
import { countCodePoints, type SourcePosition } from '@pycell/script-policy';
import { AdmissionQueue, AdmissionRefused, type Admission } from '../admission/admission-queue';
import { BufferedOutput } from '../run/buffered-output';
import type { Judgement, Refusal } from '../policy/judgement';
import { ScriptJudge } from '../policy/script-judge';
import { heldLimits } from '../run/held-limits';
import type { ExecutionRequest, Run } from '../run/run';
import { PLAIN_TERMS } from '../policy/script-terms';
import type { RunResult } from '../run/run-result';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { CompletedExecution } from './completed-execution';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';
import { ExecutionLog } from './execution-log';
import { failureOfOutcome, unavailable } from './failure-of-outcome';
import { checkFiles } from './file-check';
import { SANDBOX_EXECUTOR, SANDBOX_OPTIONS } from './sandbox.constants';
import type { SandboxOptions } from './sandbox-options';

/** How long a script waited for its place and for its judgement, milliseconds. */
interface Preparation {
  readonly queueMs: number;
  readonly policyMs: number;
}

/** A run that took no more than this is torn down in a moment. */
const SMALL_RUN_BYTES = 32 * 1024 * 1024;
/** What the kernel holds for a run counts nowhere, but it takes time to be made: page tables, 2 MiB a millisecond. */
const SMALL_RUN_CPU_MS = 50;

/** Executes scripts: admission, then the policy, then the executor that the configuration named. */
@Injectable()
export class SandboxService {
  private readonly log = new ExecutionLog();
  private readonly admission: AdmissionQueue;
  /** What is being executed, and how to end it: the signal's reason is what the client is told. */
  private readonly inFlight = new Map<Promise<unknown>, AbortController>();

  constructor(
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    private readonly judge: ScriptJudge,
    @Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions,
  ) {
    this.admission = new AdmissionQueue(options.admission);
  }

  /**
   * Executes one script. `client` aborts when the client goes away; the run is killed then.
   * @throws ExecutionFailure with the code that the client is told; ExecutionCancelled when `client` aborted.
   */
  async execute(request: ExecutionRequest, client: AbortSignal): Promise<CompletedExecution> {
    const id = randomUUID();
    // Not AbortSignal.any: on Node 20 it keeps every signal that was ever made from one that lives as long as the service.
    const ending = new AbortController();
    const onClientGone = (): void => ending.abort(new ExecutionCancelled());
    client.addEventListener('abort', onClientGone, { once: true });
    if (client.aborted) {
      onClientGone();
    }
    const execution = this.judgeAndRun(id, request, ending.signal);
    this.inFlight.set(execution, ending);
    try {
      const completed = await execution;
      this.log.completed(id, request, completed);
      return completed;
    } catch (error) {
      this.log.failed(id, request, error);
      throw error;
    } finally {
      client.removeEventListener('abort', onClientGone);
      this.inFlight.delete(execution);
    }
  }

  /**
   * Returns the refusal of a request that would find the queue full, null where it would not. It costs next to nothing,
   * for a server that gets many times more requests than it can serve.
   */
  refuseIfFull(): ExecutionFailure | null {
    const refusal = this.admission.refuseIfFull();
    return refusal && this.busy(refusal);
  }

  /**
   * Lets the runs in flight finish for at most `graceMs`, then kills them. Whoever waits or comes now is refused.
   * Settles when each has been answered; closing the executor ends what is left of their processes.
   */
  async drain(graceMs: number): Promise<void> {
    this.admission.close();
    const timer = setTimeout(() => {
      for (const ending of this.inFlight.values()) {
        ending.abort(unavailable('the service shut down before the run had ended'));
      }
    }, graceMs);
    await Promise.allSettled([...this.inFlight.keys()]);
    clearTimeout(timer);
  }

  private async judgeAndRun(
    id: string,
    request: ExecutionRequest,
    signal: AbortSignal,
  ): Promise<CompletedExecution> {
    this.checkSize(request);
    const admission = await this.admit(signal);
    let vacated = Promise.resolve();
    try {
      const admittedAt = performance.now();
      const { script, unparsed, imports } = await this.checkPolicy(request.script, signal);
      const prepared = { queueMs: admission.waitedMs, policyMs: performance.now() - admittedAt };
      const output = new BufferedOutput();
      const run: Run = { ...request, script, mode: unparsed ? 'compile' : request.mode, imports };
      const result = await this.run(run, output, signal);
      vacated = placeIsFree(result, output);
      if (result.outcome.status === 'CANCELLED') {
        signal.throwIfAborted();
      }
      const limits = heldLimits(this.options.limits, request.limits);
      return this.complete(result, output, this.measure(id, result, prepared, limits), limits, unparsed);
    } finally {
      void vacated.then(() => admission.release());
    }
  }

  private checkSize({ script, stdin, files }: ExecutionRequest): void {
    const limit = this.options.limits.maxScriptSize;
    // As many code units are never more code points.
    const size = script.length <= limit ? 0 : countCodePoints(script);
    if (size > limit) {
      throw new ExecutionFailure(
        'SCRIPT_TOO_LARGE',
        `Script has ${size} characters, the limit is ${limit}. Shorten it or raise MAX_SCRIPT_SIZE.`,
      );
    }
    if (stdin || files.length > 0) {
      checkFiles(stdin, files, this.options.limits, this.executor.takesFiles);
    }
  }

  /**
   * Returns the script as it will run. What the policy's parser cannot read is for CPython, which tells the exact error;
   * what CPython accepts and the policy cannot judge is not run. With the policy off it is asked for the imports only,
   * which choose the zygote.
   */
  private async checkPolicy(text: string, signal: AbortSignal): Promise<Judgement> {
    const judgement = await this.judge.judge(text, signal, PLAIN_TERMS).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unavailable(cause);
    });
    if (!this.options.policyRules) {
      return { ...judgement, unparsed: null };
    }
    if (judgement.refusal) {
      throw refused(judgement.refusal);
    }
    return judgement;
  }

  private async admit(signal: AbortSignal): Promise<Admission> {
    try {
      return await this.admission.acquire(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AdmissionRefused) || error.reason === 'closed') {
        throw unavailable('the service is shutting down');
      }
      throw this.busy(error);
    }
  }

  private busy({ reason, retryAfterSeconds }: AdmissionRefused): ExecutionFailure {
    const { maxConcurrency, maxQueue, queueTimeoutMs } = this.options.admission;
    const why =
      reason === 'queue-full'
        ? `${maxConcurrency} ${maxConcurrency === 1 ? 'script is' : 'scripts are'} running and ${maxQueue} waiting`
        : `no place became free within ${queueTimeoutMs / 1000} seconds`;
    return new ExecutionFailure('SANDBOX_BUSY', `The sandbox is busy: ${why}. Retry later.`, {
      retryAfterSeconds,
    });
  }

  private async run(run: Run, output: BufferedOutput, signal: AbortSignal): Promise<RunResult> {
    try {
      return await this.executor.run(run, output, signal);
    } catch (cause) {
      // The host could not give what a run needs: a folder, a descriptor, a process.
      throw unavailable(cause);
    }
  }

  private complete(
    { outcome }: RunResult,
    output: BufferedOutput,
    execution: ExecutionReport,
    limits: ExecutionLimits,
    unparsed: SourcePosition | null,
  ): CompletedExecution {
    const stdout = output.text('stdout', outcome.status);
    const stderr = output.text('stderr', outcome.status);
    if (outcome.status !== 'OK') {
      throw failureOfOutcome(outcome, limits, { stdout, stderr, execution });
    }
    if (unparsed) {
      throw new ExecutionFailure(
        'POLICY_VIOLATION',
        'The script policy cannot read this script from here on, so it is not run. Write it in simpler syntax.',
        unparsed,
      );
    }
    return { resultJson: outcome.result, stdout, stderr, artifacts: outcome.artifacts ?? [], execution };
  }

  private measure(
    id: string,
    result: RunResult,
    { queueMs, policyMs }: Preparation,
    { timeoutSeconds, memoryLimitMb }: ExecutionLimits,
  ): ExecutionReport {
    const { startMs, runMs, resultMs, cpuMs, peakMemoryBytes } = result;
    return {
      id,
      isolation: this.executor.isolation,
      durationMs: roundMs(queueMs + policyMs + startMs + runMs + resultMs),
      ...(cpuMs !== undefined && { cpuMs: roundMs(cpuMs) }),
      ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
      limits: { timeoutMs: Math.round(timeoutSeconds * 1000), memoryMb: memoryLimitMb },
      timings: {
        queueMs: roundMs(queueMs),
        policyMs: roundMs(policyMs),
        startMs: roundMs(startMs),
        runMs: roundMs(runMs),
        resultMs: roundMs(resultMs),
      },
    };
  }
}

/**
 * Settles when the next run may begin. The answer does not wait until the process is gone, nor does a small run's place;
 * much memory, or memory that could not be measured, is given back first, so that never more is taken than the runs at
 * once may have.
 */
function placeIsFree({ peakMemoryBytes, cpuMs }: RunResult, { gone }: BufferedOutput): Promise<void> {
  const isSmall =
    peakMemoryBytes !== undefined &&
    peakMemoryBytes <= SMALL_RUN_BYTES &&
    cpuMs !== undefined &&
    cpuMs <= SMALL_RUN_CPU_MS;
  return isSmall ? Promise.resolve() : gone;
}

function refused({ message, violations }: Refusal): ExecutionFailure {
  const [first] = violations;
  return new ExecutionFailure('POLICY_VIOLATION', message, {
    ...(first && { line: first.line, column: first.column, violations }),
    ...(first?.hint !== undefined && { hint: first.hint }),
  });
}

/** Microseconds are what can be measured; more digits pretend. */
function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecuteRequest, ExecutionReport } from '@pycell/contracts';
import {
  ScriptPolicy,
  countCodePoints,
  normalizeScript,
  type PolicyRules,
  type SourcePosition,
} from '@pycell/script-policy';
import { AdmissionQueue, AdmissionRefused, type Admission } from '../admission/admission-queue';
import { ExecutionCancelled, ExecutionFailure } from '../execution-failure';
import type { RunReport, RunRequest, SandboxExecutor } from '../executors/sandbox-executor';
import { SANDBOX_EXECUTOR, SANDBOX_OPTIONS, SCRIPT_POLICY } from '../sandbox.constants';
import type { SandboxOptions } from '../sandbox-options';
import { ExecutionLog } from './execution-log';
import { failureOf, unavailable } from './failure-mapping';

/** An execution that returned. */
export interface CompletedExecution {
  /** The return value, one JSON value as Python wrote it. */
  readonly resultJson: Buffer;
  readonly stdout: string;
  readonly stderr: string;
  readonly execution: ExecutionReport;
}

/** What the policy's parser found. */
interface JudgedScript {
  readonly unparsed: SourcePosition | null;
  readonly imports: readonly string[];
}

/** A run that took no more than this is given up in a moment. */
const SMALL_RUN_BYTES = 32 * 1024 * 1024;

const NO_RULES: PolicyRules = { blockedModules: [], blockedNames: [] };

/** Executes scripts: policy, then admission, then the executor that BUILD chose. */
@Injectable()
export class SandboxService {
  private readonly log = new ExecutionLog();
  private readonly admission: AdmissionQueue;
  /** What is being executed, and how to end it. */
  private readonly inFlight = new Map<Promise<unknown>, AbortController>();

  constructor(
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    @Inject(SCRIPT_POLICY) private readonly policy: ScriptPolicy,
    @Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions,
  ) {
    this.admission = new AdmissionQueue(options.admission);
  }

  /**
   * Executes one script. `signal` aborts when the client goes away; the run is killed then.
   * @throws ExecutionFailure with the code that the client is told; ExecutionCancelled when `signal` aborted.
   */
  async execute(request: ExecuteRequest, signal: AbortSignal): Promise<CompletedExecution> {
    const id = randomUUID();
    const ending = new AbortController();
    const onClientGone = (): void => ending.abort(new ExecutionCancelled());
    signal.addEventListener('abort', onClientGone, { once: true });
    if (signal.aborted) {
      onClientGone();
    }
    const execution = this.judgeAndRun(id, request, ending.signal, signal);
    this.inFlight.set(execution, ending);
    try {
      const completed = await execution;
      this.log.completed(id, request, completed);
      return completed;
    } catch (error) {
      this.log.failed(id, request, error);
      throw error;
    } finally {
      signal.removeEventListener('abort', onClientGone);
      this.inFlight.delete(execution);
    }
  }

  /**
   * Lets the runs in flight finish for at most `graceMs`, then kills them. Whoever waits or comes now is refused.
   * When it settles, no process of a run is left.
   */
  async drain(graceMs: number): Promise<void> {
    this.admission.close();
    const timer = setTimeout(() => {
      for (const ending of this.inFlight.values()) {
        ending.abort(new ExecutionCancelled());
      }
    }, graceMs);
    await Promise.allSettled([...this.inFlight.keys()]);
    clearTimeout(timer);
  }

  private async judgeAndRun(
    id: string,
    request: ExecuteRequest,
    signal: AbortSignal,
    client: AbortSignal,
  ): Promise<CompletedExecution> {
    this.checkSize(request.script);
    const script = normalizeScript(request.script);
    const { unparsed, imports } = this.checkPolicy(script);
    const admission = await this.admit(signal, client);
    let vacated = Promise.resolve();
    try {
      const report = await this.run({ id, script, mode: unparsed ? 'compile' : 'run', imports }, signal);
      vacated = placeOf(report);
      return this.complete(id, report, admission, unparsed, client);
    } finally {
      void vacated.then(() => admission.release());
    }
  }

  private checkSize(script: string): void {
    const limit = this.options.limits.maxScriptSize;
    const size = countCodePoints(script);
    if (size > limit) {
      throw new ExecutionFailure(
        'SCRIPT_TOO_LARGE',
        `Script has ${size} characters, the limit is ${limit}. Shorten it or raise MAX_SCRIPT_SIZE.`,
      );
    }
  }

  /**
   * Returns what the script imports, and where the policy's parser gave up, null when it judged the whole script.
   * CPython then tells the exact error; what CPython accepts and the policy cannot judge is not run.
   */
  private checkPolicy(script: string): JudgedScript {
    const { policyRules } = this.options;
    if (!policyRules) {
      // Parsed all the same: the imports choose the zygote.
      return { unparsed: null, imports: this.policy.check(script, NO_RULES).imports };
    }
    const { violations, parseError, imports } = this.policy.check(script, policyRules);
    const [first] = violations;
    if (first) {
      const { message, line, column } = first;
      throw new ExecutionFailure('POLICY_VIOLATION', message, { line, column });
    }
    return { unparsed: parseError, imports };
  }

  private async admit(signal: AbortSignal, client: AbortSignal): Promise<Admission> {
    try {
      return await this.admission.acquire(signal);
    } catch (error) {
      if (client.aborted) {
        throw new ExecutionCancelled();
      }
      if (!(error instanceof AdmissionRefused) || error.reason === 'closed') {
        throw unavailable('the service is shutting down');
      }
      const { maxConcurrency, maxQueue, queueTimeoutMs } = this.options.admission;
      const why =
        error.reason === 'queue-full'
          ? `${maxConcurrency} ${maxConcurrency === 1 ? 'script is' : 'scripts are'} running and ${maxQueue} waiting`
          : `no place became free within ${queueTimeoutMs / 1000} seconds`;
      throw new ExecutionFailure('SANDBOX_BUSY', `The sandbox is busy: ${why}. Retry later.`, {
        retryAfterSeconds: error.retryAfterSeconds,
      });
    }
  }

  private async run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    try {
      return await this.executor.run(request, signal);
    } catch (cause) {
      // The host could not give what a run needs: a folder, a descriptor, a process.
      throw unavailable(cause);
    }
  }

  private complete(
    id: string,
    report: RunReport,
    admission: Admission,
    unparsed: SourcePosition | null,
    client: AbortSignal,
  ): CompletedExecution {
    const { end, stdout, stderr } = report;
    const execution = this.measure(id, report, admission);
    if (end.kind === 'cancelled' && !client.aborted) {
      throw unavailable('the service shut down before the run had ended');
    }
    if (end.kind !== 'returned') {
      throw failureOf(end, this.options.limits, { stdout, stderr, execution });
    }
    if (unparsed) {
      throw new ExecutionFailure(
        'POLICY_VIOLATION',
        'The script policy cannot read this script from here on, so it is not run. Write it in simpler syntax.',
        unparsed,
      );
    }
    return { resultJson: end.json, stdout, stderr, execution };
  }

  private measure(id: string, report: RunReport, admission: Admission): ExecutionReport {
    const { startMs, runMs, resultMs, cpuMs, peakMemoryBytes } = report;
    const queueMs = admission.waitedMs;
    return {
      id,
      isolation: this.executor.isolation,
      durationMs: roundMs(queueMs + startMs + runMs + resultMs),
      ...(cpuMs !== undefined && { cpuMs: roundMs(cpuMs) }),
      ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
      timings: {
        queueMs: roundMs(queueMs),
        startMs: roundMs(startMs),
        runMs: roundMs(runMs),
        resultMs: roundMs(resultMs),
      },
    };
  }
}

/**
 * When the next run may begin. The answer does not wait until the process is gone, nor does a small run's place; memory
 * in earnest is given back first, so that never more is taken than the runs at once may have.
 */
function placeOf({ peakMemoryBytes, gone }: RunReport): Promise<void> {
  return (peakMemoryBytes ?? 0) > SMALL_RUN_BYTES ? gone : Promise.resolve();
}

/** Microseconds are what can be measured; more digits pretend. */
function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ExecutionLimits, ExecutionReport, ValidateRequest, ValidateResponse } from '@pycell/contracts';
import { countCodePoints, type SourcePosition } from '@pycell/script-policy';
import type { Admission } from '../admission/admission';
import type { Claim } from '../admission/claim';
import type { Judgement } from '../policy/judgement';
import { ScriptJudge } from '../policy/script-judge';
import { PLAIN_TERMS, type PermittedName, type ScriptTerms } from '../policy/script-terms';
import { BufferedOutput } from '../run/buffered-output';
import { heldLimits } from '../run/held-limits';
import { type ExecutionRequest, plainRequest, plainRun, type Run } from '../run/run';
import type { RunResult } from '../run/run-result';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { Client } from './client';
import type { CompletedExecution } from './completed-execution';
import { ExecutionFailure } from './execution-failure';
import { ExecutionLog } from './execution-log';
import { reportOfExecution } from './execution-report';
import { failureOfOutcome, unavailable } from './failure-of-outcome';
import { checkFiles } from './file-check';
import { InFlight } from './in-flight';
import { Places } from './places';
import { refused, UNREADABLE_MESSAGE } from './policy-refusal';
import { SANDBOX_EXECUTOR, SANDBOX_OPTIONS } from './sandbox.constants';
import type { SandboxOptions } from './sandbox-options';
import { validationOf } from './validation';

/** A run that took no more than this is torn down in a moment. */
const SMALL_RUN_BYTES = 32 * 1024 * 1024;
/** What the kernel holds for a run counts nowhere, but it takes time to be made: page tables, 2 MiB a millisecond. */
const SMALL_RUN_CPU_MS = 50;

/** What became of a run that has its place. */
interface Finished<T> {
  readonly value: T;
  /** Settles when its place is free. */
  readonly vacated: Promise<void>;
}

/** Executes scripts, and describes them: admission, then the policy, then the executor that the configuration named. */
@Injectable()
export class SandboxService {
  private readonly log = new ExecutionLog();
  private readonly places: Places;
  private readonly inFlight = new InFlight();

  constructor(
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    private readonly judge: ScriptJudge,
    @Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions,
  ) {
    this.places = new Places(options.admission);
  }

  /**
   * Executes one script.
   * @throws ExecutionFailure with the code that the client is told; ExecutionCancelled when the client went away.
   */
  async execute(request: ExecutionRequest, client: Client): Promise<CompletedExecution> {
    const id = randomUUID();
    try {
      const completed = await this.inFlight.follow(client.signal, (signal) =>
        this.judgeAndRun(id, request, { ...client, signal }),
      );
      this.log.completed(id, request, completed);
      return completed;
    } catch (error) {
      this.log.failed(id, request, error);
      throw error;
    }
  }

  /**
   * Describes one script. Nothing of it is executed; it takes a place as an execution does.
   * @throws as `execute` does, but for what the description itself tells.
   */
  async validate(request: ValidateRequest, client: Client): Promise<ValidateResponse> {
    const id = randomUUID();
    const logged = plainRequest(request.script);
    try {
      const described = await this.inFlight.follow(client.signal, (signal) =>
        this.judgeAndDescribe(request, { ...client, signal }),
      );
      this.log.validated(id, logged, described.valid);
      return described;
    } catch (error) {
      this.log.failed(id, logged, error);
      throw error;
    }
  }

  /** Returns the refusal of a call that would find the queue full, null where it would not. */
  refuseIfFull(caller: string): ExecutionFailure | null {
    return this.places.refuseIfFull({ caller, kind: 'call' });
  }

  /**
   * Lets the runs in flight finish for at most `graceMs`, then kills them. Whoever waits or comes now is refused.
   * Settles when each has been answered; closing the executor ends what is left of their processes.
   */
  async drain(graceMs: number): Promise<void> {
    this.places.close();
    await this.inFlight.drain(graceMs);
  }

  private judgeAndRun(
    id: string,
    request: ExecutionRequest,
    { caller, signal }: Client,
  ): Promise<CompletedExecution> {
    this.checkSize(request);
    return this.inPlace({ caller, kind: 'call' }, signal, async (admission) => {
      const admittedAt = performance.now();
      const judgement = await this.judgeBy(this.termsOf(request), request.script, signal);
      if (this.options.policyRules && judgement.refusal) {
        throw refused(judgement.refusal);
      }
      const unparsed = this.options.policyRules ? judgement.unparsed : null;
      const prepared = { queueMs: admission.waitedMs, policyMs: performance.now() - admittedAt };
      const { script, imports } = judgement;
      const output = new BufferedOutput();
      const result = await this.run(
        { ...request, script, mode: unparsed ? 'compile' : request.mode, imports },
        output,
        signal,
      );
      const limits = heldLimits(this.options.limits, request.limits);
      const { isolation } = this.executor;
      const report = reportOfExecution({ id, isolation, result, prepared, limits });
      return {
        vacated: placeIsFree(result, output),
        value: () => {
          throwIfCancelled(result, signal);
          return this.complete(result, output, report, limits, unparsed);
        },
      };
    });
  }

  private judgeAndDescribe(
    { script, mode = 'function' }: ValidateRequest,
    { caller, signal }: Client,
  ): Promise<ValidateResponse> {
    this.checkSize(plainRequest(script));
    return this.inPlace({ caller, kind: 'call' }, signal, async () => {
      const judgement = await this.judgeBy({ ...PLAIN_TERMS, mode }, script, signal);
      const output = new BufferedOutput();
      const result = await this.run(plainRun(judgement.script, 'validate'), output, signal);
      return {
        vacated: placeIsFree(result, output),
        value: () => {
          throwIfCancelled(result, signal);
          const { outcome } = result;
          if (outcome.status !== 'OK') {
            throw failureOfOutcome(outcome, this.options.limits, {});
          }
          return validationOf(mode, this.options.policyRules && judgement, outcome.result);
        },
      };
    });
  }

  /** Does something with a place, which is given back when what ran in it is gone. */
  private async inPlace<T>(
    claim: Claim,
    signal: AbortSignal,
    act: (admission: Admission) => Promise<Finished<() => T>>,
  ): Promise<T> {
    const admission = await this.places.acquire(claim, signal);
    let vacated = Promise.resolve();
    try {
      const finished = await act(admission);
      vacated = finished.vacated;
      return finished.value();
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

  /** Files and standard input open names in a jail only: without one, what is blocked keeps scripts from accidents. */
  private termsOf({ mode, stdin, files }: ExecutionRequest): ScriptTerms {
    if (this.executor.isolation === 'none' || (!stdin && files.length === 0)) {
      return mode === PLAIN_TERMS.mode ? PLAIN_TERMS : { ...PLAIN_TERMS, mode };
    }
    const permitted: PermittedName[] = [];
    if (stdin) {
      permitted.push('input');
    }
    if (files.length > 0) {
      permitted.push('open');
    }
    return { mode, permitted };
  }

  /**
   * Returns the script as it will run, and what the policy says. What its parser cannot read is for CPython, which tells
   * the exact error; what CPython accepts and the policy cannot judge is not run. With the policy off it is asked for the
   * imports only, which choose the zygote.
   */
  private judgeBy(terms: ScriptTerms, script: string, signal: AbortSignal): Promise<Judgement> {
    return this.judge.judge(script, signal, terms).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unavailable(cause);
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
      throw new ExecutionFailure('POLICY_VIOLATION', UNREADABLE_MESSAGE, unparsed);
    }
    return { resultJson: outcome.result, stdout, stderr, artifacts: outcome.artifacts ?? [], execution };
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

/** @throws the signal's reason, which is what the client is told, for a run that it ended. */
function throwIfCancelled({ outcome }: RunResult, signal: AbortSignal): void {
  if (outcome.status === 'CANCELLED') {
    signal.throwIfAborted();
  }
}

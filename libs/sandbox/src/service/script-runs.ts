import { countCodePoints, type SourcePosition } from '@pycell/script-policy';
import type { Judgement } from '../policy/judgement';
import type { ScriptJudge } from '../policy/script-judge';
import { PLAIN_TERMS, type PermittedName, type ScriptTerms } from '../policy/script-terms';
import { BufferedOutput } from '../run/buffered-output';
import { heldLimits } from '../run/held-limits';
import type { ExecutionRequest, Run } from '../run/run';
import type { Printed, RunOutput } from '../run/run-output';
import type { RunResult } from '../run/run-result';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { HeardExecution } from './execution-listener';
import { ExecutionFailure } from './execution-failure';
import { reportOfExecution } from './execution-report';
import { failureOfOutcome, unavailable } from './failure-of-outcome';
import { checkFiles } from './file-check';
import type { HeldPlace } from './held-place';
import { refused, UNREADABLE_MESSAGE } from './policy-refusal';
import type { SandboxOptions } from './sandbox-options';

/** A script that the policy lets run. */
export interface JudgedScript extends Pick<Judgement, 'script' | 'imports'> {
  /** Where the policy's parser gave up: the script is compiled only, for CPython to tell the error. Null where it is run. */
  readonly unparsed: SourcePosition | null;
  readonly policyMs: number;
}

/** One execution of a script that has been judged. */
export interface JudgedExecution {
  readonly id: string;
  readonly request: ExecutionRequest;
  readonly judged: JudgedScript;
}

/** Judges scripts and runs them, for whoever has a place. */
export class ScriptRuns {
  constructor(
    private readonly executor: SandboxExecutor,
    private readonly policy: ScriptJudge,
    private readonly options: Pick<SandboxOptions, 'limits' | 'policyRules'>,
  ) {}

  /** Refuses what is larger than it may be, which needs no place. @throws ExecutionFailure */
  checkSize({ script, stdin, files }: ExecutionRequest): void {
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

  /** Judges a script by the policy. @throws ExecutionFailure for one that may not run; the signal's reason when it aborts. */
  async judge(request: ExecutionRequest, signal: AbortSignal): Promise<JudgedScript> {
    const { policyRules } = this.options;
    const since = performance.now();
    const { script, imports, refusal, unparsed } = await this.judgeBy(
      this.termsOf(request),
      request.script,
      signal,
    );
    if (policyRules && refusal) {
      throw refused(refusal);
    }
    return {
      script,
      imports,
      unparsed: policyRules ? unparsed : null,
      policyMs: performance.now() - since,
    };
  }

  /**
   * Returns the script as it will run, and what the policy says. What its parser cannot read is for CPython, which tells
   * the exact error; what CPython accepts and the policy cannot judge is not run. With the policy off it is asked for the
   * imports only, which choose the zygote.
   */
  judgeBy(terms: ScriptTerms, script: string, signal: AbortSignal): Promise<Judgement> {
    return this.policy.judge(script, signal, terms).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unavailable(cause);
    });
  }

  /**
   * Runs a judged script. `output` hears of it, but where it is only compiled.
   * @throws ExecutionFailure where it gives no result; the signal's reason for a run that it ended
   */
  async execute<Told extends Partial<Printed>>(
    { id, request, judged }: JudgedExecution,
    output: RunOutput<Told>,
    place: HeldPlace,
    signal: AbortSignal,
  ): Promise<HeardExecution & Told> {
    const { script, imports, unparsed, policyMs } = judged;
    const heard = unparsed ? new BufferedOutput() : output;
    const mode = unparsed ? 'compile' : request.mode;
    const result = await this.run({ ...request, script, mode, imports }, heard, place, signal);
    const limits = heldLimits(this.options.limits, request.limits);
    const { isolation } = this.executor;
    const prepared = { queueMs: place.waitedMs, policyMs };
    const execution = reportOfExecution({ id, isolation, result, prepared, limits });
    const { outcome } = result;
    const told = heard.conclude(outcome.status);
    if (outcome.status !== 'OK') {
      throw failureOfOutcome(outcome, limits, { ...told, execution });
    }
    if (unparsed) {
      throw new ExecutionFailure('POLICY_VIOLATION', UNREADABLE_MESSAGE, unparsed);
    }
    return { resultJson: outcome.result, ...(told as Told), artifacts: outcome.artifacts ?? [], execution };
  }

  /** Runs something in a place. @throws ExecutionFailure where it cannot; the signal's reason for a run that it ended. */
  async run(
    run: Run,
    output: RunOutput<Partial<Printed>>,
    place: HeldPlace,
    signal: AbortSignal,
  ): Promise<RunResult> {
    let result: RunResult;
    try {
      result = await this.executor.run(run, output, signal);
    } catch (cause) {
      // The host could not give what a run needs: a folder, a descriptor, a process.
      throw unavailable(cause);
    }
    place.note(result, output.gone);
    if (result.outcome.status === 'CANCELLED') {
      signal.throwIfAborted();
    }
    return result;
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
}

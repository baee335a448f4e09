import type { ExecutionLimits, RequestedLimits } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES, type PolicyRules, type SourcePosition } from '@pycell/script-policy';
import type { Judgement } from '../policy/judgement';
import type { ScriptJudge } from '../policy/script-judge';
import { NO_RULES, PLAIN_TERMS, type PermittedName, type ScriptTerms } from '../policy/script-terms';
import { BufferedOutput } from '../run/buffered-output';
import { chosenFor, heldLimits } from '../run/held-limits';
import { type ExecutionRequest, type Run, runModeOf } from '../run/run';
import type { Printed, RunOutput } from '../run/run-output';
import type { RunResult } from '../run/run-result';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { CallerTerms } from './client';
import type { HeardExecution } from './execution-listener';
import { ExecutionFailure } from './execution-failure';
import { reportOfExecution } from './execution-report';
import { failureOfOutcome, unavailable } from './failure-of-outcome';
import { checkFiles } from './file-check';
import type { HeldPlace } from './held-place';
import { refused, UNREADABLE_MESSAGE } from './policy-refusal';
import type { SandboxOptions } from './sandbox-options';
import { checkScriptSize } from './script-size';

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
  readonly caller: CallerTerms;
}

/** Judges scripts and runs them, for whoever has a place, by what its caller has of the service. */
export class ScriptRuns {
  constructor(
    private readonly executor: SandboxExecutor,
    private readonly policy: ScriptJudge,
    private readonly options: Pick<SandboxOptions, 'limits' | 'policyRules'>,
  ) {}

  /** Refuses what is larger than it may be, which needs no place. @throws ExecutionFailure */
  checkSize({ script, stdin, files }: ExecutionRequest, { limits }: CallerTerms): void {
    checkScriptSize(script, limits.maxScriptSize, this.options.limits.maxScriptSize);
    if (stdin || files.length > 0) {
      checkFiles(stdin, files, limits, this.options.limits, this.executor.takesFiles);
    }
  }

  /** Judges a script by the policy. @throws ExecutionFailure for one that may not run; the signal's reason when it aborts. */
  async judge(request: ExecutionRequest, caller: CallerTerms, signal: AbortSignal): Promise<JudgedScript> {
    const policyRules = this.rulesOf(caller);
    const since = performance.now();
    const { script, imports, refusal, unparsed } = await this.judgeFor(request, caller, signal);
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
  judgeFor(request: ExecutionRequest, caller: CallerTerms, signal: AbortSignal): Promise<Judgement> {
    const terms = this.termsOf(request, caller);
    return this.policy.judge(request.script, signal, terms).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unavailable(cause);
    });
  }

  /**
   * Returns by what the scripts of a caller are judged, null where the jail alone decides. Without a jail there is none for
   * whom that is so, whatever its terms say: what is blocked keeps scripts from accidents.
   */
  rulesOf({ policyRules }: CallerTerms): PolicyRules | null {
    return this.executor.isolation === 'none'
      ? (policyRules ?? this.options.policyRules ?? DEFAULT_POLICY_RULES)
      : policyRules;
  }

  /**
   * Runs a judged script. `output` hears of it, but where it is only compiled.
   * @throws ExecutionFailure where it gives no result; the signal's reason for a run that it ended
   */
  async execute<Told extends Partial<Printed>>(
    { id, request, judged, caller }: JudgedExecution,
    output: RunOutput<Told>,
    place: HeldPlace,
    signal: AbortSignal,
  ): Promise<HeardExecution & Told> {
    const { script, imports, unparsed, policyMs } = judged;
    const heard = unparsed ? new BufferedOutput() : output;
    const mode = unparsed ? 'compile' : runModeOf(request);
    const limits = heldLimits(caller.limits, request.limits);
    const run: Run = {
      ...request,
      script,
      mode,
      imports,
      limits: this.chosen(request.limits, limits, caller),
    };
    const result = await this.run(run, heard, place, signal);
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

  /** Returns what a run chooses for these limits to hold, which are its caller's and what the request has chosen of them. */
  chosen(requested: RequestedLimits, held: ExecutionLimits, { limits }: CallerTerms): RequestedLimits {
    return limits === this.options.limits ? requested : chosenFor(held);
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
  private termsOf({ mode, stdin, files }: ExecutionRequest, caller: CallerTerms): ScriptTerms {
    const policyRules = this.rulesOf(caller);
    const rules = policyRules === this.options.policyRules ? null : (policyRules ?? NO_RULES);
    if (this.executor.isolation === 'none' || (!stdin && files.length === 0)) {
      return mode === PLAIN_TERMS.mode && !rules ? PLAIN_TERMS : { ...PLAIN_TERMS, mode, rules };
    }
    const permitted: PermittedName[] = [];
    if (stdin) {
      permitted.push('input');
    }
    if (files.length > 0) {
      permitted.push('open');
    }
    return { mode, permitted, rules };
  }
}

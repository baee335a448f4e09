import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ValidateRequest, ValidateResponse } from '@pycell/contracts';
import type { Admission, Occupancy } from '../admission/admission';
import { ScriptJudge } from '../policy/script-judge';
import { BufferedOutput } from '../run/buffered-output';
import { type BatchRequest, type ExecutionRequest, plainRequest, plainRun } from '../run/run';
import type { Printed, RunOutput } from '../run/run-output';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { BatchExecution } from './batch-execution';
import { claimOf } from './claim-of';
import type { CallerTerms, Client } from './client';
import type { CompletedExecution } from './completed-execution';
import type { ExecutionFailure } from './execution-failure';
import type { BatchListener, ExecutionListener, HeardExecution } from './execution-listener';
import { ExecutionLog } from './execution-log';
import type { ExecutionKind, ExecutionObserver } from './execution-observer';
import { failureOfOutcome } from './failure-of-outcome';
import { HeldPlace } from './held-place';
import { InFlight } from './in-flight';
import { OpenBatches } from './open-batches';
import { Places } from './places';
import { type JobExecution, type PlacesOfJobs, ReservedPlace, reservingClaim } from './reserved-place';
import { EXECUTION_OBSERVER, SANDBOX_EXECUTOR, SANDBOX_OPTIONS } from './sandbox.constants';
import type { SandboxOptions } from './sandbox-options';
import { ScriptRuns } from './script-runs';
import { StreamedOutput } from './streamed-output';
import { ToldEnds } from './told-ends';
import { validationOf } from './validation';

/** What is not the same for all that is performed. */
interface Particulars {
  /** Go into the line of the log; they are read at the end. */
  readonly facts?: object;
  readonly place?: ReservedPlace;
  /** Called once the script may run, and waited for before it is handed over; where it rejects nothing runs. */
  readonly begin?: () => Promise<void>;
}

const PLAIN: Particulars = {};

/** Executes scripts, and describes them: admission, then the policy, then the executor that the configuration named. */
@Injectable()
export class SandboxService {
  private readonly log = new ExecutionLog();
  private readonly places: Places;
  private readonly runs: ScriptRuns;
  private readonly batches: OpenBatches;
  private readonly inFlight = new InFlight();

  constructor(
    @Inject(SANDBOX_EXECUTOR) executor: SandboxExecutor,
    judge: ScriptJudge,
    @Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions,
    @Optional() @Inject(EXECUTION_OBSERVER) private readonly observer: ExecutionObserver | null = null,
  ) {
    this.places = new Places(options.admission);
    this.runs = new ScriptRuns(executor, judge, options);
    const { maxConcurrency, maxQueue } = options.admission;
    this.batches = new OpenBatches(maxConcurrency + maxQueue);
  }

  /**
   * Executes one script.
   * @param facts go into the line of the log
   * @throws ExecutionFailure with the code that the client is told; ExecutionCancelled when the client went away.
   */
  execute(request: ExecutionRequest, client: Client, facts?: object): Promise<CompletedExecution> {
    const ends = this.endsOf('call', client.caller);
    const particulars = facts ? { facts } : PLAIN;
    return this.perform(randomUUID(), request, client, ends, new BufferedOutput(), particulars);
  }

  /**
   * Executes one script, whose output `listener` hears while it runs.
   * @throws as `execute` does; what has been heard is not repeated. What is thrown before `listener.onStart` was called has no
   * run, or one that has only compiled the script.
   */
  stream(request: ExecutionRequest, client: Client, listener: ExecutionListener): Promise<HeardExecution> {
    const id = randomUUID();
    const output = new StreamedOutput(id, listener);
    const ends = this.endsOf('stream', client.caller);
    return this.perform(id, request, client, ends, output, { facts: output.sizes });
  }

  /**
   * Waits for a place for an execution that waits elsewhere: after the calls, as batches do, as long as it takes.
   * @param share `most`: all places but the last, which is for others that call; `all`: where nobody calls
   * @throws ExecutionFailure with SANDBOX_UNAVAILABLE once the service shuts down; the signal's reason when it aborts first
   */
  async reserve(signal: AbortSignal, share: PlacesOfJobs = 'most'): Promise<ReservedPlace> {
    return new ReservedPlace(await this.places.acquire(reservingClaim(share), signal));
  }

  /**
   * Executes one script in a place that was reserved for it, which comes back in any case. Its script is handed over once
   * at most: what loses its sandbox under it fails with SANDBOX_UNAVAILABLE.
   * @throws as `stream` does; what `begin` rejects with, and nothing has run then
   */
  async executeJob(
    { id, request, client, place, begin, facts: told }: JobExecution,
    listener: ExecutionListener,
  ): Promise<HeardExecution> {
    const output = new StreamedOutput(id, listener, false);
    const ends = this.endsOf('job', client.caller);
    // The sizes are read at the end.
    const facts = told ? Object.assign(output.sizes, told) : output.sizes;
    try {
      return await this.perform(id, request, client, ends, output, { facts, place, begin });
    } finally {
      place.release();
    }
  }

  /**
   * Refuses what is larger than its caller may send, without a place, for who takes it up later.
   * @throws ExecutionFailure as `execute` does
   */
  checkSize(request: ExecutionRequest, caller: CallerTerms): void {
    this.runs.checkSize(request, caller);
  }

  /**
   * Executes one script for many inputs, each in a run of its own. Settles when each has its outcome.
   * @throws before `listener.onStart` as `execute` does, for a script that is not run, and where too many batches are open
   * (as many as may run and wait, of one caller half of them); afterwards only ExecutionCancelled, and
   * what the listener threw. All runs have ended then.
   */
  batch(request: BatchRequest, client: Client, listener: BatchListener): Promise<void> {
    const ends = this.endsOf('item', client.caller);
    const whole = this.batches.during(client.caller.id, () =>
      this.inFlight.follow(client.signal, (ending) => {
        const { places, runs, log, options } = this;
        const means = { places, runs, log, ends };
        const batch = new BatchExecution(means, request, client.caller, listener, ending);
        return batch.execute(options.admission.maxConcurrency);
      }),
    );
    return ends.batch(whole);
  }

  /**
   * Describes one script. Nothing of it is executed; it takes a place as an execution does.
   * @param facts go into the line of the log
   * @throws as `execute` does, but for what the description itself tells.
   */
  async validate(request: ValidateRequest, client: Client, facts?: object): Promise<ValidateResponse> {
    const id = randomUUID();
    const logged = plainRequest(request.script);
    const ends = this.endsOf('validation', client.caller);
    try {
      this.runs.checkSize(logged, client.caller);
      const described = await this.inPlace(client, ends, (place, signal) =>
        this.describe(request, client.caller, place, signal),
      );
      this.log.validated(id, logged, described.valid, facts);
      ends.ok();
      return described;
    } catch (error) {
      this.log.failed(id, logged, error, facts);
      ends.failed(error);
      throw error;
    }
  }

  /** Returns the refusal of a call that would find the queue full, null where it would not. */
  refuseIfFull(caller: CallerTerms): ExecutionFailure | null {
    return this.places.refuseIfFull(claimOf(caller, 'call'));
  }

  /** Counts a refusal that `refuseIfFull` returned and that was sent: such a call comes to no other method of these. */
  noteRefusal(caller: CallerTerms, refusal: ExecutionFailure): void {
    this.endsOf('call', caller).failed(refusal);
  }

  /** How many run, wait, and are open as batches, at one moment. */
  get occupancy(): Occupancy & { readonly openBatches: number } {
    return { ...this.places.occupancy, openBatches: this.batches.count };
  }

  /**
   * Lets the runs in flight finish for at most `graceMs`, then kills them. Whoever waits or comes now is refused.
   * Settles when each has been answered; closing the executor ends what is left of their processes.
   */
  async drain(graceMs: number): Promise<void> {
    this.places.close();
    await this.inFlight.drain(graceMs);
  }

  private endsOf(kind: ExecutionKind, caller: CallerTerms): ToldEnds {
    return new ToldEnds(this.observer, kind, caller);
  }

  private async perform<Told extends Partial<Printed>>(
    id: string,
    request: ExecutionRequest,
    client: Client,
    ends: ToldEnds,
    output: RunOutput<Told>,
    { facts, place: reserved, begin }: Particulars = PLAIN,
  ): Promise<HeardExecution & Told> {
    const { caller } = client;
    try {
      this.runs.checkSize(request, caller);
      const act = async (place: HeldPlace, signal: AbortSignal): Promise<HeardExecution & Told> => {
        const judged = await this.runs.judge(request, caller, signal);
        if (begin) {
          await begin();
          signal.throwIfAborted();
        }
        return this.runs.execute({ id, request, judged, caller }, output, place, signal);
      };
      const completed = await this.inPlace(client, ends, act, reserved);
      this.log.completed(id, request, completed, facts);
      ends.ok(completed.execution);
      return completed;
    } catch (error) {
      this.log.failed(id, request, error, facts);
      ends.failed(error);
      throw error;
    }
  }

  private async describe(
    { script, mode = 'function' }: ValidateRequest,
    caller: CallerTerms,
    place: HeldPlace,
    signal: AbortSignal,
  ): Promise<ValidateResponse> {
    const { runs } = this;
    const { limits } = caller;
    const judgement = await runs.judgeFor({ ...plainRequest(script), mode }, caller, signal);
    const run = { ...plainRun(judgement.script, 'validate'), limits: runs.chosen({}, limits, caller) };
    const { outcome } = await runs.run(run, new BufferedOutput(), place, signal);
    if (outcome.status !== 'OK') {
      throw failureOfOutcome(outcome, limits, {});
    }
    return validationOf(mode, runs.rulesOf(caller) && judgement, outcome.result);
  }

  /** Does something for a client with a place, which is given back when what ran in it is gone. */
  private inPlace<T>(
    client: Client,
    ends: ToldEnds,
    act: (place: HeldPlace, signal: AbortSignal) => Promise<T>,
    reserved?: ReservedPlace,
  ): Promise<T> {
    return this.inFlight.follow(client.signal, async ({ signal }) => {
      const admission = reserved
        ? takenBy(signal, reserved)
        : await this.places.acquire(claimOf(client.caller, 'call'), signal);
      const place = new HeldPlace(admission, ends.ran);
      try {
        return await act(place, signal);
      } finally {
        place.leave();
      }
    });
  }
}

function takenBy(signal: AbortSignal, reserved: ReservedPlace): Admission {
  signal.throwIfAborted();
  return reserved.take();
}

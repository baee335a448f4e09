import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Claim } from '../admission/claim';
import { BufferedOutput } from '../run/buffered-output';
import { type BatchRequest, type ExecutionRequest, plainRequest } from '../run/run';
import { abortable } from '../waiting/abortable';
import { claimOf } from './claim-of';
import type { CallerTerms } from './client';
import type { CompletedExecution } from './completed-execution';
import { ExecutionFailure } from './execution-failure';
import type { BatchListener } from './execution-listener';
import type { ExecutionLog } from './execution-log';
import { HeldPlace } from './held-place';
import type { Places } from './places';
import type { JudgedScript, ScriptRuns } from './script-runs';
import type { ToldEnds } from './told-ends';

/** What a batch needs of the service. */
export interface BatchMeans {
  readonly places: Places;
  readonly runs: ScriptRuns;
  readonly log: ExecutionLog;
  readonly ends: ToldEnds;
}

/** One script for many inputs. Nothing is kept of an input once its outcome has been told. */
export class BatchExecution {
  private readonly id = randomUUID();
  private readonly claim: Claim;
  /** What all have in common. */
  private readonly common: ExecutionRequest;
  /** The first input that nobody has taken. */
  private next = 0;
  /** How many were refused a place, since the service shuts down: they have no lines of their own in the log. */
  private unplaced = 0;

  /** @param ending aborts when the client goes away, or the service does; a listener that fails aborts it. */
  constructor(
    private readonly means: BatchMeans,
    private readonly request: BatchRequest,
    private readonly caller: CallerTerms,
    private readonly listener: BatchListener,
    private readonly ending: AbortController,
  ) {
    const { script, mode, limits } = request;
    // As many claims may wait on it as there are places; Node warns of more than ten.
    setMaxListeners(0, ending.signal);
    this.claim = claimOf(caller, 'batch');
    this.common = { ...plainRequest(script), mode, limits };
  }

  /**
   * Judges the script in the first place that it gets, then runs it for each input.
   * @throws as `SandboxService.batch` does
   */
  async execute(maxConcurrency: number): Promise<void> {
    const { log } = this.means;
    const inputs = this.request.inputs.length;
    try {
      this.means.runs.checkSize(this.common, this.caller);
      const place = await this.takePlace();
      const judged = await this.judge(place);
      await this.work(judged, place, Math.min(maxConcurrency, inputs));
      if (this.unplaced > 0) {
        log.unplaced(this.id, this.common, { inputs, unplaced: this.unplaced });
      }
    } catch (error) {
      log.failed(this.id, this.common, error, { batch: this.id, inputs });
      throw error;
    }
  }

  private get signal(): AbortSignal {
    return this.ending.signal;
  }

  private async takePlace(): Promise<HeldPlace> {
    const { places, ends } = this.means;
    return new HeldPlace(await places.acquire(this.claim, this.signal), ends.ran);
  }

  /** @throws ExecutionFailure for a script that is not run; the place is given back then. */
  private async judge(place: HeldPlace): Promise<JudgedScript> {
    const { runs } = this.means;
    const { caller } = this;
    try {
      const judged = await runs.judge(this.common, caller, this.signal);
      if (judged.unparsed) {
        const execution = { id: this.id, request: this.common, judged, caller };
        // It throws: such a script is compiled, for its error, and never run.
        await runs.execute(execution, new BufferedOutput(), place, this.signal);
      }
      this.listener.onStart();
      return judged;
    } catch (error) {
      place.leave();
      throw error;
    }
  }

  /** Has so many work at once, the first of them with the place that there is already. */
  private async work(judged: JudgedScript, place: HeldPlace, workers: number): Promise<void> {
    // The time for the judgement is told once, with the run that waited for it.
    const again = { ...judged, policyMs: 0 };
    const ends = await Promise.allSettled(
      Array.from({ length: workers }, (_, worker) =>
        this.workOn(worker === 0 ? judged : again, again, worker === 0 ? place : null).catch(
          (error: unknown) => {
            // The client went away, which has ended the others too; or the listener failed, which must.
            this.ending.abort(error);
            throw error;
          },
        ),
      ),
    );
    for (const end of ends) {
      if (end.status === 'rejected') {
        throw end.reason;
      }
    }
  }

  /** Takes one input after the other, until there are none. */
  private async workOn(judged: JudgedScript, again: JudgedScript, first: HeldPlace | null): Promise<void> {
    const { inputs } = this.request;
    let place = first;
    let script = judged;
    for (let index = this.next++; index < inputs.length; index = this.next++) {
      const request = { ...this.common, inputs: inputs[index] ?? null };
      this.listener.onOutcome(index, await this.outcomeOf(index, request, script, place));
      place = null;
      script = again;
    }
  }

  /** @throws the signal's reason when the client went away; what the listener threw. */
  private async outcomeOf(
    index: number,
    request: ExecutionRequest,
    judged: JudgedScript,
    first: HeldPlace | null,
  ): Promise<CompletedExecution | ExecutionFailure> {
    const place = await this.placeFor(index, first);
    if (place instanceof ExecutionFailure) {
      this.unplaced++;
      this.means.ends.failed(place);
      return place;
    }
    const { runs, log, ends } = this.means;
    const { caller } = this;
    const id = randomUUID();
    const facts = { batch: this.id, index };
    try {
      const execution = { id, request, judged, caller };
      const completed = await runs.execute(execution, new BufferedOutput(), place, this.signal);
      log.completed(id, request, completed, facts);
      ends.ok(completed.execution);
      return completed;
    } catch (error) {
      log.failed(id, request, error, facts);
      ends.failed(error);
      return failureOr(error);
    } finally {
      place.leave();
    }
  }

  /** Waits until the listener is ready for it, without a place, and then for a place. Returns why there is none. */
  private async placeFor(index: number, first: HeldPlace | null): Promise<HeldPlace | ExecutionFailure> {
    let place = first;
    try {
      this.signal.throwIfAborted();
      const ready = this.listener.readyFor(index);
      if (ready) {
        place?.leave();
        place = null;
        await abortable(ready, this.signal);
      }
      return place ?? (await this.takePlace());
    } catch (error) {
      place?.leave();
      return failureOr(error);
    }
  }
}

/** @throws what is no failure of an execution */
function failureOr(error: unknown): ExecutionFailure {
  if (error instanceof ExecutionFailure) {
    return error;
  }
  throw error;
}

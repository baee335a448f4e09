import { inject, Injectable } from '@angular/core';
import { type ExecutionFacts, hasEnded } from '../api/asynchronous-execution';
import { ExecutionsClient, HeardEvents } from '../api/executions-client';
import type { Cancelled, RunOutcome } from '../api/run-outcome';
import { RunOutput } from '../api/run-output';
import type { FinishedRun } from '../runs/run-store';
import { type BackgroundRun, type GivenRun } from './background-run';
import { elapsedMsOf } from './status-text';

/** What the API keeps of runs that have ended. */
@Injectable({ providedIn: 'root' })
export class EndedRuns {
  private readonly client = inject(ExecutionsClient);

  /** Of a run that was cancelled there is no outcome: what it had printed is in its events. */
  async cancelledOutcome(apiUrl: string, id: string, signal: AbortSignal): Promise<RunOutcome> {
    const output = new RunOutput();
    const listener = { output, onStart: () => undefined };
    await this.client.listen(apiUrl, id, new HeardEvents(), listener, signal);
    return { kind: 'cancelled', received: output.received() };
  }

  /** Asks for what came of a run. */
  async find(apiUrl: string, id: string, signal: AbortSignal): Promise<FoundEnd> {
    const answer = await this.client.find(apiUrl, id, signal);
    if (answer.kind === 'known') {
      if (!hasEnded(answer.facts)) return { kind: 'goes-on', facts: answer.facts };
      const outcome = answer.outcome ?? (await this.cancelledOutcome(apiUrl, id, signal));
      return { kind: 'kept', facts: answer.facts, outcome };
    }
    return answer.kind === 'refused' || answer.kind === 'cancelled' ? answer : { kind: 'forgotten' };
  }
}

/** What the API says of a run that the browser takes for over. */
export type FoundEnd =
  | { readonly kind: 'kept'; readonly facts: ExecutionFacts; readonly outcome: RunOutcome }
  /** It has not ended, though the browser took it for over. */
  | { readonly kind: 'goes-on'; readonly facts: ExecutionFacts }
  | { readonly kind: 'forgotten' }
  /** It did not say: what it answered instead. */
  | { readonly kind: 'refused'; readonly outcome: RunOutcome }
  | Cancelled;

/** The run as any other that has ended. */
export function finishedRun(
  run: BackgroundRun,
  { script, setup }: Pick<GivenRun, 'script' | 'setup'>,
  outcome: RunOutcome,
): FinishedRun {
  return {
    script,
    setup,
    startedAt: run.startedAt ?? run.at,
    elapsedMs: elapsedMsOf(run),
    outcome,
  };
}

/** By which the history has it: once, however many tabs have seen its end. */
export function historyIdOf({ key }: BackgroundRun): string {
  return `background-${key}`;
}

import { type ExecutionFacts, hasEnded } from '../api/asynchronous-execution';
import { type ExecutionsClient, HeardEvents } from '../api/executions-client';
import { isAboutKey, type RunOutcome } from '../api/run-outcome';
import { RunOutput } from '../api/run-output';

/** What a follower has found out. */
export type News =
  | { readonly kind: 'started' }
  | { readonly kind: 'known'; readonly facts: ExecutionFacts; readonly outcome: RunOutcome | null }
  | { readonly kind: 'forgotten' };

export interface FollowedRun {
  /** As it is configured. */
  readonly apiUrl: string;
  readonly id: string;
  /** Ends following. */
  readonly signal: AbortSignal;
  /** Whether a connection may be held now; browsers have few for one server. Else the API is asked every so often. */
  readonly mayListen: () => boolean;
  /** How long to wait between two questions, milliseconds. */
  readonly pauseMs: () => number;
  readonly tell: (news: News) => void;
}

/** After a lost connection, milliseconds: doubled each time, up to the maximum, until something comes again. */
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** A key that is wanted is not there before somebody enters it, which wakes the follower. Milliseconds. */
const KEY_WAIT_MS = 600_000;
/** Answers in a row that are no stream, after which none is asked for any more. */
const MOST_BLOCKED = 2;

/** Follows a run until it has ended: by its events, or by asking where those do not come through. */
export class RunFollower {
  readonly output = new RunOutput();
  private readonly heard = new HeardEvents();
  private turn = new AbortController();
  private waitMs = MIN_WAIT_MS;
  private blocked = 0;

  constructor(
    private readonly client: ExecutionsClient,
    private readonly run: FollowedRun,
  ) {}

  /** Resolves when nothing more comes. */
  async follow(): Promise<void> {
    const { signal } = this.run;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      this.turn = new AbortController();
      const isOver = await this.takeTurn(this.turn.signal);
      if (isOver) return;
    }
  }

  /** Something has changed that it depends on: begins anew, where it had got to. */
  wake(): void {
    this.turn.abort();
  }

  /** @returns whether nothing more comes */
  private async takeTurn(turn: AbortSignal): Promise<boolean> {
    const looked = await this.look(turn);
    if (looked !== 'goes-on') return looked === 'over';
    if (!this.run.mayListen() || this.blocked >= MOST_BLOCKED) {
      await pause(this.run.pauseMs(), turn);
      return false;
    }
    return this.listen(turn);
  }

  private async listen(turn: AbortSignal): Promise<boolean> {
    const { apiUrl, id, tell } = this.run;
    const before = this.heard.lastId;
    const listener = { output: this.output, onStart: () => tell({ kind: 'started' }) };
    const outcome = await this.client.listen(apiUrl, id, this.heard, listener, turn);
    if (this.heard.lastId !== before) {
      this.waitMs = MIN_WAIT_MS;
      this.blocked = 0;
    }
    switch (outcome.kind) {
      case 'ended': {
        const looked = await this.look(turn);
        // The record may be a moment behind the events.
        if (looked === 'goes-on') await pause(this.run.pauseMs(), turn);
        return looked === 'over';
      }
      case 'forgotten':
        tell({ kind: 'forgotten' });
        return true;
      case 'no-stream':
        this.blocked += 1;
        return false;
      case 'refused':
        await this.waitAfter(outcome.outcome, turn);
        return false;
      case 'lost':
        await this.waitAfter(null, turn);
        return false;
      case 'cancelled':
        return false;
      default:
        return outcome satisfies never;
    }
  }

  /** Asks what has become of it. */
  private async look(turn: AbortSignal): Promise<'over' | 'goes-on' | 'unknown'> {
    const { apiUrl, id, tell } = this.run;
    const answer = await this.client.find(apiUrl, id, turn);
    if (answer.kind === 'cancelled') return 'unknown';
    if (answer.kind === 'forgotten') {
      tell({ kind: 'forgotten' });
      return 'over';
    }
    if (answer.kind !== 'known') {
      await this.waitAfter(answer.kind === 'refused' ? answer.outcome : null, turn);
      return 'unknown';
    }
    tell(answer);
    return hasEnded(answer.facts) ? 'over' : 'goes-on';
  }

  private async waitAfter(outcome: RunOutcome | null, turn: AbortSignal): Promise<void> {
    if (outcome && isAboutKey(outcome)) {
      await pause(KEY_WAIT_MS, turn);
      return;
    }
    const told = outcome && 'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : null;
    await pause(typeof told === 'number' ? told * 1_000 : this.waitMs, turn);
    this.waitMs = Math.min(MAX_WAIT_MS, this.waitMs * 2);
  }
}

/** Resolves after that time, or when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const waiting = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(waiting);
        resolve();
      },
      { once: true },
    );
  });
}

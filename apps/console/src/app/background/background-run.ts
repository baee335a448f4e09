import type { JobStatus } from '@pycell/contracts';
import { type ExecutionFacts, hasEnded } from '../api/asynchronous-execution';
import type { OutcomeDescription } from '../outcomes/outcome-description';
import type { RunSetup } from '../script/run-setup';

/** What is known of a run in the background. */
export type BackgroundStatus =
  /** the API has not answered yet */
  | 'starting'
  /** it has not answered at all: whether the run has been started is not known */
  | 'unanswered'
  | JobStatus
  /** the API does not have it any more */
  | 'forgotten';

/** A run in the background, as the list shows it. Times are milliseconds since the epoch by the clock of this browser. */
export interface BackgroundRun {
  /** Names it in this browser; what it was started with as its `Idempotency-Key`. */
  readonly key: string;
  /** The API's absolute address. */
  readonly apiUrl: string;
  /** By which the API knows it; null until it has said so. */
  readonly id: string | null;
  readonly title: string;
  readonly status: BackgroundStatus;
  /** When the user started it. */
  readonly at: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Until when the API keeps what came of it; null before the end. */
  readonly expiresAt: number | null;
  /** By how much the clock of the API is ahead. */
  readonly skewMs: number;
  /** What came of it; null before, and where that is not known. */
  readonly outcome: Pick<OutcomeDescription, 'tone' | 'title'> | null;
  /** Why there is no answer; empty where there is one. */
  readonly why: string;
  /** What it takes in the browser, about: its script and what that was run with, UTF-16 code units. */
  readonly weight: number;
}

/** What a run was made of. Read only when it is needed. */
export interface GivenRun {
  readonly script: string;
  /** Files that are too large to be kept have no content. */
  readonly setup: RunSetup;
  /** The body of the request, until the API has taken it; null then. */
  readonly body: string | null;
}

/** Whether the API has it, and its end is to come. */
export function isFollowed({ id, status }: BackgroundRun): boolean {
  return id !== null && (status === 'queued' || status === 'running');
}

/** Whether nothing more comes of it. */
export function isOver({ status }: BackgroundRun): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'forgotten';
}

/** What the API's facts say of a run, by the clock of this browser. */
export function factsOf(
  facts: ExecutionFacts,
  skewMs: number,
): Pick<BackgroundRun, 'id' | 'status' | 'startedAt' | 'endedAt' | 'expiresAt'> {
  const local = (moment: string | undefined): number | null =>
    moment === undefined ? null : Date.parse(moment) - skewMs;
  const { id, status, startedAt, endedAt, expiresAt } = facts;
  return {
    id,
    status,
    startedAt: local(startedAt),
    endedAt: hasEnded(facts) ? local(endedAt) : null,
    expiresAt: local(expiresAt),
  };
}

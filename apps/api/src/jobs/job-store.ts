import type { Acceptance, JobEvent, JobOutcome, JobRecord, NewJob } from './job';

/** What keeps asynchronous executions does not answer: Redis is gone, full, or answers nonsense. Safe to retry. */
export class JobStoreUnavailable extends Error {
  override readonly name = 'JobStoreUnavailable';
}

/** How much waits and is kept, at one moment. */
export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  /** Of the requests of those that wait. */
  readonly waitingBytes: number;
  /** Of the events and outcomes of those that have ended. */
  readonly keptBytes: number;
}

/** Events of a job, as many as were asked for at once. */
export interface EventPage {
  readonly events: readonly JobEvent[];
  /** How many there are by now, which is the number of the last one; after the end none is added. */
  readonly told: number;
}

/** The longest note of a job, bytes of UTF-8. */
export const MAX_STORED_NOTE_BYTES = 1024 * 1024;

export const NO_EVENTS: EventPage = { events: [], told: 0 };

/** How much there is of a job, known without reading it. */
export interface JobExtent {
  /** How many events were told. */
  readonly told: number;
  /** How many files its outcome has; 0 before the end. */
  readonly artifacts: number;
}

/**
 * Keeps asynchronous executions from the moment at which they are accepted until they are forgotten: in memory, or in Redis.
 * What was accepted ends once. Every method but `watch` rejects with JobStoreUnavailable where the store does not answer.
 */
export interface JobStore {
  /** Resolves when it is known whether the store is there. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether the store answers, as far as is known. */
  readonly isThere: boolean;
  accept(job: NewJob): Promise<Acceptance>;
  /** Null of what was never there, or is forgotten. */
  find(id: string): Promise<JobRecord | null>;
  /** Null before the end, of one that was cancelled, and where it is forgotten. */
  outcomeOf(id: string): Promise<JobOutcome | null>;
  /** The text that came with it; null where there is none, or none of ours. */
  noteOf(id: string): Promise<string | null>;
  /**
   * The events of a number greater than `after`, in order: about as many as `maxBytes` holds, and one at least where there is one.
   * None of what was never there, or is forgotten.
   * @param owner of the job, in whose turn they are read where many are at once; without it they are read in one of their own
   */
  eventsAfter(id: string, after: number, maxBytes: number, owner?: string): Promise<EventPage>;
  /** Null of what was never there, or is forgotten. */
  extentOf(id: string): Promise<JobExtent | null>;
  /** Ends it, where it has not ended: it is `cancelled` then. Returns what has become of it; null where there is none. */
  cancel(id: string): Promise<JobRecord | null>;
  /** Has `onChange` called whenever there may be events, or another status; some calls are for nothing. Returns how to end that. */
  watch(id: string, onChange: () => void): () => void;
  counts(): Promise<JobCounts>;
}

/** A job that a worker has taken: nobody else gets it. */
export interface TakenJob {
  readonly id: string;
  readonly owner: string;
  readonly key: string | null;
  /** Trusted no more than a request: whoever can write to Redis can have written it. */
  readonly body: Buffer;
  /** Aborts when it was cancelled, or this worker may no longer end it. */
  readonly ended: AbortSignal;
  /**
   * Says that its script is about to be handed over. Fenced: true once in the life of a job, whoever asks. False where it has
   * ended meanwhile. Where that cannot be known it rejects, and the script must not be handed over.
   */
  begin(): Promise<boolean>;
  /** Has it wait again as the first of its owner's; only before `begin`. */
  giveBack(): Promise<void>;
  /** Tells of its output. Kept in order; joins small pieces. Never rejects: what cannot be told is missing in the events only. */
  tell(event: JobEvent): void;
  /**
   * Ends it, once everything that was told is stored. False where it had ended otherwise. Tries for a while where the store does not answer.
   * @param hurry aborts when there is no more time to try again
   */
  end(outcome: JobOutcome, hurry?: AbortSignal): Promise<boolean>;
}

/** Where workers get jobs from. */
export interface JobSource {
  /** Resolves when a job may wait to be taken; rejects with the signal's reason. */
  waiting(signal: AbortSignal): Promise<void>;
  /** Takes the next one by priority; null where there is none after all. */
  take(): Promise<TakenJob | null>;
}

/** An end that is to be told to a callback. */
export interface PendingCallback {
  readonly id: string;
  readonly owner: string;
  readonly key: string | null;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** Ends that are to be told; only what is shared between processes has them. */
export interface CallbackSource {
  /**
   * Ends that have not been settled, the oldest first: at most `limit`.
   * @param after only those behind this one, which was pending once and may be settled now; null: from the oldest
   */
  pending(limit: number, after: PendingCallback | null): Promise<readonly PendingCallback[]>;
  /** Null of one that is settled, or never was to be told. */
  findPending(id: string): Promise<PendingCallback | null>;
  /** As that of JobStore. One with more bytes, as they are kept, is not read at all. */
  outcomeOf(id: string, maxBytes: number): Promise<JobOutcome | 'too large' | null>;
  /** It has been told, or is given up: it is pending no more. */
  settled(id: string): Promise<void>;
}

/** Tokens by which they are injected. */
export const JOB_STORE = Symbol('JOB_STORE');
export const JOB_SOURCE = Symbol('JOB_SOURCE');
export const CALLBACK_SOURCE = Symbol('CALLBACK_SOURCE');

import type { JobStatus } from '@pycell/contracts';

/** What is known of an asynchronous execution, but for its request, its events and its outcome. Times in milliseconds since 1970. */
export interface JobRecord {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** `Caller.id` of who started it. */
  readonly owner: string;
  readonly status: JobStatus;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When it is forgotten; null before its end. */
  readonly expiresAt: number | null;
  /** Of its outcome; null before its end, and of one that was cancelled. */
  readonly httpStatus: number | null;
}

/** Who starts an execution, and with what. */
export interface NewJob {
  readonly owner: string;
  /** The name of the owner's key; null of one that is told by its address. Workers look up by it what the owner may do. */
  readonly key: string | null;
  /** So many jobs of the owner are begun at once, on all workers together; null: any number. */
  readonly maxPlaces: number | null;
  /** The body of the request as it came, which has been read and found right. Workers read it again as they would a request. */
  readonly body: Buffer;
  readonly idempotencyKey: string | null;
  readonly callbackUrl: string | null;
  /** A text of who started it, which is kept with it; none where it is left out. Counts as its body does, and as its outcome. */
  readonly note?: string | undefined;
}

/** What becomes of a job that is offered. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly record: JobRecord }
  /** The same owner has sent the same body under the same idempotency key before. */
  | { readonly kind: 'repeated'; readonly record: JobRecord }
  /** The same owner has sent another body under that key. */
  | { readonly kind: 'conflict' }
  /** As many jobs wait as may, or they hold as many bytes; `own`: they are this owner's. */
  | { readonly kind: 'full'; readonly retryAfterSeconds: number; readonly own: boolean };

/** What `POST /execute` would have answered, in parts of which nothing need be parsed again. */
export interface JobOutcome {
  readonly httpStatus: number;
  /** The JSON text of the result as Python wrote it; null of an execution that failed. */
  readonly result: Buffer | null;
  /** A JSON object: `{"execution":{...}}` beside a result, else the body of the error without output and artifacts. */
  readonly facts: string;
  /** A JSON object with `stdout` and `stderr`; `{}` where nothing ran. */
  readonly output: string;
  /** Each the JSON text of one `Artifact`, in which no character can end a line. */
  readonly artifacts: readonly string[];
}

/** What is told while it runs; its first has the number 1. Artifacts, outcome and end follow from `JobOutcome`, with the next numbers. */
export type JobEvent =
  { readonly type: 'start' } | { readonly type: 'stdout' | 'stderr'; readonly text: string };

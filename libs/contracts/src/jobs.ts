import type { ErrorResponse, ExecuteRequest, ExecuteResponse } from './execution';

/** What has become of an asynchronous execution. The last three are its end. */
export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The body of `POST /executions`. */
export interface StartExecutionRequest extends ExecuteRequest {
  /** Where the service tells of its end: https, on a host that the service allows. */
  readonly callbackUrl?: string;
}

/** An asynchronous execution. Times are ISO 8601 in UTC. */
export interface AsynchronousExecution {
  /** 128 random bits, in 32 hexadecimal digits. */
  readonly id: string;
  readonly status: JobStatus;
  readonly createdAt: string;
  /** When the script was about to be handed over; absent of one that never came so far. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Until then it is kept; present once it has ended. */
  readonly expiresAt?: string;
  /** The status with which `POST /execute` would have answered; absent before the end, and of one that was cancelled. */
  readonly httpStatus?: number;
  /** The body of that answer. */
  readonly outcome?: ExecuteResponse | ErrorResponse;
}

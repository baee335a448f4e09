import type { ReceivedOutput } from '@pycell/api-client';
import type { Artifact, ErrorResponse, ExecutionReport, MetadataResponse } from '@pycell/contracts';
import { isKeyCode, type KeyRefusal } from '../keys/key-refusal';

/** The script ran to its end. */
export interface Succeeded {
  readonly kind: 'succeeded';
  /** The JSON text of the return value as Python wrote it: parse it with care for big integers. */
  readonly resultText: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Files and figures that the script left. */
  readonly artifacts: readonly Artifact[];
  readonly execution: ExecutionReport;
}

/** pycell answered with an error: the script was refused, failed, met a limit, or the service had a fault. */
export interface Failed {
  readonly kind: 'failed';
  readonly status: number;
  readonly error: ErrorResponse;
  /** Seconds after which another try makes sense, where the service said so. */
  readonly retryAfterSeconds: number | null;
}

/** All places are taken; nothing was run. */
export interface Busy {
  readonly kind: 'busy';
  readonly error: ErrorResponse;
  /** Seconds to wait, where the service said so. */
  readonly retryAfterSeconds: number | null;
}

/** Why no answer of pycell's came. */
export type UnreachableReason =
  /** the browser got no answer from the page's own origin */
  | 'network'
  /** the same from another origin: it may be down, or not allow this page (`CORS_ORIGINS`); browsers do not tell which */
  | 'cross-origin'
  /** a page loaded by https may not call an http address */
  | 'mixed-content'
  /** the console's own server could not reach the API behind it */
  | 'gateway'
  /** a gateway answered instead of the API: the API is starting or overloaded */
  | 'overloaded'
  /** no answer before the timeout */
  | 'timeout'
  /** the address leads to another one: browsers may not send a run on to there */
  | 'redirected'
  /** the answer broke off */
  | 'interrupted'
  /** the configured address is none */
  | 'bad-address';

/** No answer: it is unknown whether the script ran. A run has no effects, so trying again is safe. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly apiUrl: string;
  readonly reason: UnreachableReason;
  /** What the browser or the gateway said about it; may be empty. */
  readonly detail: string;
  /** Seconds after which another try makes sense, where a gateway said so. */
  readonly retryAfterSeconds?: number;
  /** What had come of an answer that broke off, where the API answers as the script runs. */
  readonly received?: ReceivedOutput;
}

/** Something answered at the address, and it is not pycell. */
export interface WrongApi {
  readonly kind: 'wrong-api';
  readonly apiUrl: string;
  readonly status: number;
  /** The content type of the answer; may be empty. */
  readonly contentType: string;
}

/** The user cancelled. The service kills the run when the connection goes. */
export interface Cancelled {
  readonly kind: 'cancelled';
  /** What had come by then, where the API answers as the script runs. */
  readonly received?: ReceivedOutput;
}

/** Everything that can become of a run. */
export type RunOutcome = Succeeded | Failed | Busy | Unreachable | WrongApi | Cancelled;

/** What came of asking an address what it is. */
export type MetadataOutcome = Described | Locked | Unreachable | WrongApi | Cancelled;

/** pycell answers, and does not tell what it is without a key, or with this one. */
export interface Locked {
  readonly kind: 'locked';
  readonly refusal: KeyRefusal;
}

/** pycell has said what it is. */
export interface Described {
  readonly kind: 'described';
  readonly metadata: MetadataResponse;
  /** Where it answered: another address than was asked, where that one redirects. */
  readonly apiUrl: string;
}

/** Whether a run was refused for want of a key, or for its key. */
export function isAboutKey(outcome: RunOutcome): boolean {
  return outcome.kind === 'failed' && isKeyCode(outcome.error.code, outcome.status);
}

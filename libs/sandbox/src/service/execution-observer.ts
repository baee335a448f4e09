import type { ErrorCode, ExecutionReport } from '@pycell/contracts';
import type { RunResult } from '../run/run-result';
import type { CallerTerms } from './client';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';

/** How an execution was asked for. `item`: one input of a batch. `job`: one that had waited elsewhere for its place. */
export type ExecutionKind = 'call' | 'stream' | 'item' | 'job' | 'validation';

/** How an execution ended: `OK`, the code that its client was told, or `CANCELLED` where nobody was left to tell. */
export type ExecutionStatus = 'OK' | 'CANCELLED' | ErrorCode;

/** An execution, or several that ended in the same way at once. */
export interface EndedExecution {
  readonly kind: ExecutionKind;
  readonly caller: CallerTerms;
  readonly status: ExecutionStatus;
  /** As the client was told; undefined where nothing ran, for a validation, and where nobody was left to tell. */
  readonly report: ExecutionReport | undefined;
  /** More than one for inputs of a batch that got no place. */
  readonly count: number;
}

/** A batch as a whole. The executions of its inputs are told one by one, besides. */
export interface EndedBatch {
  readonly caller: CallerTerms;
  /** `OK` once each input has its outcome, whatever these are. */
  readonly status: ExecutionStatus;
}

/** A run that has ended in the sandbox, whoever is still there to hear of it. */
export interface EndedRun {
  readonly caller: CallerTerms;
  readonly result: RunResult;
}

/**
 * Hears of everything that ends, once each. Every execution is told of, however it ended: refused before it had a place,
 * judged and not run, run, killed, given up by its client. What it is told is read at once: it must not throw, nor take long.
 */
export interface ExecutionObserver {
  executionEnded(ended: EndedExecution): void;
  batchEnded(ended: EndedBatch): void;
  runEnded(ended: EndedRun): void;
}

/** Returns how an execution ended that came to this error. */
export function statusOf(error: unknown): ExecutionStatus {
  if (error instanceof ExecutionCancelled) {
    return 'CANCELLED';
  }
  return error instanceof ExecutionFailure ? error.code : 'INTERNAL';
}

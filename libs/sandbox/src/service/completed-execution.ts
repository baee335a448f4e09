import type { ExecutionReport } from '@pycell/contracts';

/** An execution that returned. */
export interface CompletedExecution {
  /** The return value, one JSON value as Python wrote it. */
  readonly resultJson: Buffer;
  readonly stdout: string;
  readonly stderr: string;
  readonly execution: ExecutionReport;
}

import type { ExecutionReport } from '@pycell/contracts';
import type { RunArtifact } from '../run/outcome';

/** An execution that returned. */
export interface CompletedExecution {
  /** The return value, one JSON value as Python wrote it. */
  readonly resultJson: Buffer;
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly RunArtifact[];
  readonly execution: ExecutionReport;
}

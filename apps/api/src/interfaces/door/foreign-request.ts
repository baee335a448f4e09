import type { ExecutionMode, RequestedLimits } from '@pycell/contracts';

/** A file that a script finds in its working directory. */
export interface ForeignFile {
  /** Relative path with `/`, without `.` and `..`. It is checked: what is no such name has the outcome INVALID_REQUEST. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** What an interface has executed. Whatever is wrong with it becomes an outcome, never an exception. */
export interface ForeignRequest {
  readonly script: string;
  readonly mode: ExecutionMode;
  /** The JSON text of one object; none where it is left out. */
  readonly inputs?: Buffer | undefined;
  /** UTF-8; an empty one where it is left out. */
  readonly stdin?: Buffer | undefined;
  readonly files?: readonly ForeignFile[];
  /** Within `InterfaceExecutions.rangesOf`: those beyond have the outcome INVALID_REQUEST. */
  readonly limits?: RequestedLimits;
}

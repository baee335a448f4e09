import { executeBody } from '@pycell/api-client';
import type { ExecutionMode, InputFile, RequestedLimits } from '@pycell/contracts';

/** One run, as it is sent. */
export interface RunRequest {
  readonly script: string;
  readonly mode: ExecutionMode;
  /** The JSON text of an object, which is sent as it is; null: no inputs. */
  readonly inputs: string | null;
  readonly stdin: string;
  readonly files: readonly InputFile[];
  readonly limits: RequestedLimits;
}

/** A script and nothing else. */
export function plainRequest(script: string): RunRequest {
  return { script, mode: 'function', inputs: null, stdin: '', files: [], limits: {} };
}

/** The body of `POST /execute`, with the inputs as they were written. A field for standard input that is empty means none. */
export function bodyOf(request: RunRequest): string {
  return executeBody({ ...request, stdin: request.stdin || undefined });
}

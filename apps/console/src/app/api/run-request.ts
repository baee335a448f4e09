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

/**
 * The body of `POST /execute`. What says nothing is left out: an older service knows the script alone. The inputs are
 * spliced in as they were written, since a number that has been one of JavaScript's is another.
 */
export function bodyOf({ script, mode, inputs, stdin, files, limits }: RunRequest): string {
  const fields = [
    `"script":${JSON.stringify(script)}`,
    ...(mode === 'function' ? [] : [`"mode":${JSON.stringify(mode)}`]),
    ...(inputs === null ? [] : [`"inputs":${inputs}`]),
    ...(stdin === '' ? [] : [`"stdin":${JSON.stringify(stdin)}`]),
    ...(files.length === 0 ? [] : [`"files":${JSON.stringify(files)}`]),
    ...(Object.keys(limits).length === 0 ? [] : [`"limits":${JSON.stringify(limits)}`]),
  ];
  return `{${fields.join(',')}}`;
}

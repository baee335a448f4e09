import type { ExecutionMode, InputFileBody, RequestedLimits } from '../schema/schema';

/** One run, as it is sent. */
export interface ExecuteFields {
  readonly script: string;
  readonly mode?: ExecutionMode | undefined;
  /** The JSON text of an object, which is sent as it is; null: no inputs. */
  readonly inputs?: string | null | undefined;
  /** Empty is not the same as none: the script may read it then, and is at its end. */
  readonly stdin?: string | undefined;
  readonly files?: readonly InputFileBody[] | undefined;
  readonly limits?: RequestedLimits | undefined;
  readonly callbackUrl?: string | undefined;
}

/**
 * The body of `POST /execute` and of those like it. What says nothing is left out: an older service knows the script alone. The
 * inputs are spliced in as they were written, since a number that has been one of JavaScript's is another.
 */
export function executeBody({
  script,
  mode = 'function',
  inputs = null,
  stdin,
  files = [],
  limits = {},
  callbackUrl,
}: ExecuteFields): string {
  const fields = [
    `"script":${JSON.stringify(script)}`,
    ...(mode === 'function' ? [] : [`"mode":${JSON.stringify(mode)}`]),
    ...(inputs === null ? [] : [`"inputs":${inputs}`]),
    ...(stdin === undefined ? [] : [`"stdin":${JSON.stringify(stdin)}`]),
    ...(files.length === 0 ? [] : [`"files":${JSON.stringify(files)}`]),
    ...(Object.keys(limits).length === 0 ? [] : [`"limits":${JSON.stringify(limits)}`]),
    ...(callbackUrl === undefined ? [] : [`"callbackUrl":${JSON.stringify(callbackUrl)}`]),
  ];
  return `{${fields.join(',')}}`;
}

import { executeBody } from '../http/execute-body';
import { base64Of } from '../json/base64';
import { writeJson } from '../json/write-json';
import type { ExecutionMode, InputFileBody, RequestedLimits } from '../schema/schema';

/** Arguments of `main` by name, or global names in mode `script`. A `bigint` is sent as an integer with all its digits. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A file that the script finds in its working directory. */
export interface InputFile {
  /** Relative path with `/`, at most 255 bytes, without `..`. */
  readonly name: string;
  /** A text is sent as UTF-8, bytes as they are: those of a `Uint8Array`, or of another view of a buffer. */
  readonly content: string | ArrayBufferView | ArrayBuffer | Blob;
}

/** What is executed. `script` is all that is required. */
export interface ExecutionRequest {
  /** Python source; in mode `function`, the default, it defines a top-level callable `main`. */
  readonly script: string;
  readonly mode?: ExecutionMode;
  readonly inputs?: Inputs;
  /** What the script finds on standard input. */
  readonly stdin?: string;
  readonly files?: readonly InputFile[];
  /** At most those of the service. */
  readonly limits?: RequestedLimits;
}

/** What is started to go on without a connection. */
export interface StartRequest extends ExecutionRequest {
  /** Where the service tells of its end, on a host that it allows. */
  readonly callbackUrl?: string;
}

/** One script for many inputs. */
export interface BatchRequest extends Pick<ExecutionRequest, 'script' | 'mode' | 'limits'> {
  /** One run for each. */
  readonly inputs: readonly Inputs[];
}

/** @throws TypeError that names what of it cannot be sent */
export async function bodyOfExecution(request: StartRequest): Promise<string> {
  const { inputs, files = [], ...rest } = request;
  checkScript(request.script);
  return executeBody({
    ...rest,
    inputs: inputs === undefined ? null : writeJson(inputs, 'inputs'),
    files: await Promise.all(files.map(fileBodyOf)),
  });
}

/** @throws TypeError that names what of it cannot be sent */
export function bodyOfBatch({ inputs, script, mode, limits }: BatchRequest): string {
  checkScript(script);
  return executeBody({ script, mode, limits, inputs: writeJson(inputs, 'inputs') });
}

/** JavaScript has no types, and JSON would leave out what is none of its own. */
function checkScript(script: unknown): void {
  if (typeof script !== 'string') {
    throw new TypeError(`script is of type ${typeof script}: it must be a string`);
  }
}

async function fileBodyOf({ name, content }: InputFile): Promise<InputFileBody> {
  if (typeof content === 'string') {
    return { name, text: content };
  }
  return { name, base64: base64Of(await bytesOf(content, name)) };
}

async function bytesOf(content: Exclude<InputFile['content'], string>, name: string): Promise<Uint8Array> {
  if (ArrayBuffer.isView(content)) {
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  }
  // Not by `instanceof`: bytes come from frames and other realms, too.
  switch (Object.prototype.toString.call(content)) {
    case '[object ArrayBuffer]':
      return new Uint8Array(content as ArrayBuffer);
    case '[object Blob]':
    case '[object File]':
      return new Uint8Array(await (content as Blob).arrayBuffer());
    default:
      // JavaScript has no types: what else stands there has a message of its own, not one of a missing method.
      throw new TypeError(
        `The content of file "${name}" must be a string, a Uint8Array, an ArrayBuffer or a Blob`,
      );
  }
}

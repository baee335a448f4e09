import type { ExecutionMode, RequestedLimits } from '@pycell/contracts';

/** A file that a run finds in its working directory. */
export interface RunFile {
  /** Relative path with `/`, checked. */
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * What is wanted of an execution for clients of other services, where it is not what our own have. `program`, of mode `script`: what
 * it prints and how it ends, so that it has no result and leaves no files. `component`, of mode `function`: inputs as they were sent, and
 * the files that fit. Only the service itself says so, never a client: docs/protocol.md.
 */
export type Manner = 'program' | 'component';

/** What a client asks for, taken apart and checked in its shape; big parts as the bytes that go to Python. */
export interface ExecutionRequest {
  readonly script: string;
  readonly mode: ExecutionMode;
  /** One JSON object in UTF-8, as the client wrote it; null where there are none. */
  readonly inputs: Buffer | null;
  /** Text in UTF-8; null where none was sent, which is not the same as an empty one to the script policy. */
  readonly stdin: Buffer | null;
  readonly files: readonly RunFile[];
  /** Within those of the service. */
  readonly limits: RequestedLimits;
  /** None for clients of our own API. */
  readonly manner?: Manner | undefined;
}

/** One script for many inputs, taken apart and checked in its shape. */
export interface BatchRequest extends Pick<ExecutionRequest, 'script' | 'mode' | 'limits'> {
  /** Each one JSON object in UTF-8, as the client wrote it. At least one. */
  readonly inputs: readonly Buffer[];
}

/**
 * `compile` stops after CPython has accepted the syntax; `validate` describes the script. Nothing of it is executed in
 * either.
 */
export type RunMode = ExecutionMode | Manner | 'compile' | 'validate';

const MODES_OF_MANNERS: Readonly<Record<Manner, ExecutionMode>> = {
  program: 'script',
  component: 'function',
};

/** Returns how the script of a request is run: in its manner where that is one of its mode, by which the script was judged. */
export function runModeOf({ mode, manner }: Pick<ExecutionRequest, 'mode' | 'manner'>): RunMode {
  return manner && MODES_OF_MANNERS[manner] === mode ? manner : mode;
}

/** What the description of a script may have: that is ours, and no result of the script's. */
export const MAX_DESCRIPTION_BYTES = 1024 * 1024;

/** One script to run: what the client asked for, its script with normalised line ends, and what the service knows of it. */
export interface Run extends Omit<ExecutionRequest, 'mode' | 'manner'> {
  readonly mode: RunMode;
  /** Modules that the script imports: which packages should be loaded already. Null where they are not known. */
  readonly imports: readonly string[] | null;
}

/** Returns the request of a script and nothing else. */
export function plainRequest(script: string): ExecutionRequest {
  return { script, mode: 'function', inputs: null, stdin: null, files: [], limits: {} };
}

/** Returns the run of a script and nothing else; one that imports nothing, where nothing is said. */
export function plainRun(script: string, mode: RunMode = 'function', imports: Run['imports'] = []): Run {
  return { ...plainRequest(script), mode, imports };
}

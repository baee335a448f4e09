/** The limits that one execution lives under; `GET /` tells the values in force. */
export interface ExecutionLimits {
  /** Wall time of one run, seconds. */
  readonly timeoutSeconds: number;
  /** Script size, Unicode code points. */
  readonly maxScriptSize: number;
  /** Memory of one run, MiB. */
  readonly memoryLimitMb: number;
  /** stdout and stderr together, bytes. */
  readonly maxOutputBytes: number;
  /** JSON text of the return value, bytes. */
  readonly maxResultBytes: number;
  /** Threads of one run, the main thread included. */
  readonly maxThreads: number;
  /** File descriptors of one run. */
  readonly maxOpenFiles: number;
  /** Size of the run's /tmp, MiB. */
  readonly tmpSizeMb: number;
}

/** What holds when the configuration says nothing else. */
export const DEFAULT_LIMITS: ExecutionLimits = {
  timeoutSeconds: 10,
  maxScriptSize: 10_000,
  memoryLimitMb: 512,
  maxOutputBytes: 1024 * 1024,
  maxResultBytes: 4 * 1024 * 1024,
  maxThreads: 32,
  maxOpenFiles: 64,
  tmpSizeMb: 16,
};

/** No service takes longer scripts, however it is configured; Unicode code points. */
export const LARGEST_SCRIPT_SIZE = 1_000_000;

/** How deep a return value may nest before it is refused. */
export const MAX_RESULT_DEPTH = 200;

/**
 * The largest request body that a script of the permitted size can need: twelve bytes for each code
 * point (an astral character escaped as two `\uXXXX`), and 4 KiB for the JSON around it.
 */
export function bodyLimitBytes(maxScriptSize: number): number {
  return maxScriptSize * 12 + 4096;
}

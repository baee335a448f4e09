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
  /** Files that come with a request, and artifacts of a run. */
  readonly maxFiles: number;
  /** All artifacts of a run together, bytes. */
  readonly maxArtifactBytes: number;
  /** JSON text of the inputs, bytes. */
  readonly maxInputsBytes: number;
  /** Inputs of one batch. */
  readonly maxBatch: number;
}

/** One limit that the operator sets. */
export interface LimitDescription {
  /** The environment variable. */
  readonly variable: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What is counted. */
  readonly unit: 'seconds' | 'characters' | 'MiB' | 'bytes' | 'threads' | 'descriptors' | 'files' | 'inputs';
  /** Whether the value may have a fraction. */
  readonly fraction?: true;
  /** Who keeps it. */
  readonly enforcedBy: 'service' | 'supervisor' | 'run' | 'kernel';
  readonly meaning: string;
}

const MIB = 1024 * 1024;

/**
 * Every limit of one execution, once: the configuration, `GET /`, OpenAPI, the runner and the documents take it from
 * here (`npm run generate` writes what is not TypeScript).
 */
export const LIMITS = {
  timeoutSeconds: {
    variable: 'SCRIPT_TIMEOUT',
    default: 10,
    min: 0.1,
    max: 3600,
    unit: 'seconds',
    fraction: true,
    enforcedBy: 'supervisor',
    meaning: 'Wall time of one run',
  },
  maxScriptSize: {
    variable: 'MAX_SCRIPT_SIZE',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    unit: 'characters',
    enforcedBy: 'service',
    meaning: 'Size of the script, in Unicode code points',
  },
  memoryLimitMb: {
    variable: 'MEMORY_LIMIT_MB',
    default: 512,
    min: 16,
    max: 32_768,
    unit: 'MiB',
    enforcedBy: 'kernel',
    meaning: 'Memory that a run may take beyond the interpreter and the packages that are loaded already',
  },
  maxOutputBytes: {
    variable: 'MAX_OUTPUT_BYTES',
    default: MIB,
    min: 1,
    max: 256 * MIB,
    unit: 'bytes',
    enforcedBy: 'supervisor',
    meaning: 'stdout and stderr together',
  },
  maxResultBytes: {
    variable: 'MAX_RESULT_BYTES',
    default: 4 * MIB,
    min: 1,
    max: 32 * MIB,
    unit: 'bytes',
    enforcedBy: 'run',
    meaning: 'JSON text of the return value',
  },
  maxThreads: {
    variable: 'MAX_THREADS',
    default: 32,
    min: 1,
    max: 1024,
    unit: 'threads',
    enforcedBy: 'kernel',
    meaning: 'Threads of one run, the main thread included; in the jail',
  },
  maxOpenFiles: {
    variable: 'MAX_OPEN_FILES',
    default: 64,
    min: 16,
    max: 1024,
    unit: 'descriptors',
    enforcedBy: 'kernel',
    meaning: 'File descriptors of one run',
  },
  tmpSizeMb: {
    variable: 'TMP_SIZE_MB',
    default: 16,
    min: 1,
    max: 1024,
    unit: 'MiB',
    enforcedBy: 'kernel',
    meaning: 'Size of /tmp in the jail, and of the largest file; at most half of `MEMORY_LIMIT_MB`',
  },
  maxFiles: {
    variable: 'MAX_FILES',
    default: 64,
    min: 1,
    max: 256,
    unit: 'files',
    enforcedBy: 'service',
    meaning: 'Files of a request; files and figures that a run leaves',
  },
  maxArtifactBytes: {
    variable: 'MAX_ARTIFACT_BYTES',
    default: 8 * MIB,
    min: 1,
    max: 128 * MIB,
    unit: 'bytes',
    enforcedBy: 'run',
    meaning: 'Files and figures that a run leaves, together',
  },
  maxInputsBytes: {
    variable: 'MAX_INPUTS_BYTES',
    default: MIB,
    min: 2,
    max: 64 * MIB,
    unit: 'bytes',
    enforcedBy: 'service',
    meaning: 'JSON text of `inputs`',
  },
  maxBatch: {
    variable: 'MAX_BATCH',
    default: 1000,
    min: 1,
    max: 10_000,
    unit: 'inputs',
    enforcedBy: 'service',
    meaning: 'Inputs of one batch; each is executed in a run of its own',
  },
} as const satisfies Readonly<Record<keyof ExecutionLimits, LimitDescription>>;

/** The limits, in the order of the table. */
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly (keyof ExecutionLimits)[];

/** What holds when the configuration says nothing else. */
export const DEFAULT_LIMITS: ExecutionLimits = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, LIMITS[name].default]),
) as Record<keyof ExecutionLimits, number>;

/** What no configuration changes: kept by the runner and by nsjail.cfg, and looked at by the isolation self-test. */
export const FIXED_LIMITS = {
  /** Levels of lists and objects in a return value. */
  resultDepth: 200,
  /** Levels of lists and objects in the inputs. */
  inputsDepth: 200,
  /** Bytes of the name of a file, and of an artifact. */
  fileNameBytes: 255,
  /** Steps of such a name: each but the last is a folder, which takes an inode of the run's /tmp. */
  fileNameSteps: 8,
  /** Files and folders in a run's /tmp: empty ones take no space of the tmpfs, but memory of the kernel. */
  tmpInodes: 4096,
  /** Size of a run's /dev/shm, bytes. */
  shmBytes: MIB,
  /** Files and folders in a run's /dev/shm. */
  shmInodes: 256,
  /** Of the processes inside gVisor, whose runs are counted together: what runs leave, so that others can be started. */
  processesForStarts: 128,
  /** Exit status of a run that could not tell its outcome, since the script had closed the connection for it. */
  exitWithoutConnection: 98,
} as const;

/** Folders of the jail in which the self-test tries to write. A run may do so in `/tmp` and `/dev/shm` only. */
export const PROBED_FOLDERS = [
  '/',
  '/dev',
  '/dev/shm',
  '/etc',
  '/opt/pycell/runner',
  '/tmp',
  '/usr',
  '/usr/bin',
] as const;

/** Bytes that a character of a script can take in JSON: an astral one escaped as two `\uXXXX`. */
const CHARACTER_BYTES = 12;
/** Bytes that one of a text can take in JSON: `\u00e9` stands for two, and control characters are rare in what is large. */
const TEXT_FACTOR = 3;
/** Bytes that a file takes in JSON besides its content: each byte of its name escaped, and the members around it. */
const FILE_BYTES = 6 * FIXED_LIMITS.fileNameBytes + 64;
/** Of the JSON around all of that. */
const FRAME_BYTES = 4096;

/** The largest body that a script of the permitted size can need, and nothing else: that of `POST /validate`. */
export function scriptBodyLimitBytes(maxScriptSize: number): number {
  return maxScriptSize * CHARACTER_BYTES + FRAME_BYTES;
}

/**
 * The largest body that `POST /execute` takes: a script, inputs, and files and standard input that fill the run's /tmp.
 * Base64 takes 4/3 of its bytes, text up to three times as many where its characters are escaped.
 */
export function bodyLimitBytes({
  maxScriptSize,
  tmpSizeMb,
  maxInputsBytes,
  maxFiles,
}: Pick<ExecutionLimits, 'maxScriptSize' | 'tmpSizeMb' | 'maxInputsBytes' | 'maxFiles'>): number {
  const content = tmpSizeMb * MIB * TEXT_FACTOR;
  return scriptBodyLimitBytes(maxScriptSize) + content + maxInputsBytes + maxFiles * FILE_BYTES;
}

/** The least and the most that a caller may choose of a limit, both included. */
export interface LimitRange {
  readonly min: number;
  readonly max: number;
}

/**
 * What `limits` of a request may hold where these limits are in force. Files in /tmp take memory of the run, so that its
 * memory is at least twice their size.
 */
export function requestedLimitRanges({ timeoutSeconds, memoryLimitMb, tmpSizeMb }: ExecutionLimits): {
  readonly timeoutMs: LimitRange;
  readonly memoryMb: LimitRange;
} {
  return {
    timeoutMs: { min: 1, max: Math.round(timeoutSeconds * 1000) },
    memoryMb: { min: Math.max(LIMITS.memoryLimitMb.min, 2 * tmpSizeMb), max: memoryLimitMb },
  };
}

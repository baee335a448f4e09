import type { ErrorCode, ExecutionLimits } from '@pycell/contracts';
import { FIXED_LIMITS } from '@pycell/contracts';
import { findResultFlaw } from './result-check';

/** `compile` stops after CPython has accepted the syntax; nothing of the script is executed. */
export type RunMode = 'run' | 'compile';

const MIB = 1024 * 1024;

/** Returns the limits as the runner is told them at its start. `cores` scales processor time: threads may use them all. */
export function encodeLimits(limits: ExecutionLimits, cores: number): string {
  return JSON.stringify({
    timeoutMs: Math.round(limits.timeoutSeconds * 1000),
    memoryBytes: limits.memoryLimitMb * MIB,
    outputBytes: limits.maxOutputBytes,
    resultBytes: limits.maxResultBytes,
    resultDepth: FIXED_LIMITS.resultDepth,
    openFiles: limits.maxOpenFiles,
    fileBytes: limits.tmpSizeMb * MIB,
    cpuSeconds: (Math.ceil(limits.timeoutSeconds) + 1) * cores,
    threads: limits.maxThreads,
  });
}

/** The first byte of a RUN frame's payload. */
const MODE_BYTES: Readonly<Record<RunMode, number>> = { run: 0, compile: 1 };

/** Returns the payload of a RUN frame: the mode, and the script in UTF-8. */
export function encodeRunMessage(script: string, mode: RunMode): Buffer {
  if (LONE_SURROGATE.test(script)) {
    return withSurrogates(script, mode);
  }
  const message = Buffer.allocUnsafe(1 + Buffer.byteLength(script));
  message[0] = MODE_BYTES[mode];
  message.write(script, 1);
  return message;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Python is to judge a surrogate that stands alone: it is written as three bytes, where UTF-8 has a replacement. */
function withSurrogates(script: string, mode: RunMode): Buffer {
  const characters = Array.from(script, (character) => {
    const code = character.charCodeAt(0);
    return LONE_SURROGATE.test(character)
      ? Buffer.from([0xed, ((code >> 6) & 0x3f) | 0x80, (code & 0x3f) | 0x80])
      : Buffer.from(character);
  });
  return Buffer.concat([Buffer.of(MODE_BYTES[mode]), ...characters]);
}

/** Why a run ended, as its supervisor saw it. */
export const RUN_CAUSES = [
  'finished',
  'exited',
  'signalled',
  'timeout',
  'cpu-limit',
  'output-limit',
  'cancelled',
  'channel-closed',
] as const;
export type RunCause = (typeof RUN_CAUSES)[number];

/** The payload of an ENDED frame: the supervisor's own measurements. */
export interface EndedMessage {
  readonly cause: RunCause;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** While the script had the clock, milliseconds. These three are missing when the script never started. */
  readonly runMs?: number;
  /** Processor time of the run's process since it was forked, milliseconds. */
  readonly cpuMs?: number;
  /** Peak resident memory of that process, bytes. */
  readonly peakResidentBytes?: number;
}

/** The payload of a READY frame: what the run's process had used up before it saw the script. */
export interface ReadyMessage {
  readonly residentBytes: number;
  readonly cpuMs: number;
}

/** The payload of a ZYGOTE frame: a zygote is ready, and the packages that it has loaded. */
export interface ZygoteMessage {
  readonly kind: ZygoteKind;
  readonly modules: readonly string[];
}

/** What a zygote has loaded: the interpreter alone, or every package of the sandbox too. */
export const ZYGOTE_KINDS = ['bare', 'packages'] as const;
export type ZygoteKind = (typeof ZYGOTE_KINDS)[number];

/** The codes by which a run may say why it has no result. Anything else it claims is not believed. */
const FAILURE_CODES = [
  'SYNTAX_ERROR',
  'MAIN_MISSING',
  'SCRIPT_ERROR',
  'SCRIPT_EXITED',
  'MEMORY_LIMIT',
  'RESULT_TOO_LARGE',
  'RESULT_NOT_SERIALIZABLE',
] as const satisfies readonly ErrorCode[];
export type RunFailureCode = (typeof FAILURE_CODES)[number];

/** The payload of a FAILURE frame: what the run says of itself. */
export interface FailureMessage {
  readonly code: RunFailureCode;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly traceback?: string;
}

/** The most that a FAILURE may take; its texts are cut to the lengths below, escaped they need up to six times that. */
const MAX_FAILURE_BYTES = 512 * 1024;
const MAX_MESSAGE_CHARACTERS = 8_000;
const MAX_TRACEBACK_CHARACTERS = 64_000;
/** Nothing in a message nests: deeper ones would only cost the parser its memory. */
const MAX_MESSAGE_DEPTH = 4;

/** A message of the runner that is not what docs/protocol.md says. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** @throws MessageError when the payload is not an object in JSON. */
function parseObject(payload: Buffer, what: string): Record<string, unknown> {
  // The errors repeat nothing of the payload: it may be the script's own text, which must not reach the log.
  if (findResultFlaw(payload, MAX_MESSAGE_DEPTH)) {
    throw new MessageError(`${what} is not JSON`);
  }
  const value = JSON.parse(payload.toString('utf8')) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageError(`${what} is not an object`);
  }
  return value as Record<string, unknown>;
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isMeasure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Reads a HELLO payload: the version of the protocol that the runner speaks. @throws MessageError where it does not fit. */
export function parseHelloProtocol(payload: Buffer): number {
  const { protocol } = parseObject(payload, 'HELLO payload');
  if (typeof protocol !== 'number') {
    throw new MessageError('HELLO payload: protocol is not a number');
  }
  return protocol;
}

/** Reads an ENDED payload. @throws MessageError where it does not fit. */
export function parseEndedMessage(payload: Buffer): EndedMessage {
  const body = parseObject(payload, 'ENDED payload');
  const cause = RUN_CAUSES.find((known) => known === body['cause']);
  if (!cause) {
    throw new MessageError('ENDED payload: unknown cause');
  }
  const { exitCode, signal, runMs, cpuMs, peakResidentBytes } = body;
  return {
    cause,
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    signal: typeof signal === 'string' ? signal : null,
    ...(isMeasure(runMs) && { runMs }),
    ...(isMeasure(cpuMs) && { cpuMs }),
    ...(isMeasure(peakResidentBytes) && { peakResidentBytes }),
  };
}

/** Reads a READY payload. @throws MessageError where it does not fit. */
export function parseReadyMessage(payload: Buffer): ReadyMessage {
  const { residentBytes, cpuMs } = parseObject(payload, 'READY payload');
  if (!isMeasure(residentBytes) || !isMeasure(cpuMs)) {
    throw new MessageError('READY payload: residentBytes or cpuMs is not a number');
  }
  return { residentBytes, cpuMs };
}

/** Reads a ZYGOTE payload. @throws MessageError where it does not fit. */
export function parseZygoteMessage(payload: Buffer): ZygoteMessage {
  const body = parseObject(payload, 'ZYGOTE payload');
  const kind = ZYGOTE_KINDS.find((known) => known === body['kind']);
  const { modules } = body;
  if (!kind || !Array.isArray(modules) || !modules.every((name) => typeof name === 'string')) {
    throw new MessageError('ZYGOTE payload: unknown kind, or modules is not a list of names');
  }
  return { kind, modules };
}

/**
 * Reads a FAILURE payload, which the script's own process wrote: only known codes, and fields of the right type.
 * @throws MessageError where it does not fit.
 */
export function parseFailureMessage(payload: Buffer): FailureMessage {
  if (payload.length > MAX_FAILURE_BYTES) {
    throw new MessageError(
      `FAILURE payload of ${payload.length} bytes, at most ${MAX_FAILURE_BYTES} are allowed`,
    );
  }
  const body = parseObject(payload, 'FAILURE payload');
  const code = FAILURE_CODES.find((known) => known === body['code']);
  const { message, line, column, traceback } = body;
  if (!code || typeof message !== 'string') {
    throw new MessageError('FAILURE payload: its code or its message is not one of ours');
  }
  return {
    code,
    message: message.slice(0, MAX_MESSAGE_CHARACTERS),
    ...(isPosition(line) && { line }),
    ...(isPosition(column) && { column }),
    ...(typeof traceback === 'string' && { traceback: traceback.slice(0, MAX_TRACEBACK_CHARACTERS) }),
  };
}

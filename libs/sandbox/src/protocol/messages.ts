import {
  codesBy,
  type ExecutionLimits,
  FIXED_LIMITS,
  type SupervisorErrorCode,
  type ZygotesInfo,
} from '@pycell/contracts';
import type { Run } from '../run/run';
import { parseObject } from './json-object';
import { MessageError } from './message-error';
import { sectionPieces } from './sections';

const MIB = 1024 * 1024;

/** Returns the limits as the runner is told them at its start. `cores` scales CPU time: threads may use them all. */
export function encodeLimits(limits: ExecutionLimits, cores: number): string {
  return JSON.stringify({
    timeoutMs: timeoutMsOf(limits),
    memoryBytes: limits.memoryLimitMb * MIB,
    outputBytes: limits.maxOutputBytes,
    resultBytes: limits.maxResultBytes,
    resultDepth: FIXED_LIMITS.resultDepth,
    openFiles: limits.maxOpenFiles,
    fileBytes: limits.tmpSizeMb * MIB,
    files: limits.maxFiles,
    artifactBytes: limits.maxArtifactBytes,
    cpuSeconds: (Math.ceil(limits.timeoutSeconds) + 1) * cores,
    threads: limits.maxThreads,
  });
}

/** Returns the payload of a START frame: the limits of this run that the supervisor keeps. */
export function encodeStart(limits: ExecutionLimits): Buffer {
  return Buffer.from(JSON.stringify({ timeoutMs: timeoutMsOf(limits) }));
}

function timeoutMsOf({ timeoutSeconds }: ExecutionLimits): number {
  return Math.round(timeoutSeconds * 1000);
}

/** Returns the payload of a RUN frame, in pieces: files of megabytes are not copied. */
export function encodeRun({ script, mode, inputs, stdin, files, limits }: Run): readonly Buffer[] {
  const head = {
    mode,
    ...(limits.memoryMb !== undefined && { memoryBytes: limits.memoryMb * MIB }),
    ...(files.length > 0 && { files: files.map(({ name, bytes }) => [name, bytes.length]) }),
  };
  const sections: [string, Buffer | readonly Buffer[]][] = [['script', encodeScript(script)]];
  if (inputs) {
    sections.push(['inputs', inputs]);
  }
  if (stdin) {
    sections.push(['stdin', stdin]);
  }
  if (files.length > 0) {
    sections.push(['files', files.map(({ bytes }) => bytes)]);
  }
  return sectionPieces(head, sections);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Python is to judge a surrogate that stands alone: it is written as three bytes, where UTF-8 has a replacement. */
function encodeScript(script: string): Buffer {
  if (!LONE_SURROGATE.test(script)) {
    return Buffer.from(script);
  }
  const characters = Array.from(script, (character) => {
    const code = character.charCodeAt(0);
    return LONE_SURROGATE.test(character)
      ? Buffer.from([0xed, ((code >> 6) & 0x3f) | 0x80, (code & 0x3f) | 0x80])
      : Buffer.from(character);
  });
  return Buffer.concat(characters);
}

/** How a run ended, as its supervisor saw it. OK: the service has the outcome. */
export type EndStatus = 'OK' | SupervisorErrorCode | 'CANCELLED';
const END_STATUSES: readonly EndStatus[] = ['OK', ...codesBy('supervisor'), 'CANCELLED'];

/** The payload of an ENDED frame: the supervisor's own measurements. */
export interface EndedMessage {
  readonly status: EndStatus;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** While the script had the clock, milliseconds. These three are missing when the script never started. */
  readonly runMs?: number;
  /** Of TIMEOUT: the line of the script that was running, 1-based. The run's own process tells it: a script can forge it. */
  readonly line?: number;
  /** CPU time of the run's process since it was forked, milliseconds. */
  readonly cpuMs?: number;
  /** Peak resident memory of that process, bytes. */
  readonly peakResidentBytes?: number;
}

/** The payload of a READY frame: what the run's process had used up before it saw the script. */
export interface ReadyMessage {
  readonly residentBytes: number;
  /** What any script makes resident besides, of the memory that it shares with its zygote. */
  readonly sharedBytes: number;
  readonly cpuMs: number;
}

/** What a zygote has loaded: the interpreter alone, the packages of the sandbox too, or matplotlib and science as well. */
export const ZYGOTE_KINDS = ['bare', 'packages', 'figures'] as const;
export type ZygoteKind = (typeof ZYGOTE_KINDS)[number];

/** Those that there are only while they are used. */
export const ON_DEMAND_KINDS = ['figures'] as const satisfies readonly ZygoteKind[];
export type OnDemandKind = (typeof ON_DEMAND_KINDS)[number];

/** Whether there is a zygote of this kind only while it is used. */
export function isOnDemand(kind: ZygoteKind): kind is OnDemandKind {
  return ON_DEMAND_KINDS.some((known) => known === kind);
}

/** The payload of a ZYGOTE frame: a zygote is ready, the packages that it has loaded, and what makes its forks cheap. */
export interface ZygoteMessage {
  readonly kind: ZygoteKind;
  readonly modules: readonly string[];
  /** Modules that are there and that only the zygote of figures loads. */
  readonly figures: readonly string[];
  /** Whether it has settled its memory. One that has not is renewed at once. */
  readonly settled: boolean;
  readonly zygotes: ZygotesInfo;
}

function isNameList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
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
  const status = END_STATUSES.find((known) => known === body['status']);
  if (!status) {
    throw new MessageError('ENDED payload: unknown status');
  }
  const { exitCode, signal, runMs, line, cpuMs, peakResidentBytes } = body;
  return {
    status,
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    signal: typeof signal === 'string' ? signal : null,
    ...(isMeasure(runMs) && { runMs }),
    ...(Number.isSafeInteger(line) && (line as number) > 0 && { line: line as number }),
    ...(isMeasure(cpuMs) && { cpuMs }),
    ...(isMeasure(peakResidentBytes) && { peakResidentBytes }),
  };
}

/** Reads a READY payload. @throws MessageError where it does not fit. */
export function parseReadyMessage(payload: Buffer): ReadyMessage {
  const { residentBytes, sharedBytes = 0, cpuMs } = parseObject(payload, 'READY payload');
  if (!isMeasure(residentBytes) || !isMeasure(sharedBytes) || !isMeasure(cpuMs)) {
    throw new MessageError('READY payload: residentBytes, sharedBytes or cpuMs is not a number');
  }
  return { residentBytes, sharedBytes, cpuMs };
}

/** Reads a LOST payload: the kind whose zygote has died. @throws MessageError where it does not fit. */
export function parseLostMessage(payload: Buffer): ZygoteKind {
  const kind = kindIn(parseObject(payload, 'LOST payload'));
  if (!kind) {
    throw new MessageError('LOST payload: unknown kind');
  }
  return kind;
}

function kindIn(body: Readonly<Record<string, unknown>>): ZygoteKind | undefined {
  return ZYGOTE_KINDS.find((known) => known === body['kind']);
}

/** Reads a ZYGOTE payload. @throws MessageError where it does not fit. */
export function parseZygoteMessage(payload: Buffer): ZygoteMessage {
  const body = parseObject(payload, 'ZYGOTE payload');
  const kind = kindIn(body);
  const { modules, figures, settled, immortal, snapshot } = body;
  if (!kind || !isNameList(modules) || !isNameList(figures)) {
    throw new MessageError('ZYGOTE payload: unknown kind, or modules or figures is not a list of names');
  }
  return {
    kind,
    modules,
    figures,
    settled: settled !== false,
    zygotes: { immortalObjects: immortal === true, memorySnapshot: snapshot === true },
  };
}

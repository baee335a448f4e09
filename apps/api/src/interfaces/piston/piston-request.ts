import { LIMITS, type LimitRange, type RequestedLimits } from '@pycell/contracts';
import type { ForeignFile, ForeignRequest } from '../door/foreign-request';
import type { Sliced } from '../door/slices';
import { decodedInPlace, isTextOfBody, textBytesOf } from '../door/text-bytes';
import { isBase64, isHex } from './encoded-content';
import { withPrelude } from './prelude';
import { satisfies, type Version, versionOf } from './version-range';

export const LANGUAGE = 'python';
/** Names that Piston's own package of Python answers to; any `python3.N` besides. */
export const ALIASES = ['py', 'py3', 'python3'] as const;

const MIB = 1024 * 1024;
const ALIAS_OF_MINOR = /^python3\.\d{1,2}$/;
/** Selects one version of Python 3, and not a range. */
const PINNED = /^[=v]?3(\.\d{1,3}){0,2}$/;
const ENCODINGS = ['utf8', 'base64', 'hex'] as const;
const NEW_LINE = Buffer.from('\n');
/** So much is checked and decoded in one slice, of one content or of several. */
const LARGE_BYTES = 64 * 1024;

/** What of the service a request is read by. */
export interface PistonTerms {
  /** Of the Python that runs scripts. */
  readonly version: string;
  readonly timeoutMs: LimitRange;
  readonly memoryMb: LimitRange;
  /** Besides the program. */
  readonly maxFiles: number;
  /** Whether a policy judges the program, and so whatever stands in front of it. */
  readonly isJudged: boolean;
}

/** A request that can be executed. */
export interface PistonRun {
  readonly request: ForeignRequest;
  /** Lines in front of the script that its author does not know. */
  readonly addedLines: 0 | 1;
  /** Above it the run has taken too long, though it came to its end; null: any. Milliseconds of CPU time. */
  readonly maxCpuMs: number | null;
}

/** Piston refuses the request, with this message. */
export class PistonRefusal extends Error {
  override readonly name = 'PistonRefusal';
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads the body of `POST /api/v2/execute`: its checks, their order and their words are Piston's. Members that it does not know are
 * left alone, as there. Slices end between files, and between the check of a large one and its decoding.
 * @throws PistonRefusal
 */
export function* readPistonRequest(body: unknown, terms: PistonTerms): Sliced<PistonRun> {
  const members = isRecord(body) ? body : {};
  const language = text(members, 'language');
  const selector = text(members, 'version');
  const sent = yield* filesOf(members, terms.maxFiles);
  requireRuntime(language, selector, terms.version);
  const main = sent.findIndex(({ encoding }) => encoding === 'utf8');
  const script = sent[main];
  if (!script) {
    throw new PistonRefusal('files must include at least one utf8 encoded file');
  }
  const args = argsOf(members);
  const others = sent.filter((_file, index) => index !== main);
  const modules = others.map(({ name }) => name).filter((name) => name.endsWith('.py'));
  const needsPrelude = args.length > 0 || modules.length > 0;
  if (needsPrelude && terms.isJudged) {
    throw new PistonRefusal(
      'args and modules in files are not taken from a key with a policy of its own: send what the program needs as stdin, or as files that are no modules',
    );
  }
  const source = script.bytes.toString('utf8');
  const preluded = needsPrelude ? withPrelude(source, args, modules) : null;
  if (needsPrelude && !preluded) {
    throw new PistonRefusal(
      'args and modules in files cannot be given to a script whose "from __future__ import" is not one line of its own here: write it so',
    );
  }
  return {
    request: {
      script: preluded?.script ?? source,
      mode: 'script',
      stdin: stdinOf(members),
      files: others.map(({ name, bytes }) => ({ name, bytes })),
      limits: limitsOf(members, terms),
    },
    addedLines: preluded?.addedLines ?? 0,
    maxCpuMs: numberOf(members, 'run_cpu_time'),
  };
}

interface SentFile extends ForeignFile {
  readonly encoding: (typeof ENCODINGS)[number];
}

function* filesOf({ files }: Members, maxFiles: number): Sliced<readonly SentFile[]> {
  if (!Array.isArray(files)) {
    throw new PistonRefusal('files is required as an array');
  }
  if (files.length > maxFiles + 1) {
    throw new PistonRefusal(
      `There are ${files.length - 1} files, the limit is ${maxFiles} (${LIMITS.maxFiles.variable})`,
    );
  }
  const read: SentFile[] = [];
  let inSlice = 0;
  for (const [index, file] of (files as readonly unknown[]).entries()) {
    const sent: Members = isRecord(file) ? file : {};
    const { name, content, encoding: named } = sent;
    if (!isTextOfBody(content)) {
      throw new PistonRefusal(`files[${index}].content is required as a string`);
    }
    const encoding = ENCODINGS.find((known) => known === named) ?? 'utf8';
    const text = textBytesOf(content);
    if (!text) {
      throw new PistonRefusal(`files[${index}].content is no valid Unicode: it holds an unpaired surrogate`);
    }
    const bytes = yield* decodedContent(text, encoding);
    if (!bytes) {
      throw new PistonRefusal(`files[${index}].content is not ${encoding}, which its encoding says`);
    }
    inSlice += encoding === 'utf8' ? 0 : text.length;
    if (inSlice > LARGE_BYTES) {
      inSlice = 0;
      yield;
    }
    read.push({
      name: typeof name === 'string' && name !== '' ? name : `file${index}.code`,
      encoding,
      bytes,
    });
  }
  return read;
}

/** Null where it is not what its encoding says. */
function* decodedContent(text: Buffer, encoding: SentFile['encoding']): Sliced<Buffer | null> {
  if (encoding === 'utf8') {
    return text;
  }
  if (!(encoding === 'base64' ? isBase64(text) : isHex(text))) {
    return null;
  }
  if (text.length > LARGE_BYTES) {
    yield;
  }
  return decodedInPlace(text, encoding);
}

/** As Piston does: a last line always has its end. */
function stdinOf({ stdin = null }: Members): Buffer {
  const text = stdin === null ? Buffer.alloc(0) : textBytesOf(stdin);
  if (!text) {
    throw new PistonRefusal(
      isTextOfBody(stdin)
        ? 'stdin is no valid Unicode: it holds an unpaired surrogate'
        : 'If specified, stdin must be a string',
    );
  }
  return text.at(-1) === NEW_LINE[0] ? text : Buffer.concat([text, NEW_LINE]);
}

function requireRuntime(language: string, selector: string, version: string): void {
  const known = versionOf(version);
  const isKnown = language === LANGUAGE || (ALIASES as readonly string[]).includes(language);
  if (known && (isKnown || ALIAS_OF_MINOR.test(language)) && isServed(known, selector)) {
    return;
  }
  throw new PistonRefusal(
    `${shown(language)}-${shown(selector)} runtime is unknown: this service has ${LANGUAGE}-${version}, which "3.x" and "*" select`,
  );
}

/** Clients have one version of Python 3 in their code: it is served by the one that there is, and the answer names that. */
function isServed(version: Version, selector: string): boolean {
  return satisfies(version, selector) || (version[0] === 3 && PINNED.test(selector));
}

function argsOf({ args }: Members): readonly string[] {
  if (args === undefined || args === null) {
    return [];
  }
  const words = Array.isArray(args) ? args.map(wordOf) : [null];
  if (!words.every((word) => word !== null)) {
    throw new PistonRefusal('If specified, args must be an array of strings');
  }
  return words;
}

/** Piston hands them to a process as they are, where numbers become texts. Null of what is no word. */
function wordOf(arg: unknown): string | null {
  return typeof arg === 'string' || typeof arg === 'number' || typeof arg === 'boolean' ? String(arg) : null;
}

function limitsOf(members: Members, { timeoutMs, memoryMb }: PistonTerms): RequestedLimits {
  for (const name of ['compile_timeout', 'compile_cpu_time', 'compile_memory_limit']) {
    // There is nothing to compile: whatever they say holds.
    numberOf(members, name);
  }
  const timeout = within(members, 'run_timeout', timeoutMs.max);
  within(members, 'run_cpu_time', timeoutMs.max);
  const memory = memoryOf(members, memoryMb);
  return {
    ...(timeout !== null && { timeoutMs: Math.max(timeoutMs.min, Math.floor(timeout)) }),
    ...(memory !== null && { memoryMb: memory }),
  };
}

function memoryOf(members: Members, { min, max }: LimitRange): number | null {
  // Piston's word for no limit: ours holds.
  const bytes = members['run_memory_limit'] === -1 ? null : within(members, 'run_memory_limit', max * MIB);
  if (bytes === null) {
    return null;
  }
  if (bytes < min * MIB) {
    throw new PistonRefusal(`run_memory_limit cannot be less than ${min * MIB} here`);
  }
  return Math.floor(bytes / MIB);
}

function within(members: Members, name: string, max: number): number | null {
  const value = numberOf(members, name);
  if (value !== null && value > max) {
    throw new PistonRefusal(`${name} cannot exceed the configured limit of ${max}`);
  }
  if (value !== null && value < 0) {
    throw new PistonRefusal(`${name} must be non-negative`);
  }
  return value;
}

/** What is 0, empty or missing has not been specified. */
function numberOf(members: Members, name: string): number | null {
  const value = members[name];
  if (!value) {
    return null;
  }
  if (typeof value !== 'number') {
    throw new PistonRefusal(`If specified, ${name} must be a number`);
  }
  return value;
}

function text(members: Members, name: string): string {
  const value = members[name];
  if (typeof value !== 'string' || value === '') {
    throw new PistonRefusal(`${name} is required as a string`);
  }
  return value;
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}...` : name;
}

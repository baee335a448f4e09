import { setImmediate } from 'node:timers/promises';
import { LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES, allowNames } from '@pycell/script-policy';
import { PLACES_RANGE } from '../configuration/callers-options';
import { type Rate, RATE_BOUNDS } from '../configuration/rates-options';
import { EntryReader } from './entry-reader';
import { findRepeatedMember } from './repeated-member';
import { isMember, shown } from './shown-member';

/** More than so many keys are a database, which a file is not. */
export const MAX_KEYS = 10_000;
/** Room for so many keys, each with two hashes and all its terms. */
export const MAX_KEYS_FILE_BYTES = 8 * 1024 * 1024;
/** Hashes of one key: the old and the new one while it is rotated, and some to spare. */
export const MAX_HASHES = 8;
/** Shorter than a key and than a hash, so that neither passes for a name and is told in a message. */
const NAME_FORM = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
const HASH_FORM = /^[0-9a-f]{64}$/i;
const FIELDS = [
  'name',
  'sha256',
  'disabled',
  'expires',
  'rate',
  'places',
  'timeoutMs',
  'memoryMb',
  'scriptSize',
  'policy',
] as const;

/** How the scripts of a key are judged: by the whole policy, by nothing, or with some names allowed. */
export type KeyPolicy = 'enforce' | 'off' | { readonly allow: readonly string[] };

/** A key as the file has it. What is null follows from the service's own settings. */
export interface KeyEntry {
  readonly name: string;
  /** SHA-256 of each text that counts as this key, as hexadecimal digits in small letters; the newest is the last. */
  readonly sha256: readonly string[];
  readonly disabled: boolean;
  /** From when on it is refused; milliseconds since 1970. */
  readonly expiresAtMs: number | null;
  readonly rate: Rate | null;
  readonly places: number | null;
  readonly timeoutMs: number | null;
  readonly memoryMb: number | null;
  readonly scriptSize: number | null;
  readonly policy: KeyPolicy | null;
}

/** What a file of keys says. Where there are problems, nothing of it may be used. */
export interface KeysFileContent {
  readonly entries: readonly KeyEntry[];
  /** A sentence for each, without the file's name. None has anything in it that could be a key or a hash. */
  readonly problems: readonly string[];
}

/** So many keys are read at a time, some milliseconds. */
const SLICE = 50;

/** Reads the text of a file of keys. What the service's own limits forbid is not looked at: see `problemsOfTerms`. */
export function parseKeysFile(text: string): KeysFileContent {
  const reading = readContent(text);
  let step = reading.next();
  while (!step.done) {
    step = reading.next();
  }
  return step.value;
}

/** The same, with others served in between. */
export async function parseKeysFileInSlices(text: string): Promise<KeysFileContent> {
  const reading = readContent(text);
  let step = reading.next();
  while (!step.done) {
    await setImmediate();
    step = reading.next();
  }
  return step.value;
}

function* readContent(text: string): Generator<void, KeysFileContent> {
  let content: unknown;
  const json = text.replace(/^\uFEFF/, '');
  try {
    content = JSON.parse(json);
  } catch (error) {
    return failure(`it is not JSON${placeOf(error as Error, text)}`);
  }
  const repeated = yield* findRepeatedMember(json);
  if (repeated) {
    return failure(
      `line ${repeated.line}: ${shown.member(repeated.name)} is there a second time in one object, expected once`,
    );
  }
  if (!isMember(content) || !Array.isArray(content['keys'])) {
    return failure('expected an object with the field "keys", a list: {"keys": []}');
  }
  const unknown = Object.keys(content).find((field) => field !== 'keys');
  if (unknown !== undefined) {
    return failure(`it has ${shown.field(unknown)}, expected "keys" and nothing else`);
  }
  const list = content['keys'] as readonly unknown[];
  if (list.length > MAX_KEYS) {
    return failure(`it has ${list.length} keys, expected at most ${MAX_KEYS}`);
  }
  const problems: string[] = [];
  const entries: KeyEntry[] = [];
  for (const entry of list) {
    entries.push(readEntry(entry, entries.length, problems));
    if (entries.length % SLICE === 0) {
      yield;
    }
  }
  problems.push(...problemsBetween(entries));
  return { entries, problems };
}

function failure(problem: string): KeysFileContent {
  return { entries: [], problems: [problem] };
}

/** V8 quotes the text around the fault, which can be a hash: only where it lies is told. */
function placeOf({ message }: Error, text: string): string {
  if (text.trim() === '') {
    return ', it is empty: {"keys": []} is a file without keys';
  }
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : `: line ${text.slice(0, Number(position)).split('\n').length}`;
}

function readEntry(value: unknown, index: number, problems: string[]): KeyEntry {
  const reader = new EntryReader(value, `key ${index + 1}`, problems);
  const name = reader.text('name', NAME_FORM, '1 to 40 letters, digits, ".", "_" or "-"') ?? '';
  if (name !== '') {
    reader.label = `key "${name}"`;
  }
  reader.allowOnly(FIELDS);
  return {
    name,
    sha256: readHashes(reader),
    disabled: reader.flag('disabled') ?? false,
    expiresAtMs: reader.instant('expires'),
    rate: readRate(reader),
    places: reader.integer('places', PLACES_RANGE),
    timeoutMs: reader.integer('timeoutMs', { min: 1, max: LIMITS.timeoutSeconds.max * 1000 }),
    memoryMb: reader.integer('memoryMb', LIMITS.memoryLimitMb),
    scriptSize: reader.integer('scriptSize', LIMITS.maxScriptSize),
    policy: readPolicy(reader),
  };
}

function readHashes(reader: EntryReader): readonly string[] {
  const expected = `a list of 1 to ${MAX_HASHES} texts of 64 hexadecimal digits each`;
  const hashes = reader.value('sha256');
  if (!Array.isArray(hashes) || hashes.length === 0 || hashes.length > MAX_HASHES) {
    return reader.problem('sha256', hashes, expected, []);
  }
  const wrong = hashes.findIndex((hash) => typeof hash !== 'string' || !HASH_FORM.test(hash));
  return wrong === -1
    ? (hashes as string[]).map((hash) => hash.toLowerCase())
    : reader.problem(`sha256[${wrong}]`, hashes[wrong], '64 hexadecimal digits', []);
}

function readRate(reader: EntryReader): Rate | null {
  const rate = reader.member(
    'rate',
    ['requests', 'seconds'],
    'an object such as {"requests": 600, "seconds": 60}',
  );
  if (!rate) {
    return null;
  }
  const requests = rate.integer('requests', RATE_BOUNDS.requests, 'needed');
  const seconds = rate.integer('seconds', RATE_BOUNDS.seconds, 'needed');
  return requests === null || seconds === null ? null : { requests, seconds };
}

function readPolicy(reader: EntryReader): KeyPolicy | null {
  const expected = '"enforce", "off" or an object such as {"allow": ["open"]}';
  const value = reader.value('policy');
  if (value === undefined || value === 'enforce' || value === 'off') {
    return value ?? null;
  }
  const names = reader.member('policy', ['allow'], expected)?.value('allow');
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    return names === undefined && !isMember(value)
      ? null // said already
      : reader.problem('policy.allow', names, 'a list of names that the script policy blocks', null);
  }
  try {
    allowNames(DEFAULT_POLICY_RULES, names);
    return { allow: names };
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    const wrong = names.findIndex((name) => !isBlocked(name));
    return reader.problem(
      `policy.allow[${wrong}]`,
      names[wrong],
      'a name that the script policy blocks',
      null,
    );
  }
}

function isBlocked(name: string): boolean {
  const { blockedModules, blockedNames } = DEFAULT_POLICY_RULES;
  return [...blockedModules, ...blockedNames].includes(name);
}

/** What is wrong with keys that are fine each by itself. */
function problemsBetween(entries: readonly KeyEntry[]): string[] {
  const names = new Set<string>();
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, sha256 } of entries) {
    if (name !== '' && names.has(name)) {
      problems.push(`key "${name}": there are two of this name, expected one`);
    }
    names.add(name);
    sha256.forEach((hash, index) => {
      const owner = owners.get(hash);
      if (owner !== undefined) {
        const other = owner === name ? 'twice' : `under "${owner}", too`;
        problems.push(`key "${name}": sha256[${index}] is there ${other}, expected another for each`);
      }
      owners.set(hash, name);
    });
  }
  return problems;
}

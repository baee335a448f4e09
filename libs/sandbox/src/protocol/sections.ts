import { parseObject } from './json-object';
import { hasMoreStructure } from './json-structure';
import { MessageError } from './message-error';

/** The head's length, an unsigned 32-bit number before it. */
const LENGTH_BYTES = 4;
/** A head has a handful of fields, and a list of two entries for each section and each file; a script may write another in place of its own. */
const BASE_STRUCTURE = 64;
const STRUCTURE_OF_FILE = 3;

/** A payload that is taken apart: the fields of its head, and its sections by name. */
export interface Sections {
  readonly head: Readonly<Record<string, unknown>>;
  readonly sections: ReadonlyMap<string, Buffer>;
}

/** Returns a payload of a head and sections; docs/protocol.md, "Head and sections". `fields` go into the head. */
export function encodeSections(
  fields: Readonly<Record<string, unknown>>,
  sections: readonly (readonly [name: string, bytes: Buffer])[],
): Buffer {
  return Buffer.concat(sectionPieces(fields, sections));
}

/** The same in pieces: what is large in it is not copied. A section may have several. */
export function sectionPieces(
  fields: Readonly<Record<string, unknown>>,
  sections: readonly (readonly [name: string, bytes: Buffer | readonly Buffer[]])[],
): readonly Buffer[] {
  const parts = sections.map(([name, bytes]) => [name, Buffer.isBuffer(bytes) ? [bytes] : bytes] as const);
  const lengths = parts.map(([name, pieces]) => [name, pieces.reduce((sum, { length }) => sum + length, 0)]);
  const head = Buffer.from(JSON.stringify({ ...fields, sections: lengths }));
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return [length, head, ...parts.flatMap(([, pieces]) => pieces)];
}

/**
 * Takes a payload apart. The sections are views of it, not copies.
 * @param what names the payload in errors
 * @param known the names that a section may have
 * @param maxHeadBytes bounds what is parsed as JSON
 * @param maxFiles how many files the head may list
 * @throws MessageError where the head is no object or has too many members, or its sections are unknown, doubled, or do not fill the payload.
 */
export function decodeSections(
  payload: Buffer,
  what: string,
  known: readonly string[],
  maxHeadBytes: number,
  maxFiles = 0,
): Sections {
  const headLength = payload.length < LENGTH_BYTES ? Infinity : payload.readUInt32BE();
  if (headLength > maxHeadBytes || LENGTH_BYTES + headLength > payload.length) {
    throw new MessageError(`${what}: its head does not fit`);
  }
  const headEnd = LENGTH_BYTES + headLength;
  const headBytes = payload.subarray(LENGTH_BYTES, headEnd);
  const maxStructure = BASE_STRUCTURE + STRUCTURE_OF_FILE * maxFiles;
  if (hasMoreStructure(headBytes, maxStructure)) {
    throw new MessageError(`${what}: its head has more than ${maxStructure} members, lists and objects`);
  }
  const head = parseObject(headBytes, what);
  const sections = new Map<string, Buffer>();
  let at = headEnd;
  for (const [name, length] of lengthList(head['sections'], what)) {
    if (!known.includes(name) || sections.has(name)) {
      throw new MessageError(`${what}: an unknown or doubled section`);
    }
    sections.set(name, payload.subarray(at, at + length));
    at += length;
  }
  if (at !== payload.length) {
    throw new MessageError(`${what}: its sections do not fill it`);
  }
  return { head, sections };
}

/** Reads a list of names and lengths, as a head has it for its sections and for its files. @throws MessageError where it is none. */
export function lengthList(
  list: unknown,
  what: string,
): readonly (readonly [name: string, length: number])[] {
  const isEntry = (entry: unknown): entry is [string, number] =>
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === 'string' &&
    Number.isSafeInteger(entry[1]) &&
    (entry[1] as number) >= 0;
  if (!Array.isArray(list) || !list.every(isEntry)) {
    throw new MessageError(`${what}: there is no list of names and lengths`);
  }
  return list;
}

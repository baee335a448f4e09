import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { INTERFACE_SCRIPT_SIZE } from '../door/interface-settings';

/** Tools of one folder. Each is told to a model with every question: some dozens are many. */
export const MAX_TOOLS = 100;
/** Files of a folder that is read at all: one with a million of other files holds up nothing. */
export const MAX_ENTRIES = 1_000;
/** UTF-8 of a script of the largest size. */
const MAX_BYTES = 4 * INTERFACE_SCRIPT_SIZE;
const EXTENSION = '.py';
/** What all clients and models take as the name of a tool. */
const TOOL_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** The tools that are there always. */
export const RESERVED_NAMES: readonly string[] = ['run_python', 'validate_python'];

/** A file of the folder that can be a tool, or why it cannot. */
export interface FolderEntry {
  /** Of the tool. */
  readonly name: string;
  readonly path: string;
  /** Another one where the file has changed. */
  readonly identity: string;
  /** What is wrong with it, and what to do; null: it can be read. */
  readonly fault: string | null;
}

/** What was found in the folder. */
export interface FoundTools {
  readonly entries: readonly FolderEntry[];
  /** Why not all of it could be looked at, and what to do; null where it could. */
  readonly fault: string | null;
}

/** A file that cannot be a tool. `message` says what to do. */
export class ToolFault extends Error {
  override readonly name = 'ToolFault';
}

/** Looks for tools: files with the ending `.py` that lie in the folder itself, by name. Never rejects. */
export async function findTools(folder: string): Promise<FoundTools> {
  let names: readonly string[];
  try {
    names = await namesIn(folder);
  } catch (error) {
    // Not there, no folder, or not for us: the operator can put it there while the service runs.
    return noTools(`the folder cannot be read (${codeOf(error)}): there are no tools of it until it can`);
  }
  if (names.length > MAX_ENTRIES) {
    // Which ones are found first is up to the file system, so that some of them would be other tools with every look.
    return noTools(
      `the folder has more than ${MAX_ENTRIES} files: there are no tools of it until only tools are in it`,
    );
  }
  const scripts = names.filter((name) => name.endsWith(EXTENSION) && !name.startsWith('.')).sort();
  const fault =
    scripts.length > MAX_TOOLS
      ? `the folder has ${scripts.length} scripts, and the first ${MAX_TOOLS} by name are tools: take others away`
      : null;
  const entries = await Promise.all(scripts.slice(0, MAX_TOOLS).map((file) => entryOf(folder, file)));
  return { entries: entries.filter((entry) => entry !== null), fault };
}

/** Returns one name more than are read, where there are that many. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    names.push(name);
    if (names.length > MAX_ENTRIES) {
      break;
    }
  }
  return names;
}

function noTools(fault: string): FoundTools {
  return { entries: [], fault };
}

/** Returns null for a file that has gone meanwhile. */
async function entryOf(folder: string, file: string): Promise<FolderEntry | null> {
  const path = join(folder, file);
  const name = file.slice(0, -EXTENSION.length);
  try {
    const stats = await lstat(path, { bigint: true });
    return { name, path, identity: identityOf(stats), fault: faultOfName(name) ?? faultOf(stats) };
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? null
      : { name, path, identity: codeOf(error), fault: `it cannot be looked at (${codeOf(error)})` };
  }
}

function faultOfName(name: string): string | null {
  // Whatever the case: a model shall not take one for the other.
  const reserved = RESERVED_NAMES.find((taken) => taken === name.toLowerCase());
  if (reserved !== undefined) {
    return `${reserved} is a tool of the service: give the file another name`;
  }
  return TOOL_NAME.test(name)
    ? null
    : 'its name is none of a tool: a letter, then letters, digits, _ and -, 64 together at most, and .py';
}

function faultOf(stats: BigIntStats): string | null {
  if (stats.isSymbolicLink()) {
    return 'it is a symbolic link, which could lead anywhere: put the file itself there';
  }
  if (!stats.isFile()) {
    return 'it is no regular file';
  }
  return stats.size > BigInt(MAX_BYTES)
    ? `it has ${stats.size} bytes, a script has at most ${INTERFACE_SCRIPT_SIZE} characters`
    : null;
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * Reads a script. What lies there now may be something else than what was looked at: no link is followed, and what is no
 * file is not waited for.
 * @throws ToolFault
 */
export async function readScript(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readBounded(path);
  } catch (error) {
    throw error instanceof ToolFault ? error : new ToolFault(`it cannot be read (${codeOf(error)})`);
  }
  if (!isUtf8(bytes)) {
    throw new ToolFault('it is not UTF-8: save it so');
  }
  const script = bytes.toString('utf8').replace(/^\uFEFF/, '');
  // Code points, as the service counts them.
  const characters = Array.from(script).length;
  if (characters > INTERFACE_SCRIPT_SIZE) {
    throw new ToolFault(`it has ${characters} characters, the limit is ${INTERFACE_SCRIPT_SIZE}`);
  }
  return script;
}

async function readBounded(path: string): Promise<Buffer> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    const fault = faultOf(stats);
    if (fault) {
      throw new ToolFault(fault);
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) {
      throw new ToolFault(`it has more than ${MAX_BYTES} bytes`);
    }
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type KeyEntry, type KeysFileContent, MAX_KEYS_FILE_BYTES, parseKeysFileInSlices } from './keys-file';
import { problemsOfTerms, type ServiceTerms } from './key-terms';

/** What to do where the file cannot be read, by the code of the system's error. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: "npm run keys -- add NAME" makes one',
  EACCES: 'the service may not read it: give it to the user that the service runs as',
  EISDIR: 'it is a folder, expected a file',
};

/** The keys of a file, or why there are none. */
export type ReadKeys =
  | { readonly entries: readonly KeyEntry[]; readonly problems: null }
  | { readonly entries: null; readonly problems: readonly string[] };

/** Reads a file of keys again and again, for a service that has these terms. */
export class KeysReader {
  /** Of the bytes that were read last; null where they could not be read. */
  private digest: Buffer | null = null;
  private last: ReadKeys | null = null;

  constructor(
    private readonly file: string,
    private readonly service: ServiceTerms,
  ) {}

  /**
   * Each problem is a sentence that begins with the file's name. Bytes that are the same as the last time are not parsed
   * again: the very same object is returned.
   */
  async read(): Promise<ReadKeys> {
    const bytes = await bytesOf(this.file);
    if (typeof bytes === 'string') {
      this.digest = null;
      this.last = this.judge({ entries: [], problems: [bytes] });
      return this.last;
    }
    const digest = hash('sha256', bytes, 'buffer');
    if (!this.last || !this.digest?.equals(digest)) {
      this.last = this.judge(await contentOf(bytes));
      this.digest = digest;
    }
    return this.last;
  }

  private judge({ entries, problems }: KeysFileContent): ReadKeys {
    const all = problems.length > 0 ? problems : problemsOfTerms(entries, this.service);
    return all.length > 0
      ? { entries: null, problems: all.map((problem) => `${this.file}: ${problem}`) }
      : { entries, problems: null };
  }
}

async function contentOf(bytes: Buffer): Promise<KeysFileContent> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { entries: [], problems: ['it is not UTF-8'] };
  }
  return parseKeysFileInSlices(text);
}

/** Returns the bytes of a file, or why there are none: it may be too large, or a pipe that nobody writes to. */
async function bytesOf(file: string): Promise<Buffer | string> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      const bytes = status.isFile() ? await readAtMost(handle, status.size, MAX_KEYS_FILE_BYTES) : null;
      return bytes ?? `it is no file, or larger than ${MAX_KEYS_FILE_BYTES} bytes`;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return REMEDIES[code ?? ''] ?? `it cannot be read (${message})`;
  }
}

/**
 * Returns null where there is more than `most`.
 * @param size that the file is said to have; it may grow while it is read, and some file systems say 0
 */
async function readAtMost(handle: FileHandle, size: number, most: number): Promise<Buffer | null> {
  // One more than there should be, so that the end is seen.
  let buffer = Buffer.alloc(Math.min(size, most) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length > most) {
      return length > most ? null : buffer.subarray(0, length);
    }
    if (length === buffer.length) {
      buffer = Buffer.concat([buffer], Math.min(2 * length + 4096, most + 1));
    }
  }
}

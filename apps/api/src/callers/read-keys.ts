import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
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

/** Reads a file of keys for a service that has these terms. Each problem is a sentence that begins with the file's name. */
export async function readKeys(file: string, service: ServiceTerms): Promise<ReadKeys> {
  const { entries, problems } = await contentOf(file);
  const all = problems.length > 0 ? problems : problemsOfTerms(entries, service);
  return all.length > 0
    ? { entries: null, problems: all.map((problem) => `${file}: ${problem}`) }
    : { entries, problems: null };
}

async function contentOf(file: string): Promise<KeysFileContent> {
  try {
    const bytes = await bytesOf(file);
    if (bytes === null) {
      return { entries: [], problems: [`it is no file, or larger than ${MAX_KEYS_FILE_BYTES} bytes`] };
    }
    return await parseKeysFileInSlices(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'it is not UTF-8'
        : (REMEDIES[code ?? ''] ?? `it cannot be read (${message})`);
    return { entries: [], problems: [problem] };
  }
}

/** Returns the bytes of a file, null where it is too large or no plain file, such as a pipe that nobody writes to. */
async function bytesOf(file: string): Promise<Buffer | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isFile = (await handle.stat()).isFile();
    const buffer = Buffer.alloc(isFile ? MAX_KEYS_FILE_BYTES + 1 : 0);
    let length = 0;
    for (let read = isFile ? 1 : 0; read > 0 && length < buffer.length; length += read) {
      read = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
    }
    return isFile && length <= MAX_KEYS_FILE_BYTES ? buffer.subarray(0, length) : null;
  } finally {
    await handle.close();
  }
}

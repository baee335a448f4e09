/** The file of keys on disk: read whole, written whole, by one at a time. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetUpError } from '../set-up/progress.mjs';
import { withoutSignals } from './held-signals.mjs';
import { loadRules, parseKeys } from './rules.mjs';

const LOCK_WAIT_MS = 10_000;
const LOCK_POLL_MS = 20;
/** Who makes the file is the one to read it; who gives it to the service's user changes that, and it stays so. */
const NEW_FILE_MODE = 0o600;

/** @returns {{ content: { keys: object[] }, entries: object[] }} as the file has it, and as the service reads it */
export function readKeysFile(file) {
  const text = readIfThere(file);
  return text === null ? { content: { keys: [] }, entries: [] } : contentOf(file, text);
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw new SetUpError(`${file} cannot be read (${error.message}).`);
  }
}

function contentOf(file, text) {
  const { entries, problems } = parseKeys(text);
  if (problems.length > 0) {
    throw new SetUpError(problems.map((problem) => `${file}: ${problem}.`).join('\n'));
  }
  return { content: JSON.parse(text.replace(/^\uFEFF/, '')), entries };
}

/**
 * Changes the file, with nobody else at it. A signal that comes while it is changed ends the process afterwards: neither a
 * lock nor half a file stays behind.
 * @param change gets the list of keys as the file has it, and changes it in place; what it returns is the result
 * @param tell gets `{ result, entries }` once the file has changed, entries being the keys as the service reads them. It is
 *   called before such a signal ends the process: a key that the file has and nobody was shown is of no use
 */
export async function updateKeysFile(file, change, tell) {
  const lock = `${file}.lock`;
  const deadline = performance.now() + LOCK_WAIT_MS;
  loadRules(); // which takes a while: not with the lock
  const changeOnce = () => changeWithLock(file, lock, change);
  const tellOnce = (changed) => changed && tell(changed);
  while (!(await withoutSignals(changeOnce, tellOnce))) {
    if (performance.now() > deadline) {
      throw new SetUpError(`Another "npm run keys" is at work. If none is, one was killed: remove ${lock}.`);
    }
    await delay(LOCK_POLL_MS);
  }
}

/** @returns {{ result: any, entries: object[] } | null} null where another has the lock */
function changeWithLock(file, lock, change) {
  const descriptor = takeLock(lock);
  if (descriptor === null) {
    return null;
  }
  try {
    const before = statusOf(file);
    const { content } = readKeysFile(file);
    const result = change(content.keys);
    const text = `${JSON.stringify(content, null, 2)}\n`;
    const { entries } = contentOf(file, text);
    replaceFile(file, text, before);
    return { result, entries };
  } finally {
    closeSync(descriptor);
    rmSync(lock, { force: true });
  }
}

/** @returns its descriptor; null where another has it */
function takeLock(lock) {
  try {
    return openSync(lock, 'wx', NEW_FILE_MODE);
  } catch (error) {
    if (error.code === 'EEXIST') return null;
    throw new SetUpError(`${lock} cannot be made (${error.message}).`);
  }
}

/** @returns what the file is; null where there is none */
function statusOf(file) {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status?.isSymbolicLink()) {
    // A rename would put a file in the place of the link, and what the link leads to would stay as it is.
    throw new SetUpError(`${file} is a link: name the file that it leads to, by --file.`);
  }
  if (status && !status.isFile()) {
    throw new SetUpError(`${file} is no file.`);
  }
  return status ?? null;
}

/** Readers see the old file or the new one, whole, also after a loss of power. */
function replaceFile(file, text, before) {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(temporary, 'wx', NEW_FILE_MODE);
    try {
      writeFileSync(descriptor, text);
      if (before) {
        keepOwner(file, descriptor, before);
        fchmodSync(descriptor, before.mode & 0o7777);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error instanceof SetUpError
      ? error
      : new SetUpError(`${file} cannot be written (${error.message}).`);
  }
  const folder = openSync(dirname(file), constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}

function keepOwner(file, descriptor, { uid, gid }) {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if (error.code !== 'EPERM') throw error;
    throw new SetUpError(
      `${file} belongs to the user ${uid} and the group ${gid}: change it as that user, or as root.`,
    );
  }
}

import { chmod, chown, lstat, mkdtemp, readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeFolder } from './folder-removal';

const PREFIX = 'pycell-runtime-';
/** Where the folder may be: the first of these that its owner can walk to. */
const places = (): string[] => [...new Set([tmpdir(), '/tmp', '/run', '/var/tmp'])];

/**
 * Creates a folder that only this service can enter. Its name holds our pid: the next service removes what a killed one left.
 * @throws Error when there is no place for it.
 */
export function createOwnFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/**
 * Creates a folder that only this service and `owner` can enter. Its name holds our pid.
 * @throws Error when there is no place for it, or `owner` could not walk there.
 */
export async function createSocketFolder(owner?: { uid: number; gid: number }): Promise<string> {
  if (!owner || owner.uid === process.getuid?.()) {
    return createOwnFolder();
  }
  for (const place of places()) {
    if (await isOpenToAll(place)) {
      const folder = await mkdtemp(join(place, `${PREFIX}${process.pid}-`));
      // Our group may enter too: root in a container mostly lacks the capability to pass over rights.
      await chmod(folder, 0o770);
      await chown(folder, owner.uid, process.getgid?.() ?? owner.gid);
      return folder;
    }
  }
  throw new Error(
    `user ${owner.uid} can enter none of ${places().join(', ')}: set TMPDIR to a folder that it can`,
  );
}

/** Removes the folders of services that were killed before they could. Never rejects. */
export async function removeStaleFolders(): Promise<void> {
  for (const place of places()) {
    const names = await readdir(place).catch(() => []);
    for (const name of names) {
      const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid)) && (await isOurs(join(place, name)))) {
        // Another's, or just being removed: then it is not ours to care for.
        await removeFolder(join(place, name)).catch(() => undefined);
      }
    }
  }
}

/** Whether everybody can walk to a folder: each on the way lets others enter. */
async function isOpenToAll(folder: string): Promise<boolean> {
  try {
    for (let step = folder; ; step = dirname(step)) {
      if (((await stat(step)).mode & 0o001) === 0) {
        return false;
      }
      if (step === dirname(step)) {
        return true;
      }
    }
  } catch {
    // It is not there.
    return false;
  }
}

/** Whether it is a folder, no link, of our own user, that nobody serves: pids of another namespace tell nothing. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    const own = process.getuid?.();
    // Root gives its folders to the users of its jails.
    return found.isDirectory() && (own === 0 || own === found.uid) && !(await isServed(folder));
  } catch {
    // It is being removed.
    return false;
  }
}

function isServed(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(join(folder, 'bare'));
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

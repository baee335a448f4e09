import type { LoggerService } from '@nestjs/common';
import { chmod, chown, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a folder with everything in it, also what its owner has forbidden itself to enter or change, and what root has
 * given away and may not pass over, since it runs without the capability for that.
 * Links are removed, never followed.
 * @throws Error of the file system where that is not possible.
 */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') {
      throw error;
    }
    await openFolder(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function openFolder(folder: string): Promise<void> {
  if (process.getuid?.() === 0) {
    await chown(folder, 0, process.getgid?.() ?? 0);
  }
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await openFolder(join(folder, entry.name));
    }
  }
}

/** What a host that is short of descriptors or memory refuses, for a while. */
const PASSING: readonly (string | undefined)[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];
/** Before each further attempt while it does. Milliseconds. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/**
 * The same where what stays behind must not cost anybody an answer: it is logged. Where the host is short of descriptors it is
 * tried again for a minute, which nobody waits for. Never rejects.
 */
export async function removeFolderOrWarn(
  folder: string,
  logger: Pick<LoggerService, 'warn'>,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  try {
    await removeFolder(folder);
  } catch (error) {
    const [pauseMs, ...rest] = pausesMs;
    if (pauseMs !== undefined && PASSING.includes((error as NodeJS.ErrnoException).code)) {
      setTimeout(() => void removeFolderOrWarn(folder, logger, rest), pauseMs).unref();
      return;
    }
    // Something else holds on to it, such as a mount.
    logger.warn(`A folder stays behind: ${String(error)}`);
  }
}

import { stat } from 'node:fs/promises';

/** How often the file is looked at: what is written is in force within two of these. */
const INTERVAL_MS = 500;

/**
 * Looks again and again whether a file is another one than before. Asks the file system for the path instead of being told
 * by it: a watch of the kernel stays with the file that was there, while editors rename another one over it, and a secret
 * of Kubernetes is a link through two links of which the second is swapped.
 */
export class FileWatch {
  private readonly timer: NodeJS.Timeout;
  /** null: not looked at yet. */
  private last: string | null = null;
  private isSettled = false;
  private isBusy = false;

  /**
   * @param read reads the file; told whether the file is the same as when it was read the last time. A file that was
   * changed is read twice, so that what is written within the same tick of the file system's clock is not missed, and
   * what was read while it was being written is read whole. May not fail.
   */
  constructor(
    private readonly file: string,
    private readonly read: (isSettled: boolean) => Promise<void>,
  ) {
    this.timer = setInterval(() => void this.look(), INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    // A file system over a network can take longer than that.
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    const identity = await identityOf(this.file);
    const isSame = identity === this.last;
    if (!isSame || !this.isSettled) {
      this.last = identity;
      this.isSettled = isSame;
      await this.read(isSame);
    }
    this.isBusy = false;
  }
}

async function identityOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    // ENOENT and the like: who reads it says so.
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

import { Logger } from '@nestjs/common';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ExecutionLimits, FIXED_LIMITS } from '@pycell/contracts';
import { removeFolderOrWarn } from '../../host/folder-removal';
import { createOwnFolder } from '../../host/socket-folder';

/** nsjail's configuration of one jail, in a folder of its own. */
export interface SingleRunConfig {
  readonly file: string;
  /** Removes it. Never rejects. */
  readonly remove: () => Promise<void>;
}

/**
 * Writes the configuration of a jail for one run: nsjail.cfg, and the run's /tmp, as large as the operator says. It is a
 * file, since nsjail takes nosuid and nodev of a mount from its configuration only: what `--mount` makes has neither.
 * @throws Error of the file system when nsjail.cfg cannot be read, or nothing can be written.
 */
export async function writeSingleRunConfig(
  nsjailConfig: string,
  limits: ExecutionLimits,
): Promise<SingleRunConfig> {
  const constant = await readFile(nsjailConfig, 'utf8');
  const file = join(await createOwnFolder(), 'nsjail.cfg');
  const remove = (): Promise<void> => removeFolderOrWarn(dirname(file), new Logger('SingleRunConfig'));
  try {
    await writeFile(file, `${constant}\n${tmpMount(limits)}`);
  } catch (error) {
    // A full disk: the folder without its file is of no use.
    await remove();
    throw error;
  }
  return { file, remove };
}

/** The same as the warm jail's runs mount for themselves: apps/runner/pycell_runner/kernel/isolation.py. */
function tmpMount({ tmpSizeMb }: ExecutionLimits): string {
  return `mount {
  dst: "/tmp"
  fstype: "tmpfs"
  options: "size=${tmpSizeMb * 1024 * 1024},nr_inodes=${FIXED_LIMITS.tmpInodes},mode=1777"
  rw: true
  nosuid: true
  nodev: true
}
`;
}

import type { ExecutionLimits } from '@pycell/contracts';
import type { RunFile } from '../run/run';
import { ExecutionFailure } from './execution-failure';

const MIB = 1024 * 1024;
/** A file takes whole pages of a run's /tmp. */
const PAGE_BYTES = 4096;
/** What a pipe holds: standard input is one where runs can write no file. */
const PIPE_BYTES = 64 * 1024;

/**
 * Refuses files and standard input that runs have no room for.
 * @param tmpSizeMb of the caller
 * @param mostOfAll that limit of the service
 * @throws ExecutionFailure with INVALID_REQUEST or PAYLOAD_TOO_LARGE
 */
export function checkFiles(
  stdin: Buffer | null,
  files: readonly RunFile[],
  { tmpSizeMb }: Pick<ExecutionLimits, 'tmpSizeMb'>,
  { tmpSizeMb: mostOfAll }: Pick<ExecutionLimits, 'tmpSizeMb'>,
  takesFiles: boolean,
): void {
  if (files.length > 0 && !takesFiles) {
    throw new ExecutionFailure(
      'INVALID_REQUEST',
      'Field files is not taken here: runs of this service can write no files, as GET / says',
      { hint: 'Send the content as "inputs" or as "stdin" instead.' },
    );
  }
  const room = takesFiles ? tmpSizeMb * MIB : PIPE_BYTES;
  const sizes = [...(stdin ? [stdin.length] : []), ...files.map(({ bytes }) => bytes.length)];
  const needed = sizes.reduce((sum, size) => sum + Math.ceil(size / PAGE_BYTES) * PAGE_BYTES, 0);
  if (needed > room) {
    const ofKey = takesFiles && tmpSizeMb < mostOfAll ? ' of your key' : '';
    const limit = takesFiles && !ofKey ? `TMP_SIZE_MB, ${room} bytes` : `${room} bytes`;
    throw new ExecutionFailure(
      'PAYLOAD_TOO_LARGE',
      `Fields files and stdin take ${needed} bytes together, in pages of ${PAGE_BYTES}, and the limit${ofKey} is ${limit}`,
    );
  }
}

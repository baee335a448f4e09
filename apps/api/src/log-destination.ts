import { writeSync } from 'node:fs';

const STDOUT = 1;

/**
 * Where log lines go: standard output. A line that cannot be written is lost. pino's own destination takes that for the
 * end of the service, and then never ends: a disk that is full would do more harm than a script.
 */
export const logDestination = {
  write(line: string): void {
    try {
      writeSync(STDOUT, line);
    } catch {
      // ENOSPC, EPIPE, EIO: there is no other place to say so, and the next line may find room.
    }
  },
};

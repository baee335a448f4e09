import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../harness/eventually';

const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';

/** A cgroup of this host with a limit of memory, as a container has. Whoever tests must be root. */
export class MemoryCgroup {
  private constructor(
    private readonly folder: string,
    private readonly killsFile: string,
  ) {}

  /** @throws Error of the file system where this host lets nobody make one. */
  static create(name: string, limitBytes: number): MemoryCgroup {
    const isV1 = existsSync(join(V1, 'memory.limit_in_bytes'));
    const folder = join(isV1 ? V1 : V2, name);
    mkdirSync(folder);
    writeFileSync(join(folder, isV1 ? 'memory.limit_in_bytes' : 'memory.max'), String(limitBytes));
    return new MemoryCgroup(folder, isV1 ? 'memory.oom_control' : 'memory.events');
  }

  /** What starts a program in here. */
  get launcher(): readonly string[] {
    return ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(this.folder, 'cgroup.procs')];
  }

  /** How many processes the kernel has killed in here for want of memory. */
  get kills(): number {
    return Number(/^oom_kill (\d+)/m.exec(readFileSync(join(this.folder, this.killsFile), 'utf8'))?.[1]);
  }

  /** The last process in here must have ended. */
  async remove(): Promise<void> {
    await eventually(() => {
      try {
        rmdirSync(this.folder);
        return true;
      } catch (error) {
        // EBUSY: the kernel has not yet buried the last process.
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    }, Boolean);
  }
}

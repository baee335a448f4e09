import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory of the container, or whatever cgroup the service is in: service, jail and runs together. Bytes. */
export interface ContainerMemory {
  /** What cannot be had back without ending something: the kernel's file cache that nobody uses does not count. */
  readonly usedBytes: number;
  /** Above it the kernel kills; undefined where there is no limit. */
  readonly limitBytes: number | undefined;
}

/** A version of the kernel's interface: where it is, and what its files are called. */
interface CgroupLayout {
  readonly root: string;
  /** In /proc/self/cgroup, before the path. */
  readonly mark: RegExp;
  readonly current: string;
  readonly limit: string;
  readonly idleCache: RegExp;
}

const LAYOUTS: readonly CgroupLayout[] = [
  {
    root: '/sys/fs/cgroup',
    mark: /^0::(\/.*)$/m,
    current: 'memory.current',
    limit: 'memory.max',
    idleCache: /^inactive_file (\d+)$/m,
  },
  {
    root: '/sys/fs/cgroup/memory',
    mark: /^\d+:memory:(\/.*)$/m,
    current: 'memory.usage_in_bytes',
    limit: 'memory.limit_in_bytes',
    idleCache: /^total_inactive_file (\d+)$/m,
  },
];

/** What version 1 says where there is no limit is near 2^63. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Reads the memory of the cgroup; null where this host shows none. A few hundred microseconds. */
export function readContainerMemory(
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): ContainerMemory | null {
  for (const layout of LAYOUTS) {
    const found = readFrom(layout, read);
    if (found) {
      return found;
    }
  }
  return null;
}

function readFrom(layout: CgroupLayout, read: (file: string) => string): ContainerMemory | null {
  const own = layout.mark.exec(orEmpty(read, '/proc/self/cgroup'))?.[1];
  // In a container with a namespace of its own the path is `/`; in one without, its own cgroup is what is mounted.
  for (const folder of own === undefined ? [] : [join(layout.root, own), layout.root]) {
    const current = orEmpty(read, join(folder, layout.current)).trim();
    if (/^\d+$/.test(current)) {
      const idle = layout.idleCache.exec(orEmpty(read, join(folder, 'memory.stat')))?.[1];
      const limit = Number(orEmpty(read, join(folder, layout.limit)).trim() || NaN);
      return {
        usedBytes: Math.max(0, Number(current) - Number(idle ?? 0)),
        limitBytes: limit < NO_LIMIT_BYTES ? limit : undefined,
      };
    }
  }
  return null;
}

function orEmpty(read: (file: string) => string, file: string): string {
  try {
    return read(file);
  } catch {
    // ENOENT, EACCES: a host without this version of cgroups, or that does not show them.
    return '';
  }
}

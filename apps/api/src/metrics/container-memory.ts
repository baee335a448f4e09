import { join } from 'node:path';
import { type CgroupPlace, foldersOf, type ReadFile, readKernelFile, textOf } from './cgroup-files';

/** Memory of the container, or whatever cgroup the service is in: service, jail and runs together. Bytes. */
export interface ContainerMemory {
  /** What cannot be had back without ending something: the kernel's file cache that nobody uses does not count. */
  readonly usedBytes: number;
  /** Above it the kernel kills; undefined where there is no limit. */
  readonly limitBytes: number | undefined;
}

/** A version of the kernel's interface: what its files are called. */
interface CgroupLayout extends CgroupPlace {
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
export function readContainerMemory(read: ReadFile = readKernelFile): ContainerMemory | null {
  for (const layout of LAYOUTS) {
    const found = readFrom(layout, read);
    if (found) {
      return found;
    }
  }
  return null;
}

function readFrom(layout: CgroupLayout, read: ReadFile): ContainerMemory | null {
  for (const folder of foldersOf(layout, read)) {
    const current = textOf(read, join(folder, layout.current)).trim();
    if (/^\d+$/.test(current)) {
      const idle = layout.idleCache.exec(textOf(read, join(folder, 'memory.stat')))?.[1];
      const limit = Number(textOf(read, join(folder, layout.limit)).trim() || NaN);
      return {
        usedBytes: Math.max(0, Number(current) - Number(idle ?? 0)),
        limitBytes: limit < NO_LIMIT_BYTES ? limit : undefined,
      };
    }
  }
  return null;
}

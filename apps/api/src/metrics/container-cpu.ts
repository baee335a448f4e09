import { join } from 'node:path';
import { type CgroupPlace, foldersOf, type ReadFile, readKernelFile, textOf } from './cgroup-files';

interface CpuFiles extends CgroupPlace {
  /** Has the CPU time in it. */
  readonly file: string;
  readonly time: RegExp;
  readonly unitsPerSecond: number;
  /** Whether a folder is that of the whole host, whose CPU time is not ours. */
  isHost(folder: string, read: ReadFile): boolean;
}

const LAYOUTS: readonly CpuFiles[] = [
  {
    root: '/sys/fs/cgroup',
    mark: /^0::(\/.*)$/m,
    file: 'cpu.stat',
    time: /^usage_usec (\d+)$/m,
    unitsPerSecond: 1e6,
    // Every other one has a type.
    isHost: (folder, read) => textOf(read, join(folder, 'cgroup.type')) === '',
  },
  {
    root: '/sys/fs/cgroup/cpuacct',
    mark: /^\d+:(?:[^:]*,)?cpuacct(?:,[^:]*)?:(\/.*)$/m,
    file: 'cpuacct.usage',
    time: /^(\d+)$/m,
    unitsPerSecond: 1e9,
    // No other one has this file.
    isHost: (folder, read) => textOf(read, join(folder, 'cgroup.sane_behavior')) !== '',
  },
];

/**
 * Returns the CPU time that the container, or whatever cgroup the service is in, has used since it was made: service, jail and
 * runs together. Null where this host shows none, or only its own.
 */
export function readContainerCpuSeconds(read: ReadFile = readKernelFile): number | null {
  for (const layout of LAYOUTS) {
    for (const folder of foldersOf(layout, read)) {
      const time = layout.time.exec(textOf(read, join(folder, layout.file)))?.[1];
      if (time !== undefined && !layout.isHost(folder, read)) {
        return Number(time) / layout.unitsPerSecond;
      }
    }
  }
  return null;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file of the kernel as text. @throws Error of the system */
export type ReadFile = (file: string) => string;

/** Reads it for real. Some microseconds. */
export const readKernelFile: ReadFile = (file) => readFileSync(file, 'utf8');

/** Where a version of the kernel's interface is. */
export interface CgroupPlace {
  readonly root: string;
  /** In /proc/self/cgroup, before the path. */
  readonly mark: RegExp;
}

/**
 * Returns the folders in which the cgroup of this process may be shown, none where this version is not in use. In a container
 * with a namespace of its own the path is `/`; in one without, its own cgroup is what is mounted.
 */
export function foldersOf({ root, mark }: CgroupPlace, read: ReadFile): readonly string[] {
  const own = mark.exec(textOf(read, '/proc/self/cgroup'))?.[1];
  return own === undefined ? [] : [join(root, own), root];
}

/** Returns what is in a file of the kernel; nothing where it is not shown. */
export function textOf(read: ReadFile, file: string): string {
  try {
    return read(file);
  } catch {
    // ENOENT, EACCES: a host without this version of cgroups, or that does not show them.
    return '';
  }
}

import { readFileSync, readlinkSync } from 'node:fs';

/** A process as the host sees it: what layers are around it. */
export interface ProcessSight {
  /** A field of /proc/PID/status; empty where the kernel has none of that name. */
  status(field: string): string;
  /** Hard limits, by the names of /proc/PID/limits: `Max address space`. */
  limit(name: string): string;
  /** An identity of the namespace of this kind. */
  namespace(kind: 'user' | 'pid' | 'mnt'): string;
  /** Whether its root is mounted read-only. */
  readonly hasReadOnlyRoot: boolean;
}

/** A run, and the supervisor, whose child it is. */
export interface JailSight {
  readonly run: ProcessSight;
  /** Of a run that goes on at the same time. */
  readonly neighbour: ProcessSight;
  readonly supervisor: ProcessSight;
}

/** Looks at a process now. @throws Error when there is none */
export function lookAt(pid: number): ProcessSight {
  const [status, limits, mounts] = ['status', 'limits', 'mountinfo'].map((file) =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8'),
  );
  const kinds = (['user', 'pid', 'mnt'] as const).map(
    (kind) => [kind, readlinkSync(`/proc/${pid}/ns/${kind}`)] as const,
  );
  const namespaces = new Map(kinds);
  return {
    status: (field) => new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status ?? '')?.[1] ?? '',
    limit: (name) => new RegExp(`^${name} +\\S+ +(\\S+)`, 'm').exec(limits ?? '')?.[1] ?? '',
    namespace: (kind) => namespaces.get(kind) ?? '',
    hasReadOnlyRoot: / \/ (?:\S+,)?ro(?:,\S+)? /.test(rootMount(mounts ?? '')),
  };
}

/** The line of the mount that the process sees as its root. */
function rootMount(mountinfo: string): string {
  return mountinfo.split('\n').find((line) => line.split(' ')[4] === '/') ?? '';
}

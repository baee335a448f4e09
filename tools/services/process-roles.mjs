/** Tells a service's own processes apart, and from the forks that hold scripts. */

/** What the service's own processes are called, from the top of the tree down. */
export const ROLES = ['API', 'nsjail', 'supervisor', 'zygote bare', 'zygote packages', 'zygote figures'];

/** Returns which kind of zygote a process is, or is a fork of: forks keep the command line. Else undefined. */
export function zygoteKindOf({ command }) {
  return / --zygote (\w+)/.exec(command)?.[1];
}

/** Whether a process is a spare or a run: each leads a session of its own, which its zygote does not. */
export function isFork(entry) {
  return zygoteKindOf(entry) !== undefined && entry.session === entry.pid;
}

/** Returns the role of an entry of the tree below `apiPid`; null for forks, and for what is not known. */
export function roleOf(entry, apiPid) {
  const { pid, command } = entry;
  if (pid === apiPid) {
    return 'API';
  }
  const kind = zygoteKindOf(entry);
  if (kind) {
    return isFork(entry) ? null : `zygote ${kind}`;
  }
  if (/^\S*nsjail /.test(command)) {
    return 'nsjail';
  }
  return command.includes(' --warm') ? 'supervisor' : null;
}

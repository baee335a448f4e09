/** Counts what a server has on this host: processes, mounts, files, descriptors. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { allProcesses, processTree } from '../services/processes.cjs';

const CALM_POLL_MS = 250;
/** So often in a row nothing must have changed. */
const CALM_POLLS = 12;
const CALM_TIMEOUT_MS = 90_000;

/** What the service's own processes are called here, in the order in which they are shown. */
export const ROLES = ['API', 'nsjail', 'supervisor', 'zygote bare', 'zygote packages'];

/**
 * Waits until the server's processes and descriptors stay as they are, then counts.
 * Keys of `own` are those of ROLES that the server has; figures that this user may not see are null.
 */
export async function takeCensus(server) {
  const isCalm = await waitForCalm(server.pid);
  const tree = processTree(server.pid);
  const own = ownProcesses(tree, server.pid);
  return {
    isCalm,
    tree,
    processes: tree.length,
    zombies: tree.filter(({ state }) => state === 'Z').length,
    inJail: inNetworkOf(own.supervisor, own.nsjail !== undefined),
    pids: Object.fromEntries(Object.entries(own).map(([role, { pid }]) => [role, pid])),
    hostMounts: mountsOf('self'),
    mounts: mapValues(own, ({ pid }) => mountsOf(pid)?.length ?? null),
    descriptors: mapValues(own, ({ pid }) => entriesOf(`/proc/${pid}/fd`)),
    jailFiles: own.nsjail
      ? mapValues(
          own,
          ({ pid }) => filesBelow(`/proc/${pid}/root/tmp`) + filesBelow(`/proc/${pid}/root/dev/shm`),
          ['supervisor', 'zygote bare', 'zygote packages'],
        )
      : {},
    folderFiles: runtimeFolders(server.pid).reduce((sum, folder) => sum + 1 + filesBelow(folder), 0),
  };
}

/** Returns the folders in /tmp that this server made: their names hold its pid. */
export function runtimeFolders(pid) {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(`pycell-runtime-${pid}-`));
  return names.map((name) => join(tmpdir(), name));
}

/** Returns the inode of the jail's network namespace, which all in the jail share and nobody else; null without one. */
export function jailNetwork(pids) {
  return pids.nsjail === undefined ? null : networkOf(pids.supervisor);
}

/** Returns how many processes of the host are in that network namespace. */
export function countInNetwork(network) {
  return allProcesses().filter(({ pid }) => networkOf(pid) === network).length;
}

function inNetworkOf(supervisor, hasJail) {
  const network = hasJail && supervisor ? networkOf(supervisor.pid) : null;
  return network === null ? null : countInNetwork(network);
}

function networkOf(pid) {
  return orNull(() => readlinkSync(`/proc/${pid}/ns/net`));
}

/** Returns the service's own processes, without runs, by their role. */
export function ownProcesses(tree, apiPid) {
  const own = {};
  for (const entry of tree) {
    const role = roleOf(entry, apiPid);
    if (role) {
      own[role] = entry;
    }
  }
  return Object.fromEntries(ROLES.filter((role) => own[role]).map((role) => [role, own[role]]));
}

function roleOf({ pid, session, command }, apiPid) {
  if (pid === apiPid) {
    return 'API';
  }
  const kind = / --zygote (\w+)/.exec(command)?.[1];
  if (kind) {
    // Runs are forks of a zygote and have its command line, but each leads a session of its own.
    return session === pid ? null : `zygote ${kind}`;
  }
  if (/^\S*nsjail /.test(command)) {
    return 'nsjail';
  }
  return command.includes(' --warm') ? 'supervisor' : null;
}

/** Waits until processes and descriptors stay as they are for a while; false when they do not come to rest. */
export async function waitForCalm(pid) {
  const deadline = performance.now() + CALM_TIMEOUT_MS;
  let before = '';
  for (let same = 0; same < CALM_POLLS;) {
    if (performance.now() > deadline) {
      return false;
    }
    const pids = processTree(pid).map((entry) => entry.pid);
    const now = pids.map((one) => `${one}:${entriesOf(`/proc/${one}/fd`)}`).join(' ');
    same = now === before ? same + 1 : 0;
    before = now;
    await delay(CALM_POLL_MS);
  }
  return true;
}

function mountsOf(pid) {
  return orNull(() =>
    readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[4]),
  );
}

function entriesOf(folder) {
  return orNull(() => readdirSync(folder).length);
}

function filesBelow(folder) {
  return orNull(() => readdirSync(folder, { recursive: true }).length) ?? 0;
}

/** Returns an object with the same keys, or only those of `keys`, and other values. */
export function mapValues(object, map, keys = Object.keys(object)) {
  return Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, map(object[key], key)]));
}

/** Looks; null when the process has ended meanwhile, or this user may not look at it. */
export function orNull(look) {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) {
      return null;
    }
    throw error;
  }
}

/** Counts what a server has on this host: processes, mounts, files, descriptors. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROLES, roleOf } from '../services/process-roles.mjs';
import { allProcesses, processTree } from '../services/processes.cjs';

const CALM_POLL_MS = 250;
/** So often in a row nothing must have changed. */
const CALM_POLLS = 12;
const CALM_TIMEOUT_MS = 90_000;

/**
 * Waits until the server's processes and descriptors stay as they are, then counts.
 * `figures` must be the same after the runs as before them; null is one that this user may not see.
 */
export async function takeCensus(server) {
  const isCalm = await waitForCalm(server.pid);
  const tree = processTree(server.pid);
  const own = ownProcesses(tree, server.pid);
  const pids = mapValues(own, ({ pid }) => pid);
  const each = (what, roles, look) =>
    Object.fromEntries(
      roles.filter((role) => role in pids).map((role) => [`${what} the ${role}`, look(pids[role])]),
    );
  const network = jailNetwork(pids);
  const inJail = ['supervisor', 'zygote bare', 'zygote packages', 'zygote figures'];
  const filesIn = (pid) => filesBelow(`/proc/${pid}/root/tmp`) + filesBelow(`/proc/${pid}/root/dev/shm`);
  return {
    ...{ isCalm, tree, pids },
    hostMounts: mountsOf('self'),
    zombies: tree.filter(({ state }) => state === 'Z').length,
    threads: entriesOf(`/proc/${server.pid}/task`),
    figures: {
      ...each('pid (it was not lost) of', ['API', 'nsjail', 'supervisor'], (pid) => pid),
      "processes of the server's tree": tree.length,
      ...(network && { "processes in the jail's network namespace": countInNetwork(network) }),
      ...each('mounts seen by', ROLES, (pid) => mountsOf(pid)?.length ?? null),
      ...each('open descriptors of', ROLES, (pid) => entriesOf(`/proc/${pid}/fd`)),
      ...('nsjail' in pids && each('files in /tmp and /dev/shm of', inJail, filesIn)),
      "files in the server's folder in /tmp": runtimeFolders(server.pid).reduce(
        (sum, folder) => sum + 1 + filesBelow(folder),
        0,
      ),
    },
  };
}

/** Returns the folders in /tmp that this server made: their names hold its pid. */
export function runtimeFolders(pid) {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(`pycell-runtime-${pid}-`));
  return names.map((name) => join(tmpdir(), name));
}

/** Returns the inode of the network namespace that all processes in the jail share, and no others; null without one. */
export function jailNetwork(pids) {
  return pids.nsjail === undefined ? null : networkOf(pids.supervisor);
}

/** Returns how many processes of the host are in that network namespace. */
export function countInNetwork(network) {
  return allProcesses().filter(({ pid }) => networkOf(pid) === network).length;
}

function networkOf(pid) {
  return orNull(() => readlinkSync(`/proc/${pid}/ns/net`));
}

/** Returns the service's own processes, without runs, by their role. */
export function ownProcesses(tree, apiPid) {
  const own = Object.fromEntries(tree.map((entry) => [roleOf(entry, apiPid), entry]));
  return Object.fromEntries(ROLES.filter((role) => own[role]).map((role) => [role, own[role]]));
}

/** Waits until processes and descriptors stay as they are for a while; false when they keep changing. */
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

/** Returns an object with the same keys and other values. */
function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
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

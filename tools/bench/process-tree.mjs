/** What /proc tells about a server and everything below it. */
import { readdirSync, readFileSync } from 'node:fs';

/** One process; null when it ended while we looked. */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the other fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const [state, parent, , session] = fields;
    return { pid, state, parent: Number(parent), session: Number(session), startTime: fields[19], command };
  } catch {
    // ENOENT or ESRCH: there is no way to look at a process and know that it stays.
    return null;
  }
}

/** Returns every process of the host, zombies included. */
export function allProcesses() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProcess(Number(pid))).filter((entry) => entry !== null);
}

/** Returns the process and every one below it, zombies included. */
export function processTree(pid) {
  const all = allProcesses();
  const found = all.filter((entry) => entry.pid === pid);
  for (const { pid: parent } of found) {
    found.push(...all.filter((entry) => entry.parent === parent)); // the loop goes on to those too
  }
  return found;
}

/** Whether this very process is still there, be it as a zombie. */
export function isThere({ pid, startTime }) {
  return readProcess(pid)?.startTime === startTime;
}

/**
 * Returns a process's memory, bytes: all that it uses (`rss`), its share of what it uses together with others (`pss`),
 * and of that what no file holds (`anonymous`): the share of a file changes with whoever else on the host has it open.
 * Zeros when it ended while we looked.
 * @throws Error where this user may not look: runs are not dumpable, so only root may.
 */
export function memoryOf(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') {
      return { pss: 0, rss: 0, anonymous: 0 };
    }
    throw error;
  }
  const field = (name) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { pss: field('Pss'), rss: field('Rss'), anonymous: field('Pss_Anon') + field('Pss_Shmem') };
}

/** Returns the proportional set size of the process and everything below it, bytes: nothing is counted twice. */
export function treePssBytes(pid) {
  return processTree(pid).reduce((sum, entry) => sum + memoryOf(entry.pid).pss, 0);
}

/** Reads the processes of this host from /proc. */
const { readdirSync, readFileSync } = require('node:fs');

/**
 * One process as /proc showed it. The start time, in clock ticks since boot, tells it from a later one with the same pid.
 * `state` Z is a zombie: ended, and not yet collected by its parent. A process may choose its `name`, at most 15 characters.
 * @typedef {{ readonly pid: number, readonly parent: number, readonly session: number, readonly startTime: string,
 *   readonly state: string, readonly name: string, readonly command: string }} ProcessEntry
 */

/** @param {number} pid @returns {ProcessEntry | null} null when there is none, or it ended while we looked */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    // The name in parentheses may hold anything; the other fields follow the last one.
    const nameEnd = stat.lastIndexOf(')');
    const name = stat.slice(stat.indexOf('(') + 1, nameEnd);
    const fields = stat.slice(nameEnd + 2).split(' ');
    const [state = '', parent, , session] = fields;
    const startTime = fields[19] ?? '';
    return { pid, parent: Number(parent), session: Number(session), startTime, state, name, command };
  } catch {
    // ENOENT or ESRCH: there is no way to look at a process and know that it stays.
    return null;
  }
}

/** Every process of the host, zombies included. @returns {ProcessEntry[]} */
function allProcesses() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProcess(Number(pid))).filter((entry) => entry !== null);
}

/** Every process below the pid `ancestor`, zombies included. @param {number} ancestor @returns {ProcessEntry[]} */
function descendantsOf(ancestor) {
  const all = allProcesses();
  const found = all.filter(({ parent }) => parent === ancestor);
  for (const { pid } of found) {
    found.push(...all.filter(({ parent }) => parent === pid)); // the loop goes on to those too
  }
  return found;
}

/** @param {number} pid @returns {ProcessEntry[]} the process, where it is there, and every one below it */
function processTree(pid) {
  return [readProcess(pid), ...descendantsOf(pid)].filter((entry) => entry !== null);
}

/** Whether this very process is still there, be it as a zombie. @param {ProcessEntry} entry */
function isThere({ pid, startTime }) {
  return readProcess(pid)?.startTime === startTime;
}

/** Whether this very process still runs; a zombie does not. @param {ProcessEntry} entry */
function isRunning(entry) {
  return isThere(entry) && !['Z', 'X', undefined].includes(readProcess(entry.pid)?.state);
}

/**
 * A process's memory, bytes: all that it uses (`rss`), its share of what it uses together with others (`pss`), and of
 * that what no file holds (`anonymous`): the share of a file depends on who else on the host has it open. Zeros
 * when it ended while we looked.
 * @param {number} pid
 * @returns {{ pss: number, rss: number, anonymous: number }}
 * @throws Error EACCES where this user may not look: runs are not dumpable, so only root may
 */
function memoryOf(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) {
      return { pss: 0, rss: 0, anonymous: 0 };
    }
    throw error;
  }
  const status = text;
  /** @param {string} name */
  const field = (name) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { pss: field('Pss'), rss: field('Rss'), anonymous: field('Pss_Anon') + field('Pss_Shmem') };
}

module.exports = {
  allProcesses,
  descendantsOf,
  isRunning,
  isThere,
  memoryOf,
  processTree,
  readProcess,
};

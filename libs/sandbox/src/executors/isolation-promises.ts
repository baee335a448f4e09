import type { IsolationLevel } from '@pycell/contracts';

const OF_ALL_JAILS = [
  'no capability, no new privileges, not traceable',
  'an allow-list of system calls: threads, but no process and no socket',
  'no network interface',
  'a read-only root with Python only; no /proc, nothing of the environment',
  'limits of memory, processor time, open files, output and result',
];
const OWN_PID = 'a pid and an IPC namespace of its own for each run';
const OWN_FILES =
  'a mount namespace of its own for each run, /tmp and /dev/shm of limited size, gone with it';
const OWN_ID = 'a user of its own for each run where the service is root, else a user namespace of its own';
const OWN_JAIL = 'a jail of its own for each run, /tmp and /dev/shm of limited size, gone with it';
const OWN_INTERPRETER = 'an interpreter of its own for each run';
const GVISOR = "gVisor's kernel between a run and the host";
const NO_FILES = 'no file can be written: there is no /tmp, and runs have no mount namespace of their own';
const SHARED_USER = 'one unprivileged user for all runs, whose processes and threads are limited together';

const PROMISES: Readonly<Record<IsolationLevel, readonly string[]>> = {
  none: [],
  nsjail: [OWN_PID, OWN_FILES, OWN_ID, ...OF_ALL_JAILS],
  'nsjail-per-run': [OWN_JAIL, ...OF_ALL_JAILS],
  gvisor: [GVISOR, OWN_PID, NO_FILES, SHARED_USER, ...OF_ALL_JAILS],
  'gvisor-per-run': [GVISOR, OWN_INTERPRETER, OWN_PID, NO_FILES, SHARED_USER, ...OF_ALL_JAILS],
};

/** Returns what a level of isolation promises of each run, in sentences for people. The self-test looks at what can be seen from inside. */
export function promisesOf(level: IsolationLevel): readonly string[] {
  return PROMISES[level];
}

import type { ExecutionLimits } from '@pycell/contracts';

/** What the recipes of jails share. */

/** What a jail may live longer than its run's time limit, seconds: start, result, and the runner's own backstop. */
export const JAIL_GRACE_SECONDS = 30;
/** Places in the sandbox root, laid out by tools/sandbox-root. */
export const INTERPRETER_IN_JAIL = '/usr/bin/python3';
export const RUNNER_IN_JAIL = '/opt/pycell/runner';

/** Supervisor and zygotes, and what they need to start one another. */
const WARM_BASE_PROCESSES = 256;
/** Two zygotes hold a spare each beside a run, with two pipes each; and what the supervisor has itself. The third holds one in all. */
const DESCRIPTORS_FOR_EACH_PLACE = 8;
const WARM_BASE_DESCRIPTORS = 1024;
/** Zygotes' spares, that of figures and the self-test's, beside the runs at once. */
const EXTRA_PLACES = 3;

/** Returns how many processes and threads there may be of so many runs at once, with supervisor and zygotes. */
export function allProcesses({ maxThreads }: ExecutionLimits, maxConcurrency: number): number {
  return WARM_BASE_PROCESSES + (maxConcurrency + EXTRA_PLACES) * (maxThreads + 2);
}

/** Returns how many descriptors supervisor and zygotes need for so many runs at once. */
export function warmDescriptors(maxConcurrency: number): number {
  return WARM_BASE_DESCRIPTORS + (maxConcurrency + EXTRA_PLACES) * DESCRIPTORS_FOR_EACH_PLACE;
}

/** What every jail promises of each run. */
export const PROMISES_OF_ALL_JAILS = [
  'no capability, no new privileges, not traceable',
  'an allow-list of system calls: threads, but no process and no socket',
  'no network interface',
  'a read-only root with Python only; no /proc, nothing of the environment',
  'limits of memory, CPU time, open files, output and result',
];
export const OWN_PID_PROMISE = 'a pid and an IPC namespace of its own for each run';

/** What an operator does about the container that the service is in. */
export const CONTAINER_REMEDY =
  'A container needs our seccomp profile (infra/docker/seccomp/pycell-seccomp.json), no AppArmor profile that forbids mounts, ' +
  'and a writable /tmp';

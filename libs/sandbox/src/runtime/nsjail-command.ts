import type { ExecutionLimits } from '@pycell/contracts';
import type { OutsideIds } from '../host/id-mapping';
import type { SandboxPaths } from '../sandbox-options';
import { runnerArguments } from './runner-arguments';
import { CONNECTION_DESCRIPTOR, type RunnerCommand } from './runner-launcher';

/** The unprivileged id inside every jail. */
const INSIDE_ID = 1000;
/** What a jail may live longer than its run's time limit, seconds: start, result, and the runner's own backstop. */
const JAIL_GRACE_SECONDS = 30;
/** Files and folders in /tmp: empty ones take no space of the tmpfs, but memory of the kernel. */
const MAX_TMP_FILES = 4096;
/** The supervisor, beside the run's threads. */
const SUPERVISOR_PROCESSES = 1;
/** Places in the sandbox root, laid out by tools/sandbox-root. */
const INTERPRETER_IN_JAIL = '/usr/bin/python3';
const RUNNER_IN_JAIL = '/opt/pycell/runner';

/** Returns the command that starts the runner for one run in a jail of its own; nsjail.cfg holds what is constant. */
export function nsjailCommand(paths: SandboxPaths, limits: ExecutionLimits, ids: OutsideIds): RunnerCommand {
  return {
    file: paths.nsjail,
    cwd: '/',
    args: [
      ...['--config', paths.nsjailConfig],
      ...['--chroot', paths.sandboxRoot],
      ...['--user', `${INSIDE_ID}:${ids.uid}:1`],
      ...['--group', `${INSIDE_ID}:${ids.gid}:1`],
      ...['--time_limit', String(Math.ceil(limits.timeoutSeconds) + JAIL_GRACE_SECONDS)],
      ...['--rlimit_nproc', String(limits.maxThreads + SUPERVISOR_PROCESSES)],
      ...[
        '--mount',
        `none:/tmp:tmpfs:size=${limits.tmpSizeMb * 1024 * 1024},nr_inodes=${MAX_TMP_FILES},mode=1777`,
      ],
      ...['--pass_fd', String(CONNECTION_DESCRIPTOR)],
      '--',
      INTERPRETER_IN_JAIL,
      ...runnerArguments(RUNNER_IN_JAIL, ['--isolated']),
    ],
  };
}

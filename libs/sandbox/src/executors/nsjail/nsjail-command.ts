import type { ExecutionLimits } from '@pycell/contracts';
import type { OutsideIdRange, OutsideIds } from '../../host/id-mapping';
import type { SandboxPaths } from '../../host/installation';
import { onceArguments, warmArguments } from '../../launch/runner-arguments';
import { CONNECTION_DESCRIPTOR, CONTROL_DESCRIPTOR, type RunnerCommand } from '../../launch/runner-launcher';
import {
  allProcesses,
  INTERPRETER_IN_JAIL,
  JAIL_GRACE_SECONDS,
  RUNNER_IN_JAIL,
  warmDescriptors,
} from '../jail-facts';

/** The unprivileged id of the supervisor and the zygotes inside a jail with a user namespace, and of the run in a jail of its own. */
const INSIDE_ID = 1000;
/** The supervisor, beside the run's threads. */
const SUPERVISOR_PROCESSES = 1;
/** What a zygote needs to isolate its forks, within the jail's own user namespace if it has one. Each run drops them. */
const ZYGOTE_CAPABILITIES = ['CAP_SYS_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_KILL'];
/** Where the warm jail has the sockets' folder until it has bound them; afterwards nobody in there sees it. */
const SOCKETS_IN_JAIL = '/tmp';

/**
 * Returns the command that starts the runner for one run in a jail of its own. `paths.nsjailConfig` is nsjail.cfg with the
 * run's /tmp: `writeSingleRunConfig`.
 */
export function perRunJailCommand(
  paths: SandboxPaths,
  limits: ExecutionLimits,
  ids: OutsideIds,
  ownUserNamespace = true,
): RunnerCommand {
  return jailCommand(
    paths,
    [
      ...idOptions({ first: ids, count: 1 }, ownUserNamespace),
      ...['--time_limit', String(Math.ceil(limits.timeoutSeconds) + JAIL_GRACE_SECONDS)],
      ...['--rlimit_nproc', String(limits.maxThreads + SUPERVISOR_PROCESSES)],
      ...['--pass_fd', String(CONNECTION_DESCRIPTOR)],
    ],
    onceArguments(RUNNER_IN_JAIL, limits, ['--isolated']),
  );
}

/** What is the warm jail's own. */
export interface WarmJail {
  readonly ids: OutsideIdRange;
  /** Whether it has a user namespace. Without one, ids inside are those outside, and there must be several. */
  readonly ownUserNamespace: boolean;
  readonly maxConcurrency: number;
  /** A folder outside. */
  readonly sockets: string;
}

/** Returns the command that starts the runner for many runs in one jail. */
export function warmJailCommand(
  paths: SandboxPaths,
  limits: ExecutionLimits,
  { ids: range, ownUserNamespace, maxConcurrency, sockets }: WarmJail,
): RunnerCommand {
  const { first, count } = range;
  const firstInside = ownUserNamespace ? INSIDE_ID : first.uid;
  // With one id there is none to give to each run: a user namespace of its own takes the place of that.
  const ids = count > 1 ? ['--ids', `${firstInside + 1}:${count - 1}`] : [];
  return jailCommand(
    paths,
    [
      ...idOptions(range, ownUserNamespace),
      // It lives as long as the service; the limits of a run are put on by the run itself.
      ...['--time_limit', '0'],
      ...['--rlimit_cpu', 'hard'],
      // Each run narrows these to its own; here they bound all of them together.
      ...['--rlimit_nproc', String(allProcesses(limits, maxConcurrency))],
      ...['--rlimit_nofile', String(warmDescriptors(maxConcurrency))],
      ...ZYGOTE_CAPABILITIES.flatMap((name) => ['--cap', name]),
      ...['--cwd', '/'],
      ...['--bindmount', `${sockets}:${SOCKETS_IN_JAIL}`],
    ],
    warmArguments(RUNNER_IN_JAIL, limits, ['--sockets', SOCKETS_IN_JAIL, '--isolated', ...ids]),
  );
}

/** Whose rights the jail has outside: inside, that is the same id, or with a user namespace INSIDE_ID and those after it. */
function idOptions({ first: { uid, gid }, count }: OutsideIdRange, ownUserNamespace: boolean): string[] {
  return ownUserNamespace
    ? ['--user', `${INSIDE_ID}:${uid}:${count}`, '--group', `${INSIDE_ID}:${gid}:${count}`]
    : ['--disable_clone_newuser', '--user', String(uid), '--group', String(gid)];
}

function jailCommand(
  paths: SandboxPaths,
  options: readonly string[],
  runnerArguments: readonly string[],
): RunnerCommand {
  return {
    file: paths.nsjail,
    cwd: '/',
    args: [
      ...['--config', paths.nsjailConfig],
      ...['--chroot', paths.sandboxRoot],
      ...options,
      ...['--pass_fd', String(CONTROL_DESCRIPTOR)],
      '--',
      INTERPRETER_IN_JAIL,
      ...runnerArguments,
    ],
  };
}

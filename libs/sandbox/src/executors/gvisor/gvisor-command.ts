import { readFileSync } from 'node:fs';
import { type ExecutionLimits, FIXED_LIMITS } from '@pycell/contracts';
import type { OutsideIds } from '../../host/id-mapping';
import type { SandboxPaths } from '../../host/installation';
import { onceArguments, warmArguments } from '../../launch/runner-arguments';
import {
  CONNECTION_DESCRIPTOR,
  CONTROL_DESCRIPTOR,
  FOLDER_DESCRIPTOR,
  type RunnerCommand,
} from '../../launch/runner-launcher';
import {
  allProcesses,
  INTERPRETER_IN_JAIL,
  JAIL_GRACE_SECONDS,
  RUNNER_IN_JAIL,
  warmDescriptors,
} from '../jail-facts';

/** util-linux: what nsjail does on Linux and cannot do inside gVisor. The environment is empty, so there is no PATH. */
const SETPRIV = '/usr/bin/setpriv';
const PRLIMIT = '/usr/bin/prlimit';
const UNSHARE = '/usr/bin/unshare';
/** Of the supervisor of one run; the run narrows it to its own. */
const SUPERVISOR_DESCRIPTORS = 1024;
const PROFILE = ['--isolated', '--profile', 'gvisor'];

/** Returns the command that starts the runner for one run inside gVisor. `ids`: whose rights it has outside. */
export function perRunGvisorCommand(
  paths: SandboxPaths,
  limits: ExecutionLimits,
  { ids, maxConcurrency }: Pick<WarmGvisor, 'ids' | 'maxConcurrency'>,
): RunnerCommand {
  return launcher(paths, ids, {
    rlimits: [`--nofile=${SUPERVISOR_DESCRIPTORS}`, `--nproc=${allProcesses(limits, maxConcurrency)}`],
    timeLimit: Math.ceil(limits.timeoutSeconds) + JAIL_GRACE_SECONDS,
    descriptors: [CONTROL_DESCRIPTOR, CONNECTION_DESCRIPTOR],
    runnerArguments: onceArguments(RUNNER_IN_JAIL, limits, PROFILE),
  });
}

/** What differs for a runner that serves many runs. */
export interface WarmGvisor {
  readonly ids: OutsideIds;
  readonly maxConcurrency: number;
  /** A folder outside. There are no mounts: the runner gets it as a descriptor, and closes that when it has bound its sockets. */
  readonly sockets: string;
}

/** Returns the command that starts the runner for many runs inside gVisor. */
export function warmGvisorCommand(
  paths: SandboxPaths,
  limits: ExecutionLimits,
  { ids, maxConcurrency, sockets }: WarmGvisor,
): RunnerCommand {
  const command = launcher(paths, ids, {
    rlimits: [
      `--nofile=${warmDescriptors(maxConcurrency)}`,
      `--nproc=${allProcesses(limits, maxConcurrency)}`,
    ],
    timeLimit: 0,
    descriptors: [CONTROL_DESCRIPTOR, FOLDER_DESCRIPTOR],
    runnerArguments: warmArguments(RUNNER_IN_JAIL, limits, [
      ...['--sockets-folder', String(FOLDER_DESCRIPTOR)],
      ...PROFILE,
    ]),
  });
  return { ...command, folder: sockets };
}

/** Returns how many processes and threads all runs together may have inside gVisor. */
export function processesOfRuns(limits: ExecutionLimits, maxConcurrency: number): number {
  const all = allProcesses(limits, maxConcurrency);
  return all - Math.max(FIXED_LIMITS.processesForStarts, Math.floor(all / 4));
}

/** In the policy of nsjail.cfg: what the launcher still needs here, and what nobody does, since it makes no mounts. */
const ALLOWED_TO_LAUNCHER = /\bchroot\b/;
const FORBIDDEN_BESIDES = 'mount, umount';

/**
 * Returns the outer filter of system calls: that of nsjail.cfg, but for what differs inside gVisor.
 * @throws Error when the file is not there, or has no such policy.
 */
export function outerPolicy(nsjailConfig: string): string {
  const lines = [...readFileSync(nsjailConfig, 'utf8').matchAll(/^seccomp_string: "(.*)"$/gm)];
  const policy = lines.map(([, text]) => text).join('\n');
  if (!ALLOWED_TO_LAUNCHER.test(policy)) {
    throw new Error(`${nsjailConfig} has no policy of system calls that refuses chroot`);
  }
  return policy.replace(ALLOWED_TO_LAUNCHER, FORBIDDEN_BESIDES);
}

interface Launch {
  readonly rlimits: readonly string[];
  /** Seconds; 0: none. */
  readonly timeLimit: number;
  readonly descriptors: readonly number[];
  readonly runnerArguments: readonly string[];
}

/**
 * Outermost first: rights are given up (root only), limits put on, then nsjail sets no_new_privs and the outer filter and
 * starts what makes the namespaces; pid 1 in there is to die with its parent, goes into the sandbox root, and becomes the runner.
 */
function launcher(paths: SandboxPaths, ids: OutsideIds, launch: Launch): RunnerCommand {
  const dropRights =
    process.getuid?.() === 0
      ? [SETPRIV, `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups', '--inh-caps=-all', '--']
      : [];
  const [file = '', ...args] = [
    ...dropRights,
    ...[PRLIMIT, '--core=0', '--memlock=0', ...launch.rlimits, '--'],
    ...[paths.nsjail, '--config', paths.nsjailGvisorConfig, '--time_limit', String(launch.timeLimit)],
    ...['--seccomp_string', outerPolicy(paths.nsjailConfig)],
    ...launch.descriptors.flatMap((descriptor) => ['--pass_fd', String(descriptor)]),
    '--',
    ...[UNSHARE, '--user', '--map-root-user', '--net', '--ipc', '--uts', '--pid', '--fork', '--'],
    // Not unshare's own --kill-child, which since util-linux 2.41 calls pidfd_open: the outer filter refuses that.
    ...[SETPRIV, '--pdeathsig=KILL', '--'],
    ...[UNSHARE, `--root=${paths.sandboxRoot}`, '--wd=/', '--'],
    ...[INTERPRETER_IN_JAIL, ...launch.runnerArguments],
  ];
  return { file, args, cwd: '/' };
}

import { join } from 'node:path';
import { unprivilegedIds } from '../../host/id-mapping';
import type { ExecutorRecipe, PerRunLaunch, WarmLaunch } from '../../launch/recipe';
import type { RunnerCommand } from '../../launch/runner-launcher';
import { judgeGvisor } from '../../self-test/judgement';
import { probeScript } from '../../self-test/probe-script';
import type { ExecutorOptions } from '../executor-options';
import { OWN_PID_PROMISE, PROMISES_OF_ALL_JAILS } from '../jail-facts';
import { perRunGvisorCommand, processesOfRuns, warmGvisorCommand } from './gvisor-command';

const GVISOR = "gVisor's kernel between a run and the host";
const OWN_INTERPRETER = 'an interpreter of its own for each run';
const NO_FILES = 'no file can be written: there is no /tmp, and runs have no mount namespace of their own';
const SHARED_USER = 'one unprivileged user for all runs, whose processes and threads are limited together';

/** BUILD=cloud with JAIL_PROFILE=gvisor: inside gVisor, whose kernel is the wall there, in what nsjail can do in it. */
export function gvisorRecipe(options: ExecutorOptions): ExecutorRecipe {
  const { limits, maxConcurrency, paths, jailPerRun } = options;
  return {
    isolation: jailPerRun ? 'gvisor-per-run' : 'gvisor',
    promises: [
      GVISOR,
      ...(jailPerRun ? [OWN_INTERPRETER] : []),
      OWN_PID_PROMISE,
      NO_FILES,
      SHARED_USER,
      ...PROMISES_OF_ALL_JAILS,
    ],
    takesFiles: false,
    remedy:
      'JAIL_PROFILE=gvisor works inside gVisor only; on another kernel take JAIL_PROFILE=full: ' +
      'docs/operations.md, "When the self-test fails".',
    pythonManifest: join(paths.sandboxRoot, 'sandbox.json'),
    limits,
    maxConcurrency,
    selfTest: {
      script: probeScript(limits),
      // Its pid 1 is not spared signals: the run of a jail of its own is in a namespace of its own even so.
      judge: judgeGvisor({
        limits,
        ownPidNamespace: true,
        maxProcesses: processesOfRuns(limits, maxConcurrency),
      }),
    },
    launch: jailPerRun ? perRunLaunch(options) : warmLaunch(options),
  };
}

function warmLaunch({ limits, paths, maxConcurrency, preload }: ExecutorOptions): WarmLaunch {
  const ids = unprivilegedIds();
  return {
    way: 'warm',
    preload,
    hasRunFolders: false,
    socketOwner: ids,
    command: (sockets) => warmGvisorCommand(paths, limits, { ids, maxConcurrency, sockets }),
  };
}

function perRunLaunch({ limits, paths, maxConcurrency }: ExecutorOptions): PerRunLaunch {
  const ids = unprivilegedIds();
  // The same for every run. Made with the first: what is wrong with its files is an error of a run, not of the start.
  let command: RunnerCommand | undefined;
  return {
    way: 'per-run',
    prepare: () =>
      Promise.resolve().then(() => {
        command ??= perRunGvisorCommand(paths, limits, { ids, maxConcurrency });
        return { command, release: () => Promise.resolve() };
      }),
  };
}

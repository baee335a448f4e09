import { join } from 'node:path';
import { OutsideIdPool } from '../../host/id-mapping';
import type { ExecutorRecipe, PerRunLaunch, WarmLaunch } from '../../launch/recipe';
import { judgeFullJail } from '../../self-test/judgement';
import { probeScript } from '../../self-test/probe-script';
import type { ExecutorOptions } from '../executor-options';
import { CONTAINER_REMEDY, OWN_PID_PROMISE, PROMISES_OF_ALL_JAILS } from '../jail-facts';
import { perRunJailCommand, warmJailCommand } from './nsjail-command';
import { writeSingleRunConfig } from './single-run-config';

const OWN_FILES =
  'a mount namespace of its own for each run, /tmp and /dev/shm of limited size, gone with it';
const OWN_ID = 'a user of its own for each run where the service is root, else a user namespace of its own';
const OWN_JAIL = 'a jail of its own for each run, /tmp and /dev/shm of limited size, gone with it';

const HOST_REMEDY = `On a host, npm run doctor tells what is missing. ${CONTAINER_REMEDY}: docs/operations.md, "Docker".`;
const ROOT_REMEDY =
  'JAIL_PROFILE=no-user-namespace needs root with SYS_ADMIN, SETUID, SETGID, SETPCAP, KILL and CHOWN. ' +
  `${CONTAINER_REMEDY}: docs/operations.md, "Docker".`;

/**
 * BUILD=cloud: runs in nsjail, with a user namespace or, with JAIL_PROFILE=no-user-namespace, made by root; in one warm
 * jail for all of them, or with JAIL_PER_RUN in one for each.
 */
export function nsjailRecipe(options: ExecutorOptions): ExecutorRecipe {
  const { limits, maxConcurrency, paths, jailPerRun, jailProfile } = options;
  return {
    isolation: jailPerRun ? 'nsjail-per-run' : 'nsjail',
    promises: jailPerRun
      ? [OWN_JAIL, ...PROMISES_OF_ALL_JAILS]
      : [OWN_PID_PROMISE, OWN_FILES, OWN_ID, ...PROMISES_OF_ALL_JAILS],
    takesFiles: true,
    remedy: jailProfile === 'no-user-namespace' ? ROOT_REMEDY : HOST_REMEDY,
    pythonManifest: join(paths.sandboxRoot, 'sandbox.json'),
    limits,
    maxConcurrency,
    selfTest: {
      script: probeScript(limits),
      // In a jail for each run the supervisor is pid 1, and counts among the jail's processes.
      judge: judgeFullJail({
        limits,
        ownPidNamespace: !jailPerRun,
        maxProcesses: limits.maxThreads + (jailPerRun ? 1 : 0),
      }),
    },
    launch: jailPerRun ? perRunLaunch(options) : warmLaunch(options),
  };
}

function hasUserNamespace({ jailProfile }: ExecutorOptions): boolean {
  return jailProfile !== 'no-user-namespace';
}

function warmLaunch(options: ExecutorOptions): WarmLaunch {
  const { limits, paths, maxConcurrency, preload } = options;
  const ids = new OutsideIdPool().range();
  const ownUserNamespace = hasUserNamespace(options);
  return {
    way: 'warm',
    preload,
    hasRunFolders: false,
    socketOwner: ids.first,
    command: (sockets) => warmJailCommand(paths, limits, { ids, ownUserNamespace, maxConcurrency, sockets }),
  };
}

function perRunLaunch(options: ExecutorOptions): PerRunLaunch {
  const { limits, paths } = options;
  const pool = new OutsideIdPool();
  return {
    way: 'per-run',
    prepare: async () => {
      const config = await writeSingleRunConfig(paths.nsjailConfig, limits);
      const { ids, release } = pool.take();
      const own = { ...paths, nsjailConfig: config.file };
      return {
        command: perRunJailCommand(own, limits, ids, hasUserNamespace(options)),
        release: () => {
          release();
          return config.remove();
        },
      };
    },
  };
}

import { ApiServer, type Environment } from './api-server';
import { describeCloud } from './jail-support';
import { ordinaryInstallation, type OrdinaryInstallation } from './ordinary-installation';

/** One of the ways in which BUILD=cloud isolates runs. */
export interface JailMode {
  /** Runs are forks of zygotes in one jail. */
  readonly isWarm: boolean;
  /** Each run has an id of its own outside. */
  readonly hasOwnIds: boolean;
  /** The jail is not in a user namespace of its own. */
  readonly sharesUserNamespace: boolean;
  start(environment: Environment): Promise<ApiServer>;
  stop(server: ApiServer): Promise<void>;
}

const asRoot = process.getuid?.() === 0;

function ownMode(isWarm: boolean, sharesUserNamespace = false): JailMode {
  const JAIL_PROFILE = sharesUserNamespace ? 'no-user-namespace' : 'full';
  return {
    isWarm,
    hasOwnIds: asRoot,
    sharesUserNamespace,
    start: (environment) =>
      ApiServer.start({ BUILD: 'cloud', JAIL_PER_RUN: String(!isWarm), JAIL_PROFILE, ...environment }),
    stop: async (server) => {
      await server.stop();
    },
  };
}

function ordinaryUserMode(): JailMode {
  let installed: OrdinaryInstallation;
  return {
    isWarm: true,
    hasOwnIds: false,
    sharesUserNamespace: false,
    start: (environment) => {
      installed = ordinaryInstallation();
      return ApiServer.start(
        { BUILD: 'cloud', ...installed.environment, ...environment },
        installed.identity,
      );
    },
    stop: async (server) => {
      await server.stop();
      installed.remove();
    },
  };
}

/** Defines one suite for each way to isolate: warm as whoever tests, as an ordinary user, as root without a user namespace; a jail for each run. */
export function describeEachJail(name: string, suite: (mode: JailMode) => void): void {
  describeCloud(`${name} (warm)`, () => suite(ownMode(true)));
  if (asRoot) {
    describeCloud(`${name} (warm, as an ordinary user without capabilities)`, () =>
      suite(ordinaryUserMode()),
    );
    describeCloud(`${name} (warm, JAIL_PROFILE=no-user-namespace)`, () => suite(ownMode(true, true)));
  }
  describeCloud(`${name} (JAIL_PER_RUN)`, () => suite(ownMode(false)));
}

import { ApiServer, type Environment } from './api-server';
import { describeCloud } from './jail-support';
import { ordinaryInstallation, type OrdinaryInstallation } from './ordinary-installation';

/** One of the ways in which BUILD=cloud isolates runs. */
export interface JailMode {
  /** Runs are forks of zygotes in one jail. */
  readonly isWarm: boolean;
  /** Each run has an id of its own outside. */
  readonly hasOwnIds: boolean;
  start(environment: Environment): Promise<ApiServer>;
  stop(server: ApiServer): Promise<void>;
}

const asRoot = process.getuid?.() === 0;

function ownMode(isWarm: boolean): JailMode {
  return {
    isWarm,
    hasOwnIds: asRoot,
    start: (environment) =>
      ApiServer.start({ BUILD: 'cloud', JAIL_PER_RUN: String(!isWarm), ...environment }),
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

/** Defines one suite for each way to isolate: warm as whoever tests, warm as an ordinary user, a jail for each run. */
export function describeEachJail(name: string, suite: (mode: JailMode) => void): void {
  describeCloud(`${name} (warm)`, () => suite(ownMode(true)));
  if (asRoot) {
    describeCloud(`${name} (warm, as an ordinary user without capabilities)`, () =>
      suite(ordinaryUserMode()),
    );
  }
  describeCloud(`${name} (JAIL_PER_RUN)`, () => suite(ownMode(false)));
}

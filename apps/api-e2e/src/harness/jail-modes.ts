import { ApiServer, type Environment } from './api-server';
import { describeCloud } from './jail-support';
import { ordinaryInstallation, type OrdinaryInstallation } from './ordinary-installation';

/** One of the ways in which BUILD=cloud isolates runs. */
export interface JailMode {
  /** Runs are forks of zygotes in one jail. */
  readonly isWarm: boolean;
  /** How many of the hostile scripts run where a sample is asked for, from 0 to 1. */
  readonly share: number;
  /** Each run has an id of its own outside. */
  readonly hasOwnIds: boolean;
  /** The jail is not in a user namespace of its own. */
  readonly sharesUserNamespace: boolean;
  start(environment: Environment): Promise<ApiServer>;
  stop(server: ApiServer): Promise<void>;
}

const OTHER_SHARE = 0.25;
const asRoot = process.getuid?.() === 0;

function ownMode(isWarm: boolean, sharesUserNamespace = false): JailMode {
  const JAIL_PROFILE = sharesUserNamespace ? 'no-user-namespace' : 'full';
  return {
    isWarm,
    // All in the way that is the default; the other ways differ from it in little.
    share: isWarm && !sharesUserNamespace ? 1 : OTHER_SHARE,
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
    share: OTHER_SHARE,
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

/** The ways to isolate: `null` where whoever tests cannot, since only root may. */
const WAYS = {
  warm: () => ownMode(true),
  'warm, as an ordinary user without capabilities': asRoot ? ordinaryUserMode : null,
  'warm, JAIL_PROFILE=no-user-namespace': asRoot ? () => ownMode(true, true) : null,
  JAIL_PER_RUN: () => ownMode(false),
};

type JailWay = keyof typeof WAYS;

export const JAIL_WAYS = Object.keys(WAYS) as readonly JailWay[];

/** Defines the suite for one way to isolate. Long ones have a spec file for each way, so that they run beside each other. */
export function describeJailMode(
  way: JailWay,
  suite: (mode: JailMode) => void,
  subject = 'A hostile script in the jail, with the policy off',
): void {
  const begin = WAYS[way];
  const name = `${subject} (${way})`;
  if (begin === null) {
    describe.skip(name, () => it.todo('runs as root'));
  } else {
    describeCloud(name, () => suite(begin()));
  }
}

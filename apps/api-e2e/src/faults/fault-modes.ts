import { ApiServer } from '../harness/api-server';
import { describeJailMode, type JailMode } from '../harness/jail-modes';
import { sampled } from '../harness/sampling';

/** The ways to isolate that differ in their processes; of a sample one of them, another one each time. */
const WAYS = ['warm', 'warm, as an ordinary user without capabilities', 'JAIL_PER_RUN'] as const;

/** A way to run scripts in which faults are tried. */
export type FaultMode = Pick<JailMode, 'isWarm' | 'share' | 'start' | 'stop'>;

const LOCAL: FaultMode = {
  isWarm: true,
  share: 1,
  start: (environment) => ApiServer.start({ BUILD: 'local', ...environment }),
  stop: async (server) => {
    await server.stop();
  },
};

/** Defines the suite without a jail, and for the ways to isolate that differ in their processes. */
export function describeFaults(what: string, suite: (mode: FaultMode) => void): void {
  describe(`${what} (BUILD=local)`, () => suite(LOCAL));
  describeJailed(what, suite);
}

/** The same with a jail only. */
export function describeJailed(what: string, suite: (mode: FaultMode) => void): void {
  for (const way of sampled(WAYS, 1 / WAYS.length, what)) {
    describeJailMode(way, suite, what);
  }
}

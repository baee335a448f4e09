/** What is measured on which server. */

/** Clients that come back after a pause, as people do. */
export const THINK_MS = 50;
/** Many clients at once: how long until the load is steady, and how long it is measured at least. Seconds. */
const STEADY_AFTER_SECONDS = 1;
const MIN_CROWD_SECONDS = 6;

/** A jail and an interpreter for each run. */
const COLD = { JAIL_PER_RUN: 'true' };

/**
 * Returns what is started, by name: the label in the table and the environment. `crowd` has the default configuration
 * and a server of its own, like all others here; what it does to a server must not be seen in the other figures.
 */
export function serversFor({ canSandbox }) {
  return {
    ...(canSandbox && { cloud: { label: 'cloud', environment: { BUILD: 'cloud' } } }),
    local: { label: 'local', environment: { BUILD: 'local' } },
    ...(canSandbox && { cloudCold: { label: 'cloud, cold', environment: { BUILD: 'cloud', ...COLD } } }),
    crowd: canSandbox
      ? { label: 'cloud, for crowds', environment: { BUILD: 'cloud' } }
      : { label: 'local, for crowds', environment: { BUILD: 'local' } },
  };
}

/** Returns every cell of a round, in the order in which they are measured. */
export function cellsFor(servers) {
  const has = (name) => name in servers;
  const plain = ['cloud', 'local', 'cloudCold'].filter(has);
  const thinking = ['cloud', 'cloudCold'].filter(has);
  const works = ['hello', 'pandas'];
  return [
    ...works.flatMap((work) =>
      [1, 8].flatMap((clients) => plain.map((server) => ({ server, work, clients, thinkMs: 0 }))),
    ),
    ...['cloud', 'local'].filter(has).map((server) => ({ server, work: 'figure', clients: 1, thinkMs: 0 })),
    ...works.flatMap((work) => thinking.map((server) => ({ server, work, clients: 1, thinkMs: THINK_MS }))),
    // 8 are no crowd: what a crowd is compared with, on the same server and for as long.
    ...[8, 64, 256].map((clients) => ({ server: 'crowd', work: 'hello', clients, thinkMs: 0 })),
  ];
}

/** Returns what `load` needs to know of a cell. */
export function loadOf({ server, clients, thinkMs }, seconds) {
  return server === 'crowd'
    ? {
        clients,
        thinkMs,
        seconds: STEADY_AFTER_SECONDS + Math.max(seconds, MIN_CROWD_SECONDS),
        steadyAfterSeconds: STEADY_AFTER_SECONDS,
      }
    : { clients, thinkMs, seconds };
}

export function keyOf({ server, work, clients, thinkMs }) {
  return `${server} ${work} ${clients} ${thinkMs}`;
}

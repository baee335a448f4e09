import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { descendantsOf } from '../harness/processes';
import { hello, pandas } from './load';

/** What a service that nobody talks to has on this host. */
export interface Remains {
  readonly processes: number;
  readonly zombies: number;
  readonly hostMounts: number;
  readonly socketFolders: number;
  /** Of files, sockets and pipes that no thread brings along; may be below zero. */
  readonly descriptors: number;
}

/** A thread of Node's has so many pipes of its own. */
const PIPES_OF_A_THREAD = 2;
/** What wakes an event loop, which differs by version of Node; a thread's clock, which the policy opens when it is used. */
const OF_A_THREAD = /^anon_inode:|\/schedstat$/;

/** Without those of threads: the script policy starts and ends its own by need, each with a loop. */
function descriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
  const threads = targets.filter((target) => target === 'anon_inode:[eventpoll]').length;
  const files = targets.filter((target) => !OF_A_THREAD.test(target));
  return files.length - PIPES_OF_A_THREAD * threads;
}

function remainsOf({ pid }: ApiServer): Remains {
  const below = descendantsOf(pid);
  return {
    processes: below.length,
    zombies: below.filter(({ state }) => state === 'Z').length,
    hostMounts: readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').length,
    socketFolders: readdirSync(tmpdir()).filter((name) => name.startsWith(`pycell-runtime-${pid}-`)).length,
    descriptors: descriptorsOf(pid),
  };
}

/** Counts once nothing changes any more: spares are forked and warmed for a while after the last run. */
export async function calmRemainsOf(server: ApiServer): Promise<Remains> {
  let last = '';
  let same = 0;
  // Connections that are kept alive are the client's, and would count as the service's descriptors.
  server.client.close();
  const isCalm = (now: Remains): boolean => {
    same = JSON.stringify(now) === last ? same + 1 : 0;
    last = JSON.stringify(now);
    return same >= 15;
  };
  return eventually(() => remainsOf(server), isCalm, server.patienceMs(10_000));
}

/** Waits until there is no more than before. @throws Error with what there is where that does not come to be. */
export async function expectNothingLeft(server: ApiServer, before: Remains): Promise<void> {
  const text = JSON.stringify(before);
  const isAsBefore = async (): Promise<void> => {
    server.client.close();
    await eventually(
      () => remainsOf(server),
      (now) => JSON.stringify(now) === text,
      server.patienceMs(10_000),
    );
  };
  await isAsBefore()
    .catch(async (error: unknown) => {
      const now = remainsOf(server);
      const { processes, descriptors } = now;
      const withoutOne = { ...now, processes: processes - 1, descriptors: descriptors - 1 };
      if (JSON.stringify(withoutOne) !== text) throw error;
      // Who no longer waits for a spare has left it, and it is one more than are kept until the next run takes it.
      for (const script of [hello(1), pandas(2)]) {
        expect((await server.client.execute(script)).status).toBe(200);
      }
      await isAsBefore();
    })
    .catch((error: unknown) => {
      throw new Error(`something is left of a fault: before ${text}. ${String(error)}`);
    });
}

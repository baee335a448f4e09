import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { describeCloud } from '../harness/jail-support';
import { type OrdinaryInstallation, ordinaryInstallation } from '../harness/ordinary-installation';
import { descendantsOf } from '../harness/processes';
import { hello, pandas } from './load';
import { calmRemainsOf, expectNothingLeft, type Remains } from './remains';
import { expectSurvived, limitResource } from './shortage';
import { signalled, zygote } from './victims';

const KILOBYTE = 1024;
/** The whole room of the folder for temporary files. */
const FOLDER_BYTES = 256 * KILOBYTE;
const FOLDER_INODES = 64;
/** Of a run that waits for a spare as long as the service has it wait, once. */
const PATIENCE_MS = 8_000;
/** Of answers that do not wait for a spare, on a machine on which much is started and dies. */
const AT_ONCE_MS = PATIENCE_MS / 2;

/** So many Node opens at its start, for its loop and its threads, and never closes. */
const LOWEST_DESCRIPTORS = 8;

const isRoot = process.getuid?.() === 0;
/** Only root may mount, and limit another's process. */
const describeAsRoot = isRoot ? describeCloud : describe.skip;

function killRunner(server: ApiServer): void {
  for (const runner of descendantsOf(server.pid).filter(({ parent }) => parent === server.pid)) {
    signalled(runner, 'SIGKILL');
  }
}

describeAsRoot('A service whose folder for temporary files is full', () => {
  let folder: string;
  let server: ApiServer;
  let before: Remains;
  const filled: string[] = [];
  /** The folder as the service sees it: nobody else has the small file system there. */
  const inside = (name: string): string => join(`/proc/${server.pid}/root`, folder, name);

  /** Writes files until there is no room. */
  const fill = (content: Buffer): void => {
    try {
      for (;;) {
        const name = inside(`filler-${filled.length}`);
        filled.push(name);
        writeFileSync(name, content);
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  };
  const empty = (): void => filled.splice(0).forEach((name) => rmSync(name, { force: true }));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-full-'));
    const mount = `mount -t tmpfs -o size=${FOLDER_BYTES},nr_inodes=${FOLDER_INODES},mode=1777 none "$0" && exec "$@"`;
    server = await ApiServer.start(
      { BUILD: 'cloud', MAX_CONCURRENCY: '4', TMPDIR: folder },
      { launcher: ['unshare', '--mount', 'sh', '-c', mount, folder] },
    );
    expect((await server.client.execute(pandas(1))).body.result).toBe(1);
    before = await calmRemainsOf(server);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('runs on while its jail lives, and starts another that needs no bytes', async () => {
    try {
      fill(Buffer.alloc(4 * KILOBYTE, 'x'));
      expect((await server.client.execute(hello(2))).body.result).toBe(2);
      killRunner(server);
      expect((await server.client.execute(hello(3))).body.result).toBe(3);
    } finally {
      empty();
    }
    await expectNothingLeft(server, before);
  });

  it('says so where it has no inode for a new jail, and heals when there are some', async () => {
    await expectSurvived(server, {
      told: /ENOSPC: no space left on device/,
      answeredWithinMs: AT_ONCE_MS,
      begin: async () => {
        // The folder of a jail that is lost makes room for that of the next, unless somebody takes it meanwhile.
        for (let n = 0; !server.log.includes('ENOSPC'); n++) {
          if (n % 300 === 0) {
            killRunner(server);
          }
          fill(Buffer.alloc(0));
          await delay(1);
        }
      },
      end: empty,
    });
    await expectNothingLeft(server, before);
  });
});

describeCloud('A service whose log has no room', () => {
  it('goes on without it, and ends when it is told to', async () => {
    const server = await ApiServer.start(
      { BUILD: 'cloud', MAX_CONCURRENCY: '4' },
      { launcher: ['sh', '-c', 'exec "$0" "$@" > /dev/full'] },
    );
    for (const n of [1, 2]) {
      await eventually(
        () => server.client.execute(hello(n)),
        ({ body }) => body.result === n,
        server.patienceMs(8_000),
      );
      // Which it wants to log.
      killRunner(server);
    }
    const since = performance.now();
    expect(await server.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(performance.now() - since).toBeLessThan(server.patienceMs(5_000));
  });
});

describeAsRoot('A service that has used up its descriptors', () => {
  it.each([
    ['with a warm jail', {}],
    ['with a jail for each run', { JAIL_PER_RUN: 'true' }],
  ])('%s answers on the connections that it has, says so, and heals', async (_how, environment) => {
    // Four at once, of one caller.
    const server = await ApiServer.start({ BUILD: 'cloud', MAX_CONCURRENCY: '5', ...environment });
    try {
      const before = await calmRemainsOf(server);
      await Promise.all([1, 2, 3, 4].map((n) => server.client.execute(hello(n))));
      await expectSurvived(server, {
        told: /EMFILE/,
        answeredWithinMs: server.patienceMs(PATIENCE_MS + 1_500),
        // The limit is on their numbers. Of the lowest Node itself has all: what ends gives none of these back.
        begin: () => limitResource(server.pid, 'nofile', LOWEST_DESCRIPTORS),
        end: () => limitResource(server.pid, 'nofile', 1_024),
      });
      await expectNothingLeft(server, before);
    } finally {
      await server.stop();
    }
  });
});

describeAsRoot('A service that may start no more processes', () => {
  let installed: OrdinaryInstallation;
  let server: ApiServer;
  let before: Remains;

  beforeAll(async () => {
    installed = ordinaryInstallation();
    server = await ApiServer.start(
      { BUILD: 'cloud', MAX_CONCURRENCY: '4', ...installed.environment },
      installed.identity,
    );
    before = await calmRemainsOf(server);
  });

  afterAll(async () => {
    await server.stop();
    installed.remove();
  });

  it('says so where a zygote cannot fork, and heals', async () => {
    const zygotes = [zygote('bare'), zygote('packages')].map(
      (choose) => choose(descendantsOf(server.pid))?.pid ?? 0,
    );
    await expectSurvived(server, {
      told: /cannot fork a run: .*Resource temporarily unavailable/,
      answeredWithinMs: server.patienceMs(PATIENCE_MS + 1_500),
      begin: () => zygotes.forEach((pid) => limitResource(pid, 'nproc', 1, installed.identity)),
      end: () => zygotes.forEach((pid) => limitResource(pid, 'nproc', 100, installed.identity)),
    });
    await expectNothingLeft(server, before);
  });

  it('says so where it cannot start a jail, and heals', async () => {
    await expectSurvived(server, {
      told: /EAGAIN/,
      answeredWithinMs: AT_ONCE_MS,
      begin: () => {
        limitResource(server.pid, 'nproc', 1, installed.identity);
        killRunner(server);
      },
      end: () => limitResource(server.pid, 'nproc', 1_000, installed.identity),
    });
    await expectNothingLeft(server, before);
  });
});

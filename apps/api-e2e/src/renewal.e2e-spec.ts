import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { INSTALLED } from './harness/installed-sandbox';
import { describeCloud } from './harness/jail-support';

/** Runs after which a zygote is renewed here: of the product's 5,000 a test would take half a minute. */
const RENEW_AFTER_RUNS = 5;
/** Between the runs that wait for a successor: without a pause they would keep it from its start. */
const PAUSE_MS = 50;
/** Within so long the zygotes of a kind are renewed. */
const RENEWALS_MS = 60_000;
const KEEPER = 'opt/pycell/runner/pycell_runner/supervisor';

const FACTS = `
import ctypes
def main():
    layout = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value
    return [hash("x"), layout, id(None)]
`;

/** Of a script for each kind of zygote. */
const JSON_HEAD = 'import json\n';
const PANDAS_HEAD = 'import pandas\n';
const FIGURES_HEAD = 'import matplotlib.pyplot\n';
const HEADS = [JSON_HEAD, PANDAS_HEAD, FIGURES_HEAD];

/** A copy of the sandbox root, of links where that can be, in which zygotes live for few runs. */
function rootOfShortLives(): string {
  // Beside the original: links need the same file system, and there the jail's users can walk.
  const folder = mkdtempSync(`${INSTALLED.sandboxRoot}-renewal-`);
  execFileSync('cp', ['-al', `${INSTALLED.sandboxRoot}/.`, folder]);
  const supervisor = join(folder, KEEPER);
  // Folders only: a file here is the original's, rights and all.
  [folder, supervisor, join(supervisor, '__pycache__')].forEach((path) => chmodSync(path, 0o755));
  const keeper = join(supervisor, 'zygote_keeper.py');
  const source = readFileSync(keeper, 'utf8');
  const shortened = source.replace(
    /^_RENEW_AFTER_RUNS: Final = .*$/m,
    `_RENEW_AFTER_RUNS: Final = ${RENEW_AFTER_RUNS}`,
  );
  expect(shortened).not.toBe(source);
  // Removed first: it is a link to the original.
  rmSync(keeper);
  writeFileSync(keeper, shortened, { mode: 0o444 });
  for (const name of readdirSync(join(supervisor, '__pycache__'))) {
    if (name.startsWith('zygote_keeper.')) {
      rmSync(join(supervisor, '__pycache__', name));
    }
  }
  return folder;
}

describeCloud('The renewal of zygotes in the jail', () => {
  let root: string;
  let server: ApiServer;

  beforeAll(async () => {
    root = rootOfShortLives();
    server = await ApiServer.start({ BUILD: 'cloud', SANDBOX_ROOT: root, MAX_CONCURRENCY: '4' });
  });

  afterAll(async () => {
    await server.stop();
    execFileSync('find', [root, '-type', 'd', '-exec', 'chmod', 'u+w', '{}', '+']);
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    [JSON_HEAD, 3],
    [PANDAS_HEAD, 3],
    // Each takes long to be ready on a busy machine; the first is renewed at once.
    [FIGURES_HEAD, 2],
  ] as const)(
    'changes hash seed and address layout, and loses no run (%j)',
    async (head, zygotes) => {
      const seen = new Map<string, number>();
      const giveUp = Date.now() + RENEWALS_MS;
      const slow = server.client.execute(
        `${head}import time\ndef main():\n    time.sleep(3)\n    return "slow"`,
      );
      while (seen.size < zygotes && Date.now() < giveUp) {
        const { body } = await server.client.execute(head + FACTS);
        expect(body.error).toBeUndefined();
        const key = JSON.stringify(body.result);
        seen.set(key, (seen.get(key) ?? 0) + 1);
        await delay(PAUSE_MS);
      }
      const facts = [...seen.keys()].map((key) => JSON.parse(key) as number[]);
      expect(facts).toHaveLength(zygotes);
      for (const index of [0, 1, 2]) {
        // Of forks of one zygote all three are the same, of two zygotes none is.
        expect(new Set(facts.map((each) => each[index])).size).toBe(zygotes);
      }
      expect((await slow).body.result).toBe('slow');
    },
    2 * RENEWALS_MS,
  );

  // An ordinary user has one id, and a user namespace for each run.
  (process.getuid?.() === 0 ? it : it.skip)(
    'gives each run that is alive an id of its own, of whichever kind and generation its zygote is',
    async () => {
      const script =
        'import ctypes, time\ndef main():\n    began = time.time()\n    time.sleep(0.4)\n    return [ctypes.CDLL(None).getuid(), began, time.time()]';
      const lives: { readonly uid: number; readonly began: number; readonly ended: number }[] = [];
      const live = async (head: string): Promise<void> => {
        for (let n = 0; n < 3 * RENEW_AFTER_RUNS; n++) {
          const { body } = await server.client.execute(head + script);
          const [uid, began, ended] = body.result as [number, number, number];
          lives.push({ uid, began, ended });
        }
      };
      await Promise.all(HEADS.map(live));
      const shared = lives.filter(({ uid, began, ended }) =>
        lives.some(
          (other) => other.uid === uid && other.began < ended && began < other.ended && other.began !== began,
        ),
      );
      expect(lives).toHaveLength(HEADS.length * 3 * RENEW_AFTER_RUNS);
      expect(shared).toEqual([]);
    },
    2 * RENEWALS_MS,
  );
});

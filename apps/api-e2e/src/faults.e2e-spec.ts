import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { ExecuteAnswer } from './harness/http-client';
import { describeEachBuild } from './harness/jail-support';
import { descendantsOf, isRunning, type ProcessEntry } from './harness/processes';

const HELLO = 'def main():\n    return "hello"';
const PANDAS = 'import pandas as pd\ndef main():\n    return int(pd.Series([1, 2]).sum())';
/** Holds its place, so that there is always a run to kill. */
const SLEEP = 'import time\ndef main():\n    time.sleep(0.2)\n    return "slept"';

/** A whole healing with load on two cores; the promise of one second is for a machine of its own. */
const HEALING_MS = 5_000;

type Victim = (below: readonly ProcessEntry[]) => ProcessEntry | undefined;

const isZygote = ({ command }: ProcessEntry): boolean => command.includes(' --zygote ');

/** A fork of a zygote has its command line too: the zygote itself was there first. */
function zygote(kind: string): Victim {
  return (below) =>
    below
      .filter(({ command }) => command.includes(` --zygote ${kind}`))
      .sort((a, b) => Number(a.startTime) - Number(b.startTime))[0];
}

/** Spares and runs, the youngest first. */
function forks(below: readonly ProcessEntry[]): ProcessEntry[] {
  const zygotes = [zygote('bare')(below), zygote('packages')(below)].map((entry) => entry?.pid);
  return below
    .filter((entry) => isZygote(entry) && !zygotes.includes(entry.pid))
    .sort((a, b) => Number(b.startTime) - Number(a.startTime));
}

const VICTIMS: Readonly<Record<string, Victim>> = {
  'the runner, or the nsjail around it': (below) => below[0],
  'the supervisor': (below) => below.find(({ command }) => command.includes(' --warm ')),
  'the zygote of the bare interpreter': zygote('bare'),
  'the zygote of the packages': zygote('packages'),
  'the youngest fork, mostly a spare': (below) => forks(below)[0],
  'the oldest fork, mostly a run or a spare of long': (below) => forks(below).at(-1),
};

/** Kills a process; undefined where it has ended by itself before. */
function killed(victim: ProcessEntry | undefined): ProcessEntry | undefined {
  try {
    if (victim) process.kill(victim.pid, 'SIGKILL');
    return victim;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
}

describeEachBuild('A process that is killed under load', (build) => {
  let server: ApiServer;
  let stopLoad: () => Promise<ExecuteAnswer[]>;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: build, MAX_CONCURRENCY: '4' });
    // Both kinds are up.
    expect((await server.client.execute(PANDAS)).body.result).toBe(3);
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    let going = true;
    const answers: ExecuteAnswer[] = [];
    const client = async (scripts: readonly string[]): Promise<void> => {
      for (let n = 0; going; n++) {
        answers.push(await server.client.execute(scripts[n % scripts.length] ?? HELLO));
      }
    };
    const clients = [[HELLO, PANDAS], [SLEEP], [HELLO, SLEEP], [PANDAS]].map(client);
    stopLoad = async () => {
      going = false;
      await Promise.all(clients);
      return answers;
    };
  });

  it.each(Object.entries(VICTIMS))(
    '%s: every answer is the result, or 503 and safe to retry; it is replaced',
    async (_name, choose) => {
      await delay(500);
      const victim = await eventually(
        () => killed(choose(descendantsOf(server.pid))),
        (found) => found !== undefined,
        HEALING_MS,
      );
      // Both kinds of zygote serve again, beside the load that goes on.
      for (const script of [HELLO, PANDAS]) {
        await eventually(
          () => server.client.execute(script),
          ({ status }) => status === 200,
          HEALING_MS,
        );
      }
      const answers = await stopLoad();
      const odd = answers.filter(
        ({ status, body }) => status !== 200 && !(status === 503 && body.code === 'SANDBOX_UNAVAILABLE'),
      );
      expect(odd.map(({ status, text }) => [status, text])).toEqual([]);
      for (const { headers, body } of answers.filter(({ status }) => status === 503)) {
        expect([headers['retry-after'], body.error]).toEqual([
          expect.stringMatching(/^[1-9]\d*$/),
          expect.stringContaining('retry'),
        ]);
      }
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
      await eventually(
        () => isRunning(victim),
        (runs) => !runs,
        2_000,
      );
      expect(server.process.hasExited).toBe(false);
    },
  );

  it('is answered soon, with a result, a 503 or for want of memory, when the spares are killed again and again, just before they are used', async () => {
    await stopLoad();
    for (let round = 0; round < 8; round++) {
      forks(descendantsOf(server.pid)).forEach(killed);
      const began = Date.now();
      const answers = await Promise.all([HELLO, HELLO, HELLO].map((script) => server.client.execute(script)));
      // A spare that is known to be dead is passed over; one that dies on the way costs the one retry. What is killed
      // twice is taken for a victim of the machine's memory.
      const codes = answers.map(({ status, body }) => (status === 200 ? 'OK' : body.code));
      const known = ['OK', 'SANDBOX_UNAVAILABLE', 'MEMORY_LIMIT'];
      expect(codes.filter((code) => !known.includes(code))).toEqual([]);
      expect(Date.now() - began).toBeLessThan(HEALING_MS);
    }
  });

  it('leaves the runs of a killed zygote alone: they are not its children', async () => {
    await stopLoad();
    const answer = server.client.execute(
      'import time\ndef main():\n    time.sleep(1.5)\n    return "unharmed"',
    );
    await delay(500);
    const victim = zygote('bare')(descendantsOf(server.pid));
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const { status, body } = await answer;
    expect({ status, result: body.result }).toEqual({ status: 200, result: 'unharmed' });
    // Run once, not twice.
    expect(body.execution.timings.startMs).toBeLessThan(1_000);
    // The operator can read of it.
    expect(server.log).toMatch(/zygote bare ended with -9/);
  });

  it('is replaced as often as it is killed, without a zombie', async () => {
    await stopLoad();
    for (let round = 0; round < 3; round++) {
      await eventually(
        () => killed(zygote('bare')(descendantsOf(server.pid))),
        (found) => found !== undefined,
        HEALING_MS,
      );
      await eventually(
        () => server.client.execute(HELLO),
        ({ status }) => status === 200,
        HEALING_MS,
      );
    }
    await eventually(
      () => descendantsOf(server.pid).filter(({ state }) => state === 'Z'),
      (zombies) => zombies.length === 0,
      2_000,
    );
  });
});

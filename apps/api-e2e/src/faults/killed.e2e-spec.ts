import { setTimeout as delay } from 'node:timers/promises';
import type { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { markedScript } from '../harness/marked-script';
import { descendantsOf, isRunning } from '../harness/processes';
import { sampled } from '../harness/sampling';
import { describeFaults } from './fault-modes';
import { hello, Load, pandas, wrongAnswers } from './load';
import { calmRemainsOf, expectNothingLeft, type Remains } from './remains';
import { forks, PER_RUN_VICTIMS, signalled, WARM_VICTIMS, zygote } from './victims';

const HELLO = hello(1);
const PANDAS = pandas(2);

/** A whole healing beside the load; the promise of one second is for a machine of its own. */
const HEALING_MS = 5_000;

describeFaults('A process that is killed under load', ({ isWarm, share, start, stop }) => {
  let server: ApiServer;
  let before: Remains;
  let load: Load;
  const healingMs = (): number => server.patienceMs(HEALING_MS);

  beforeAll(async () => {
    server = await start({ MAX_CONCURRENCY: '4' });
    // Both kinds are up.
    expect((await server.client.execute(PANDAS)).body.result).toBe(2);
    before = await calmRemainsOf(server);
  });

  afterAll(() => stop(server));

  beforeEach(() => {
    load = new Load(server);
  });

  afterEach(() => load.end());

  it.each(sampled(Object.entries(isWarm ? WARM_VICTIMS : PER_RUN_VICTIMS), share, 'killed'))(
    '%s: every answer is the result, or 503 and safe to retry; it is replaced',
    async (_name, choose) => {
      await delay(500);
      const victim = await eventually(
        () => signalled(choose(descendantsOf(server.pid)), 'SIGKILL'),
        (found) => found !== undefined,
        healingMs(),
      );
      // Both kinds of zygote serve again, beside the load that goes on.
      for (const script of [HELLO, PANDAS]) {
        await eventually(
          () => server.client.execute(script),
          ({ status }) => status === 200,
          healingMs(),
        );
      }
      const answers = await load.end();
      expect(wrongAnswers(answers)).toEqual([]);
      expect(answers.filter(({ answer }) => answer.status === 200).length).toBeGreaterThan(0);
      await eventually(
        () => isRunning(victim),
        (runs) => !runs,
        server.patienceMs(2_000),
      );
      expect(server.process.hasExited).toBe(false);
      await expectNothingLeft(server, before);
    },
  );

  if (!isWarm) {
    return;
  }

  it('is answered soon, with a result, a 503 or for want of memory, when the spares are killed again and again, just before they are used', async () => {
    await load.end();
    for (let round = 0; round < 8; round++) {
      forks(descendantsOf(server.pid)).forEach((fork) => signalled(fork, 'SIGKILL'));
      const began = Date.now();
      const answers = await Promise.all([HELLO, HELLO, HELLO].map((script) => server.client.execute(script)));
      // A spare that is known to be dead is passed over; one that dies on the way costs the one retry. What is killed
      // twice is taken for a victim of the machine's memory.
      const codes = answers.map(({ status, body }) => (status === 200 ? 'OK' : body.code));
      const known = ['OK', 'SANDBOX_UNAVAILABLE', 'MEMORY_LIMIT'];
      expect(codes.filter((code) => !known.includes(code))).toEqual([]);
      expect(Date.now() - began).toBeLessThan(healingMs());
    }
  });

  it('leaves the runs of a killed zygote alone: they are not its children', async () => {
    await load.end();
    const run = markedScript('time.sleep(6)', 'return "unharmed"');
    const answer = server.client.execute(run.script);
    const first = await run.running();
    await eventually(
      () => signalled(zygote('bare')(descendantsOf(server.pid)), 'SIGKILL'),
      (found) => found !== undefined,
      healingMs(),
    );
    // Longer than it takes to kill what would not be left alone. The run has not ended, and is not another one.
    await delay(300);
    expect(isRunning(first)).toBe(true);
    const { status, body } = await answer;
    expect({ status, result: body.result }).toEqual({ status: 200, result: 'unharmed' });
    // The operator can read of it.
    expect(server.log).toMatch(/zygote bare ended with -9/);
  });

  it('is replaced as often as it is killed, without a zombie', async () => {
    await load.end();
    for (let round = 0; round < 3; round++) {
      await eventually(
        () => signalled(zygote('bare')(descendantsOf(server.pid)), 'SIGKILL'),
        (found) => found !== undefined,
        healingMs(),
      );
      await eventually(
        () => server.client.execute(HELLO),
        ({ status }) => status === 200,
        healingMs(),
      );
    }
    await eventually(
      () => descendantsOf(server.pid).filter(({ state }) => state === 'Z'),
      (zombies) => zombies.length === 0,
      server.patienceMs(2_000),
    );
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import type { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { markedScript } from '../harness/marked-script';
import { descendantsOf, isRunning, type ProcessEntry } from '../harness/processes';
import { sampled } from '../harness/sampling';
import { describeFaults } from './fault-modes';
import { hello, Load, pandas, slowestMs, wrongAnswers } from './load';
import { calmRemainsOf, expectNothingLeft, type Remains } from './remains';
import { PER_RUN_VICTIMS, signalled, type Victim, WARM_VICTIMS } from './victims';

/** Of the cases of a mode, where samples are asked for: most of them take seconds. */
const SHARE = 0.25;

describeFaults('A process that is stopped under load', ({ isWarm, share, start, stop }) => {
  // Without a zygote each run imports pandas itself, and some do so at once.
  const deadlineMs = isWarm ? 2_000 : 6_000;
  /** Two attempts, each with its deadline and what the service gives a supervisor beyond that, and a new jail between them. */
  const answeredWithinMs = 2 * (deadlineMs + 2_000) + 2_000;
  /** Longer than any run and what is waited for its end. */
  const longStopMs = deadlineMs + 3_000;
  const longStop = `for ${longStopMs / 1000} s`;
  /** For how long a process stands still; null: for ever. */
  const stops: readonly (readonly [string, number | null])[] = [
    ['for ever', null],
    ['for 1 s', 1_000],
    [longStop, longStopMs],
  ];
  let server: ApiServer;
  let before: Remains;
  let load: Load;
  let victim: ProcessEntry | undefined;

  beforeAll(async () => {
    server = await start({ MAX_CONCURRENCY: '4', SCRIPT_TIMEOUT: String(deadlineMs / 1000) });
    expect((await server.client.execute(pandas(2))).body.result).toBe(2);
    before = await calmRemainsOf(server);
  });

  afterAll(() => stop(server));

  beforeEach(() => {
    victim = undefined;
    load = new Load(server);
  });

  afterEach(async () => {
    if (victim && isRunning(victim)) {
      signalled(victim, 'SIGCONT');
    }
    await load.end();
  });

  /** Both kinds of zygote serve, every answer is right and came in time, and nothing is left over. */
  const expectHealed = async (): Promise<void> => {
    for (const script of [hello(1), pandas(2)]) {
      await eventually(
        () => server.client.execute(script),
        ({ status }) => status === 200,
        server.patienceMs(answeredWithinMs),
      );
    }
    const answers = await load.end();
    expect(wrongAnswers(answers)).toEqual([]);
    expect(answers.some(({ answer }) => answer.status === 200)).toBe(true);
    expect(slowestMs(answers)).toBeLessThan(server.patienceMs(answeredWithinMs));
    await expectNothingLeft(server, before);
  };

  /** Stops a process under load, and has it go on after a while, if at all. */
  const stopOne = async (choose: Victim, stopMs: number | null): Promise<void> => {
    await delay(300);
    victim = await eventually(
      () => signalled(choose(descendantsOf(server.pid)), 'SIGSTOP'),
      (found) => found !== undefined,
      server.patienceMs(5_000),
    );
    if (stopMs !== null) {
      await delay(stopMs);
      signalled(victim, 'SIGCONT');
    }
    await expectHealed();
  };

  /** The service goes on where it was, and takes nobody for dead. */
  const stopService = async (): Promise<void> => {
    const jails = isWarm ? descendantsOf(server.pid).filter(({ parent }) => parent === server.pid) : [];
    process.kill(server.pid, 'SIGSTOP');
    await delay(longStopMs);
    process.kill(server.pid, 'SIGCONT');
    await expectHealed();
    expect(jails.filter((jail) => !isRunning(jail))).toEqual([]);
  };

  /** It ends by itself or by its deadline. */
  const stopRunAgainAndAgain = async (): Promise<void> => {
    await load.end();
    const run = markedScript('time.sleep(1)', 'return "slept"');
    const since = performance.now();
    const answer = server.client.execute(run.script);
    victim = await run.running();
    const stopping = setInterval(() => signalled(victim, 'SIGSTOP'), 5);
    await answer.finally(() => clearInterval(stopping));
    const { status, body } = await answer;
    expect(status === 200 ? body.result : body.code).toMatch(/^(slept|TIMEOUT)$/);
    expect(performance.now() - since).toBeLessThan(server.patienceMs(deadlineMs + 1_500));
    await run.gone(server.patienceMs(1_000));
  };

  type Case = readonly [name: string, stop: () => Promise<void>];
  const cases: readonly Case[] = [
    ...Object.entries(isWarm ? WARM_VICTIMS : PER_RUN_VICTIMS).flatMap(([name, choose]) =>
      stops.map(([how, stopMs]): Case => [`${name}, ${how}`, () => stopOne(choose, stopMs)]),
    ),
    [`the service itself, ${longStop}`, stopService],
    ['a run, again and again', stopRunAgainAndAgain],
  ];

  it.each(sampled(cases, share * SHARE, 'stopped'))(
    '%s: every answer is the result, or 503 and safe to retry, and comes in time',
    (_name, stopIt) => stopIt(),
  );
});

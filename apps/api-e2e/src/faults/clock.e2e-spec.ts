import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ROOT } from '../../../../tools/services/service-process.cjs';
import { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { describeCloud } from '../harness/jail-support';
import { markedScript } from '../harness/marked-script';
import { descendantsOf } from '../harness/processes';
import { hello, wrongAnswers, Load } from './load';

const SHIM = join(__dirname, 'jumping-clock.cjs');
const HOUR_MS = 3_600_000;
const TIMEOUT_SECONDS = 4;
/** Holds its place for longer than ten take to come. */
const SLEEPER = 'import time\ndef main():\n    time.sleep(0.7)';

describeCloud('A wall clock that jumps by hours', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start(
      { BUILD: 'cloud', MAX_CONCURRENCY: '3', MAX_QUEUE: '4', SCRIPT_TIMEOUT: String(TIMEOUT_SECONDS) },
      { nodeArguments: ['--require', SHIM] },
    );
    await server.client.execute(hello(1));
  });

  afterAll(() => server.stop());

  const jump = async (): Promise<void> => {
    const count = (): number => server.log.split('the clock jumped').length;
    const before = count();
    process.kill(server.pid, 'SIGWINCH');
    await eventually(count, (now) => now > before);
  };
  /** Ahead, back behind where it was, and to where it was. */
  const jumpAbout = async (): Promise<void> => {
    for (let n = 0; n < 3; n++) {
      await jump();
      await delay(200);
    }
  };

  it('cuts no run short, and measures it as it was', async () => {
    const run = markedScript('time.sleep(1.2)', 'return "whole"');
    const answer = server.client.execute(run.script);
    await run.running();
    await jumpAbout();
    const { status, body } = await answer;
    expect([status, body.result]).toEqual([200, 'whole']);
    expect(body.execution.durationMs).toBeGreaterThan(1_200);
    expect(Object.values(body.execution.timings).every((ms) => ms >= 0 && ms < HOUR_MS / 10)).toBe(true);
  });

  it('lets no run live longer', async () => {
    const since = performance.now();
    const run = markedScript('while True: pass');
    const answer = server.client.execute(run.script);
    await run.running();
    await jumpAbout();
    const { status, body } = await answer;
    expect([status, body.code]).toEqual([422, 'TIMEOUT']);
    const tookMs = performance.now() - since;
    expect(tookMs).toBeGreaterThan(TIMEOUT_SECONDS * 1000 - 50);
    expect(tookMs).toBeLessThan(server.patienceMs(TIMEOUT_SECONDS * 1000 + 1_500));
  });

  it('says the same of when to come back', async () => {
    const held = Array.from({ length: 10 }, () => server.client.execute(SLEEPER));
    await jumpAbout();
    const answers = await Promise.all(held);
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    for (const { body, headers } of busy) {
      expect(body.code).toBe('SANDBOX_BUSY');
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  });

  it('renews no zygote, ends no jail, and leaves it ready', async () => {
    // A run has the command line of its zygote: runs come and go, what leads no session of its own stays.
    const own = (): number[] =>
      descendantsOf(server.pid)
        .filter(({ pid, session, command }) => !command.includes(' --zygote ') || session !== pid)
        .map(({ pid }) => pid);
    const before = own();
    const load = new Load(server);
    await jumpAbout();
    await delay(500);
    expect(wrongAnswers(await load.end())).toEqual([]);
    expect(await eventually(own, (now) => now.length === before.length)).toEqual(before);
    expect((await server.client.get(API_PATHS.ready)).status).toBe(200);
  });
});

/** What reads the wall clock, in TypeScript and in Python. */
const WALL_CLOCKS =
  /\bDate\.now\b|\bnew Date\(\)|\btime\.(time|time_ns|localtime|gmtime|ctime)\(|datetime\.(now|utcnow|today)\(|CLOCK_REALTIME/;
/** Where the wall clock is meant: a time of day that people read. */
const EXCEPTIONS = [
  // Asks on which day a version of Node ends.
  'libs/sandbox/src/inspection/host-inspection.ts',
  'libs/sandbox/src/run/self-test-report.ts',
  // Names the calls that scripts may make.
  'apps/runner/pycell_runner/kernel/system_calls/threads.py',
];

describe('The code that runs scripts', () => {
  it('measures no interval by the wall clock', () => {
    const sources = ['libs/sandbox/src', 'apps/runner'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|py)$/.test(name) && !/\.(spec|contract)\.ts$|^tests\//.test(name))
        .map((name) => join(folder, name)),
    );
    expect(sources.length).toBeGreaterThan(80);
    const found = sources.filter((name) => WALL_CLOCKS.test(readFileSync(join(ROOT, name), 'utf8')));
    expect(found).toEqual(EXCEPTIONS);
  });
});

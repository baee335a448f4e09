import {
  API_PATHS,
  type BatchItem,
  type ErrorResponse,
  type ExecuteResponse,
  STREAM_MEDIA_TYPES,
} from '@pycell/contracts';
import { shuffled } from '../../../tools/prove/seed.cjs';
import { signalled, zygote } from './faults/victims';
import { ApiServer } from './harness/api-server';
import { CountedOutcomes } from './harness/counted-outcomes';
import { eventually } from './harness/eventually';
import type { HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { eventsOf, OpenAnswer } from './harness/open-answer';
import { descendantsOf, isSupervisor } from './harness/processes';
import { chooseSeed, sampled, seededRandom } from './harness/sampling';
import { Scrape } from './harness/scrape';
import { clientsOf, COUNTED_SERVICE, times, type Work, workOff } from './harness/working-clients';

const ITEMS_OF_BATCH = 250;
/** Of the mix, where a sample is asked for. */
const SAMPLE_SHARE = 0.3;
const MIX_TIMEOUT_MS = 300_000;

const HELLO = 'def main(name="Ada"):\n    return f"Hello {name}"';
const SLEEPS = 'import time\ndef main():\n    print("here", flush=True)\n    time.sleep(60)';
const OF_BATCH = `
def main(n):
    if n % 10 == 3:
        raise ValueError(n)
    return n * n
`;
const FAILING = [
  'def main(): return 1 / 0',
  'def main(: pass',
  'x = 1',
  'import os\ndef main(): return os.getcwd()',
  'import sys\ndef main(): sys.exit(3)',
  'def main(missing): return 1',
  'def main(): return object()',
  `# ${'x'.repeat(10_000)}`,
];

type Answer = Partial<ExecuteResponse & ErrorResponse>;
const call =
  (script: string, members = ''): Work =>
  async (client, counted) =>
    counted.note('call', (await client.execute(script, undefined, members)).body);
const stream =
  (script: string): Work =>
  async ({ baseUrl }, counted) => {
    const answer = await OpenAnswer.open(baseUrl, { body: { script }, accept: STREAM_MEDIA_TYPES.ndjson });
    const text = await answer.rest();
    const ends = eventsOf('ndjson', text).filter(({ type }) => type === 'result' || type === 'error');
    counted.note('stream', (answer.status === 200 ? ends[0] : JSON.parse(text)) as Answer);
  };
const batch: Work = async (client, counted) => {
  const inputs = Array.from({ length: ITEMS_OF_BATCH }, (_, n) => ({ n }));
  const { body } = await client.send<readonly (BatchItem & Answer)[]>({
    method: 'POST',
    path: API_PATHS.executeBatch,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ script: OF_BATCH, inputs }),
  });
  expect(body).toHaveLength(ITEMS_OF_BATCH);
  body.forEach((item) => counted.note('item', item));
};

/** More than five thousand executions. */
const MIX: readonly Work[] = [
  ...times(1_100, call(HELLO)),
  ...times(100, call(HELLO, '"inputs": {"name": "Bob"}')),
  ...FAILING.flatMap((script) => times(50, call(script))),
  ...times(20, call('def main():\n    while True: pass', '"limits": {"timeoutMs": 200}')),
  ...times(5, call('def main(): return len(bytearray(1 << 40))')),
  ...times(300, stream(HELLO)),
  ...FAILING.flatMap((script) => times(10, stream(script))),
  ...times(13, batch),
];

describeCloud('The metrics of a service', () => {
  let server: ApiServer;
  let clients: readonly HttpClient[];

  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
    server = await ApiServer.start({
      ...COUNTED_SERVICE,
      ...environment,
    });
    clients = clientsOf(server.client.baseUrl);
  };
  afterEach(async () => {
    clients.forEach((client) => client.close());
    await server.stop();
  });

  it(
    'agree with what was sent, to the run, over thousands of mixed runs of which some lose their jail',
    async () => {
      await start();
      const counted = new CountedOutcomes();
      const works = shuffled(sampled(MIX, SAMPLE_SHARE, 'metrics'), seededRandom(chooseSeed()));
      const kills = [isSupervisor, undefined, isSupervisor];
      await workOff(clients, works, counted, (done) => {
        // In the middle of it: what runs in a jail that is lost is run once more, and must count once.
        const turn = [0.25, 0.5, 0.75].findIndex((share) => done === Math.floor(works.length * share));
        if (turn >= 0) {
          const below = descendantsOf(server.pid);
          const isVictim = kills[turn];
          signalled(isVictim ? below.find(isVictim) : zygote('bare')(below), 'SIGKILL');
        }
      });

      const scrape = await Scrape.of(server);
      expect(scrape.counts('pycell_executions_total')).toEqual(counted.counts);
      expect(scrape.sum('pycell_executions_total')).toBe(counted.total);
      expect(counted.total).toBeGreaterThan(works === MIX ? 5_000 : 500);
      expect(scrape.counts('pycell_batches_total')).toEqual({
        OK: works.filter((work) => work === batch).length,
      });
      expect(scrape.counts('pycell_request_failures_total')).toEqual({});
      // Each run was reported to a client. Reports are rounded to microseconds.
      const { reports } = counted;
      const rounding = reports * 1e-6;
      expect(scrape.sum('pycell_runs_total')).toBe(reports);
      expect(scrape.sum('pycell_execution_duration_seconds_count')).toBe(reports);
      const close = (name: string, told: number, tolerance = rounding, labels = {}): void => {
        expect([name, Math.abs(scrape.sum(name, labels) - told) <= tolerance]).toEqual([name, true]);
      };
      close('pycell_execution_duration_seconds_sum', counted.durationSeconds);
      close('pycell_run_cpu_seconds_total', counted.cpuSeconds);
      close('pycell_run_memory_byte_seconds_total', counted.memoryByteSeconds, rounding * 1e9);
      for (const [phase, seconds] of Object.entries(counted.phaseSeconds)) {
        close('pycell_execution_phase_seconds_sum', seconds, rounding, { phase });
        expect(scrape.sum('pycell_execution_phase_seconds_count', { phase })).toBe(reports);
        expect(scrape.sum('pycell_execution_phase_seconds_bucket', { phase, le: '+Inf' })).toBe(reports);
      }
      close('pycell_queue_wait_seconds_sum', counted.phaseSeconds.queue);
      expect(scrape.sum('pycell_queue_wait_seconds_count')).toBe(reports);
      expect(scrape.sum('pycell_jail_restarts_total')).toBe(2);
      expect(scrape.counts('pycell_zygote_restarts_total')).toEqual({ bare: 1 });
      expect(scrape.sum('pycell_places_held')).toBe(0);
    },
    MIX_TIMEOUT_MS,
  );

  it('agree where clients go away, and know what their runs used', async () => {
    await start({ MAX_QUEUE: '16' });
    const body = { script: SLEEPS };
    const busy = (count: number) =>
      eventually(
        async () => {
          const scrape = await Scrape.of(server);
          return scrape.sum('pycell_places_held') + scrape.sum('pycell_queue_depth');
        },
        (held) => held === count,
        20_000,
      );

    const leave = (calls: number) => {
      const leaving = new AbortController();
      const left = times(calls, SLEEPS).map((script) =>
        server.client.execute(script, leaving.signal).catch((error: unknown) => error),
      );
      return () => {
        leaving.abort();
        return Promise.all(left);
      };
    };
    const leaveRunning = leave(2);
    await busy(2);
    const leaveWaiting = leave(4);
    await busy(6);
    // Those that wait go first: otherwise one of them may begin before the service hears that its client has gone, too.
    await leaveWaiting();
    await busy(2);
    await leaveRunning();
    await busy(0);

    const streams = await Promise.all(
      times(2, body).map((each) =>
        OpenAnswer.open(server.client.baseUrl, { body: each, accept: STREAM_MEDIA_TYPES.sse }),
      ),
    );
    await Promise.all(streams.map((answer) => answer.until((text) => text.includes('here'))));
    streams.forEach((answer) => answer.leave());
    await busy(0);

    const leavingBatch = new AbortController();
    const sent = server.client
      .send({
        method: 'POST',
        path: API_PATHS.executeBatch,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ...body, inputs: times(10, {}) }),
        signal: leavingBatch.signal,
      })
      .catch(() => undefined);
    // One caller may have all places but one.
    await busy(2);
    expect((await Scrape.of(server)).sum('pycell_batches_open')).toBe(1);
    leavingBatch.abort();
    await sent;
    await busy(0);

    for (const script of [...times(5, HELLO), ...FAILING]) {
      await server.client.validate({ script });
    }

    const scrape = await Scrape.of(server);
    expect(scrape.counts('pycell_executions_total')).toEqual({
      'call CANCELLED': 6,
      'stream CANCELLED': 2,
      'item CANCELLED': 2,
      'validation OK': 5 + FAILING.length - 1,
      'validation SCRIPT_TOO_LARGE': 1,
    });
    expect(scrape.counts('pycell_batches_total')).toEqual({ CANCELLED: 1 });
    // Two calls, two streams, two items had begun; each validation runs once.
    expect(scrape.sum('pycell_runs_total')).toBe(2 + 2 + 2 + 5 + FAILING.length - 1);
    expect(scrape.sum('pycell_run_cpu_seconds_total')).toBeGreaterThan(0);
    expect(scrape.sum('pycell_batches_open')).toBe(0);
  }, 120_000);

  it('agree where most are refused, some of them before their bodies are read', async () => {
    await start({ MAX_QUEUE: '2' });
    const counted = new CountedOutcomes();
    const slow = call('import time\ndef main(): time.sleep(0.05)');
    await workOff(clients, times(400, slow), counted);
    const scrape = await Scrape.of(server);
    expect(scrape.counts('pycell_executions_total')).toEqual(counted.counts);
    expect(counted.counts['call SANDBOX_BUSY']).toBeGreaterThan(50);
    expect(counted.counts['call OK']).toBeGreaterThan(5);
  }, 120_000);

  it('agree on requests that were none', async () => {
    await start();
    const { client } = server;
    await client.postRaw('{"script": 1}');
    await client.postRaw('{');
    await client.postRaw('x', { 'Content-Type': 'text/plain' });
    await client.get('/nowhere');
    await client.get('/metrics');
    await client.get(API_PATHS.execute);
    await client.postRaw(`{"script": "${'x'.repeat(60_000_000)}"}`).catch(() => undefined);
    expect((await Scrape.of(server)).counts('pycell_request_failures_total')).toEqual({
      INVALID_REQUEST: 2,
      UNSUPPORTED_MEDIA_TYPE: 1,
      NOT_FOUND: 2,
      METHOD_NOT_ALLOWED: 1,
      PAYLOAD_TOO_LARGE: 1,
    });
  });
});

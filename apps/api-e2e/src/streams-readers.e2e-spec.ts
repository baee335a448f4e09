import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { describeCloud, describeEachBuild } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { eventsOf, OpenAnswer, printed } from './harness/open-answer';

const MIB = 1024 * 1024;
/** Longer than the service waits for a client that reads nothing. */
const STALL_MS = 33_000;

/** Memory that a process has, bytes. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describeEachBuild('A client of a stream', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      MAX_CONCURRENCY: '3',
      SCRIPT_TIMEOUT: '60',
      MAX_OUTPUT_BYTES: '67108864',
      MAX_RESULT_BYTES: '16777216',
    });
  });

  afterAll(() => server.stop());

  const open = (script: string): Promise<OpenAnswer> =>
    OpenAnswer.open(server.client.baseUrl, { body: { script }, accept: STREAM_MEDIA_TYPES.ndjson });

  it('that goes away takes its run with it, also one that prints nothing', async () => {
    for (const body of ['time.sleep(50)', 'while True: print("x" * 100, flush=True); time.sleep(0.01)']) {
      const { script, ...run } = markedScript(body);
      const answer = await open(script);
      await run.running();
      answer.leave();
      await run.gone(server.patienceMs(2_000, 30_000));
    }
    expect((await server.client.execute('def main(): return 1')).status).toBe(200);
  });

  it('that reads half and waits holds the script back, and misses nothing when it reads on', async () => {
    const script = 'def main():\n    for n in range(60_000):\n        print(n, "x" * 990)\n    return "done"';
    const before = memoryOf(server.pid);
    const answer = await open(script);
    await answer.until((text) => text.length > 2 * MIB);
    await delay(1_500);
    // It prints 60 MB; the kernel takes some of them, and we one.
    expect(memoryOf(server.pid) - before).toBeLessThan(40 * MIB);
    expect((await server.client.execute('def main(): return 1')).status).toBe(200);
    const events = eventsOf('ndjson', await answer.rest());
    const lines = printed(events, 'stdout').split('\n');
    expect(lines).toHaveLength(60_001);
    expect(lines.slice(0, -1).every((line, n) => line === `${n} ${'x'.repeat(990)}`)).toBe(true);
    expect(events.at(-2)).toMatchObject({ type: 'result', result: 'done' });
  });

  it('has a sign of life where its script prints nothing, and so has one of a batch', async () => {
    const script = 'import time\ndef main():\n    time.sleep(16)';
    const { baseUrl } = server.client;
    const { sse, ndjson } = STREAM_MEDIA_TYPES;
    // A batch leaves a place to others.
    const texts = await Promise.all(
      build === 'local'
        ? [sse, ndjson].map((accept) => OpenAnswer.open(baseUrl, { body: { script }, accept }))
        : ['*/*', ndjson].map((accept) =>
            OpenAnswer.open(baseUrl, {
              body: { script, inputs: [{}] },
              path: API_PATHS.executeBatch,
              accept,
            }),
          ),
    ).then((answers) => Promise.all(answers.map((answer) => answer.rest())));
    expect(texts[0]).toMatch(build === 'local' ? /\}\n\n: ping\n\nevent: result\n/ : /^\[\n\n\{"index":0/);
    expect(texts[1]).toMatch(
      build === 'local' ? /\n\{"type":"ping"\}\n\{"type":"result"/ : /^\{"type":"ping"\}\n\{"index":0/,
    );
  });

  it('that does not read its finished answer holds no place', async () => {
    const script = 'def main():\n    return "x" * 12_000_000';
    const slow = await Promise.all([open(script), open(script), open(script), open(script)]);
    const began = performance.now();
    expect((await server.client.execute('def main(): return 1')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(server.patienceMs(5_000));
    for (const answer of slow) {
      const result = eventsOf('ndjson', await answer.rest()).at(-2);
      // Compared by length: what is not as expected would be printed.
      const text = result?.type === 'result' ? result.result : null;
      expect(typeof text === 'string' && text.length).toBe(12_000_000);
    }
  });
});

describeCloud('Clients of streams that read nothing', () => {
  it('are dropped after 30 s, and what they hold up is killed', async () => {
    const server = await ApiServer.start({
      BUILD: 'cloud',
      MAX_CONCURRENCY: '2',
      SCRIPT_TIMEOUT: '100',
      MAX_OUTPUT_BYTES: '67108864',
    });
    try {
      const { script, ...run } = markedScript('while True: print("x" * 1000)');
      const stalled = await OpenAnswer.open(server.client.baseUrl, {
        body: { script },
        accept: STREAM_MEDIA_TYPES.sse,
      });
      await run.running();
      await delay(STALL_MS / 2);
      await run.running();
      await delay(STALL_MS / 2);
      await run.gone(server.patienceMs(4_000, 30_000));
      await expect(stalled.rest()).rejects.toThrow();
      expect(server.log).toContain('A client did not read its answer');
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('cost little memory each once their runs have ended', async () => {
    const server = await ApiServer.start({ BUILD: 'cloud', MAX_CONCURRENCY: '2', LOG_LEVEL: 'warn' });
    const body = { script: 'def main():\n    print("x" * 2000)\n    return "y" * 2000' };
    const openMany = async (count: number): Promise<readonly OpenAnswer[]> => {
      const opened: OpenAnswer[] = [];
      while (opened.length < count) {
        const few = Array.from({ length: 8 }, () =>
          OpenAnswer.open(server.client.baseUrl, { body, accept: STREAM_MEDIA_TYPES.ndjson }),
        );
        opened.push(...(await Promise.all(few)));
      }
      return opened;
    };
    try {
      for (const answer of await openMany(160)) {
        await answer.rest();
      }
      const before = memoryOf(server.pid);
      const slow = await openMany(160);
      await delay(1_000);
      // What the garbage collector has not got to yet is in it.
      expect((memoryOf(server.pid) - before) / slow.length).toBeLessThan(128 * 1024);
      for (const answer of slow) {
        expect(eventsOf('ndjson', await answer.rest()).at(-1)).toEqual({ type: 'end' });
      }
    } finally {
      await server.stop();
    }
  });
});

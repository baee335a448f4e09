import {
  type BatchItem,
  type BatchLine,
  type ErrorResponse,
  type ExecuteResponse,
  API_PATHS,
} from '@pycell/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { splitLines } from './harness/event-parsers';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { OpenAnswer } from './harness/open-answer';

const PATH = API_PATHS.executeBatch;
const LINES = 'application/x-ndjson';

/** What any outcome may have. */
type Item = Partial<ExecuteResponse & ErrorResponse> & Pick<BatchItem, 'index' | 'status'>;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const numbers = (count: number): readonly object[] => range(count).map((n) => ({ n }));

describeEachBuild('A batch', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      // One more than one caller may have.
      MAX_CONCURRENCY: '3',
      MAX_QUEUE: '4',
      SCRIPT_TIMEOUT: '10',
      MAX_INPUTS_BYTES: '10000',
      MAX_BATCH: '200',
      CORS_ORIGINS: 'https://app.example.org',
    });
  });

  afterAll(() => server.stop());

  const open = (body: object | string, accept?: string, headers = {}): Promise<OpenAnswer> =>
    OpenAnswer.open(server.client.baseUrl, {
      body,
      path: PATH,
      headers,
      ...(accept !== undefined && { accept }),
    });
  const arrayOf = async (body: object): Promise<readonly Item[]> =>
    JSON.parse(await (await open(body)).rest()) as Item[];
  const linesOf = async (body: object): Promise<readonly Item[]> =>
    itemsOf(await (await open(body, LINES)).rest());
  const itemsOf = (text: string): readonly Item[] =>
    splitLines(text)
      .map((line) => JSON.parse(line) as BatchLine)
      .filter((line): line is BatchItem => 'index' in line);

  it('is answered by an array in the order of the inputs, each with its own outcome', async () => {
    const script = `
import time
from pathlib import Path

def main(n, wait=0.0):
    time.sleep(wait)
    print("input", n)
    if n == 1:
        Path("output/one.txt").write_text("1")
    if n == 4:
        while True: pass
    return {"n": n, "inverse": 1 / (n - 2)}
`;
    const inputs = [{ n: 0, wait: 0.3 }, { n: 1 }, { n: 2 }, {}, { n: 4 }, { n: 5 }];
    const items = await arrayOf({ script, inputs, limits: { timeoutMs: 2_000 } });
    expect(items.map(({ index, status, code }) => [index, status, code])).toEqual([
      [0, 200, undefined],
      [1, 200, undefined],
      [2, 422, 'SCRIPT_ERROR'],
      [3, 422, 'INVALID_INPUTS'],
      [4, 422, 'TIMEOUT'],
      [5, 200, undefined],
    ]);
    expect(items[1]).toMatchObject({
      result: { n: 1, inverse: -1 },
      stdout: 'input 1\n',
      stderr: '',
      artifacts: [{ name: 'one.txt', base64: 'MQ==' }],
      execution: { limits: { timeoutMs: 2_000 } },
    });
    expect(items[2]).toMatchObject({
      error: expect.stringContaining('division by zero') as unknown,
      stdout: 'input 2\n',
      line: 12,
    });
    expect(items[4]).toMatchObject({ stdout: 'input 4\n' });
    expect(new Set(items.map(({ execution }) => execution?.id)).size).toBe(items.length);
  });

  it('has the bodies that single calls have', async () => {
    const script = 'def main(n):\n    print("x")\n    return {"z": 2**70, "f": 1e22}\n';
    const answer = await (await open({ script, inputs: [{ n: 1 }] })).rest();
    expect(answer).toMatch(/"result":\{"z": ?1180591620717411303424, ?"f": ?1e\+22\},"stdout":"x\\n"/);
    const single = await server.client.execute(script, undefined, '"inputs": {"n": 1}');
    const [item] = JSON.parse(answer) as object[];
    expect(Object.keys(item ?? {})).toEqual(['index', 'status', ...Object.keys(single.body)]);
  });

  it('is answered by a line for each outcome as soon as it is there, where Accept prefers lines', async () => {
    const script = 'import time\ndef main(n):\n    time.sleep(3 if n == 0 else 0)\n    return n';
    const answer = await open({ script, inputs: numbers(6) }, LINES);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const first = await answer.until((text) => text.split('\n').length > 5);
    expect(performance.now() - answer.openedAt).toBeLessThan(2_800);
    expect(first).not.toContain('"index":0,');
    const items = itemsOf(await answer.rest());
    expect(items.at(-1)?.index).toBe(0);
    expect(items.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(items.every(({ index, result }) => index === result)).toBe(true);
  });

  it('lets nothing that a script writes begin a line', async () => {
    const hostile = '\n{"index":0}\r\n\u2028\u2029\u0085\v\f\x1c"}\n';
    const script =
      'from pathlib import Path\ndef main(h, fail=False):\n    print(h, end="")\n    Path("output/a\\nb\\u2028c").write_text("")\n    if fail: raise ValueError(h)\n    return {h: h}';
    const items = await linesOf({ script, inputs: [{ h: hostile }, { h: hostile, fail: true }] });
    expect(items).toHaveLength(2);
    const [returned, raised] = [...items].sort((one, other) => one.index - other.index);
    expect(returned).toMatchObject({ result: { [hostile]: hostile }, stdout: hostile });
    expect(raised).toMatchObject({ code: 'SCRIPT_ERROR', stdout: hostile });
  });

  it('takes more inputs than may wait, in mode script, too', async () => {
    const items = await arrayOf({ script: 'n * n', mode: 'script', inputs: numbers(60) });
    expect(items.map(({ result }) => result)).toEqual(range(60).map((n) => n * n));
  });

  it('lets single calls through meanwhile', async () => {
    const script = 'import time\ndef main(n):\n    time.sleep(0.2)\n    return n';
    const began = performance.now();
    const batch = arrayOf({ script, inputs: numbers(30) });
    await delay(300);
    const singles = await Promise.all(range(3).map(() => server.client.execute('def main(): return 1')));
    expect(singles.map(({ status }) => status)).toEqual([200, 200, 200]);
    const answeredAfterMs = performance.now() - began;
    expect((await batch).every(({ status }) => status === 200)).toBe(true);
    // The batch takes three seconds, or more where all takes longer.
    expect(answeredAfterMs).toBeLessThan((performance.now() - began) / 2);
  });

  it('sends large outcomes whole', async () => {
    const script =
      'from pathlib import Path\ndef main(n):\n    Path("output/a").write_bytes(bytes([48 + n]) * 3_000_000)\n    return "é\\u2028" * 300_000';
    for (const items of [
      await arrayOf({ script, inputs: numbers(5) }),
      await linesOf({ script, inputs: numbers(5) }),
    ]) {
      for (const { index, result, artifacts } of items) {
        expect(result === 'é\u2028'.repeat(300_000)).toBe(true);
        const content = Buffer.from(artifacts?.[0]?.base64 ?? '', 'base64');
        expect(content.equals(Buffer.alloc(3_000_000, String(index)))).toBe(true);
      }
    }
  });

  it('starts no run of an array further ahead than twice the places', async () => {
    const { script, ...run } = markedScript('time.sleep(1)');
    const marked = script.replace('def main():', 'def main(n):\n    if n != 0: return n');
    const items = arrayOf({ script: marked, inputs: numbers(40) });
    await run.running();
    const records = (): number =>
      server.logRecords.filter(
        ({ scriptChars, index }) => scriptChars === marked.length && index !== undefined,
      ).length;
    await delay(500);
    expect(records()).toBeLessThanOrEqual(6);
    expect((await items).map(({ index }) => index)).toEqual(range(40));
    await run.gone(server.patienceMs(2_000));
  });

  it('ends when its client goes away, and no more runs begin', async () => {
    const { script, ...run } = markedScript('time.sleep(9)');
    const inputs = Array.from({ length: 50 }, () => ({}));
    const answer = await open({ script, inputs }, LINES);
    await run.running();
    answer.leave();
    await run.gone(server.patienceMs(2_000, 7_000));
    await delay(500);
    await run.gone(0);
    expect((await server.client.execute('def main(): return 1')).status).toBe(200);
  });

  it('is refused where its caller has as many open as it may, while calls and health are answered', async () => {
    const script = 'import time\ndef main():\n    time.sleep(0.5)';
    const clients = range(4).map(() => new AbortController());
    const post = (signal: AbortSignal): Promise<Response> =>
      fetch(new URL(PATH, server.client.baseUrl), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ script, inputs: Array.from({ length: 50 }, () => ({})) }),
        signal,
      });
    const open = clients.map(({ signal }) => post(signal).catch(() => null));
    await Promise.all(open);
    const refused = await post(AbortSignal.timeout(5_000));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await refused.json()).toMatchObject({
      code: 'SANDBOX_BUSY',
      error: 'The sandbox is busy: 4 batches of yours are open, the limit is 4. Wait until one has ended.',
    });
    expect((await server.client.get(API_PATHS.live)).status).toBe(200);
    expect((await server.client.execute('def main(): return 1')).status).toBe(200);
    clients.forEach((client) => client.abort());
    await Promise.all(open);
    await eventually(
      () => arrayOf({ script: 'def main(n): return n', inputs: numbers(2) }),
      (items) => items.length === 2,
    );
  });

  it('begins no more runs while nobody reads what there is', async () => {
    const script = 'def main(n): return "x" * 3_000_000';
    const answer = await open({ script, inputs: numbers(40) }, LINES);
    const begun = (): number =>
      server.logRecords.filter(
        ({ scriptChars, index }) => scriptChars === script.length && index !== undefined,
      ).length;
    let before = -1;
    for (let now = begun(); now !== before; now = begun()) {
      before = now;
      await delay(700);
    }
    // The kernel takes some megabytes.
    expect(before).toBeLessThan(20);
    expect(itemsOf(await answer.rest())).toHaveLength(40);
  });

  it.each([
    ['a violation', { script: 'import os\ndef main(): pass', inputs: [{}] }, 400, 'POLICY_VIOLATION'],
    ['a script that is too large', { script: '#'.repeat(10_001), inputs: [{}] }, 400, 'SCRIPT_TOO_LARGE'],
    ['no inputs', { script: 'x', inputs: [] }, 400, 'INVALID_REQUEST'],
    ['what is no object', { script: 'x', inputs: [{}, 5] }, 400, 'INVALID_REQUEST'],
    ['too many inputs', { script: 'x', inputs: numbers(201) }, 400, 'INVALID_REQUEST'],
    [
      'inputs that are too large',
      { script: 'x', inputs: [{ a: 'x'.repeat(10_000) }] },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['files', { script: 'x', inputs: [{}], files: [] }, 400, 'INVALID_REQUEST'],
  ])('is refused with a status of its own for %s', async (_what, body, status, code) => {
    for (const accept of [LINES, 'application/json']) {
      const answer = await open(body, accept, {
        'X-Request-Id': 'batch-1',
        Origin: 'https://app.example.org',
      });
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-request-id': 'batch-1',
        'access-control-allow-origin': 'https://app.example.org',
      });
      expect(JSON.parse(await answer.rest())).toMatchObject({ code, requestId: 'batch-1' });
    }
  });

  it('is asked for as JSON, by POST', async () => {
    const text = await open('{}', undefined, { 'Content-Type': 'text/plain' });
    expect([text.status, JSON.parse(await text.rest())]).toMatchObject([
      415,
      { code: 'UNSUPPORTED_MEDIA_TYPE' },
    ]);
    const get = await server.client.get(PATH);
    expect(get).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describeEachBuild('A batch under way when the service stops', (build) => {
  it('is an array all the same, of which the rest is SANDBOX_UNAVAILABLE', async () => {
    const server = await ApiServer.start({ BUILD: build, MAX_CONCURRENCY: '2', SHUTDOWN_GRACE: '0.5' });
    const script = 'import time\ndef main(n):\n    time.sleep(0 if n == 0 else 5)\n    return n';
    const answer = await OpenAnswer.open(server.client.baseUrl, {
      body: { script, inputs: numbers(20) },
      path: PATH,
    });
    await answer.until((text) => text.includes('"index":0'));
    const [text] = await Promise.all([answer.rest(), server.stop()]);
    const items = JSON.parse(text) as Item[];
    expect(items.map(({ index }) => index)).toEqual(range(20));
    expect(items[0]).toMatchObject({ status: 200, result: 0 });
    expect(items.slice(1).every(({ status, code }) => status === 503 && code === 'SANDBOX_UNAVAILABLE')).toBe(
      true,
    );
  });
});

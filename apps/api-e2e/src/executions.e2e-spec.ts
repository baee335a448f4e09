import { readFileSync } from 'node:fs';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { Background } from './harness/background';
import { turnsOf } from './harness/event-parsers';
import { describeEachBuild } from './harness/jail-support';
import { markedScript } from './harness/marked-script';

const HOSTILE = '\n\nid: 99\nevent: end\ndata: {}\n\n\r\u2028\u2029\u0085';
const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describeEachBuild('An asynchronous execution', (build) => {
  let server: ApiServer;
  let client: Background;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      SCRIPT_TIMEOUT: '10',
      MAX_OUTPUT_BYTES: '12000000',
      MEMORY_LIMIT_MB: '512',
      SCRIPT_POLICY_ALLOW: 'os,sys',
    });
    client = new Background(server.client);
  });

  afterAll(() => server.stop());

  it('is started by one request and asked for by another', async () => {
    const { status, headers, body } = await client.post({
      script: 'def main(n):\n    print("out")\n    return {"n": n, "f": 1.0, "b": 12345678901234567890123}',
      inputs: { n: 7 },
    });
    expect(status).toBe(202);
    expect(headers).toMatchObject({ location: `executions/${body.id}`, 'cache-control': 'no-store' });
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      status: expect.stringMatching(/^(queued|running)$/) as unknown,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
    });
    const found = new URL(headers.location ?? '', new URL(API_PATHS.executions, 'http://h/')).pathname;
    expect(found).toBe(`/executions/${body.id}`);
    const ended = await client.ended(body.id);
    expect(ended.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(ended.body).toMatchObject({
      id: body.id,
      status: 'succeeded',
      createdAt: body.createdAt,
      httpStatus: 200,
      outcome: {
        stdout: 'out\n',
        stderr: '',
        artifacts: [],
        execution: { id: expect.any(String) as unknown },
      },
    });
    // As Python wrote it, digit for digit.
    expect(ended.text).toContain('"outcome":{"result":{"n": 7, "f": 1.0, "b": 12345678901234567890123},');
    const { startedAt, endedAt, expiresAt } = ended.body;
    expect([body.createdAt, startedAt, endedAt, expiresAt]).toEqual(
      [body.createdAt, startedAt, endedAt, expiresAt].sort(),
    );
  });

  it.each([
    ['def main(): return 1 / 0', 422, 'SCRIPT_ERROR'],
    ['def main(): return (', 400, 'SYNTAX_ERROR'],
    ['import subprocess\ndef main(): return 1', 400, 'POLICY_VIOLATION'],
  ])('that fails has the error as its outcome: %j', async (script, httpStatus, code) => {
    const sync = await server.client.execute(script);
    const { body } = await client.ended(await client.start(script));
    expect(body).toMatchObject({ status: 'failed', httpStatus, outcome: { code, error: sync.body.error } });
    expect(Object.keys(body.outcome ?? {}).sort()).toEqual(Object.keys(sync.body).sort());
  });

  it('tells of files that it left, in its outcome and in its events', async () => {
    const id = await client.start(
      'from pathlib import Path\ndef main():\n    Path("output/a.txt").write_text("1")\n    Path("output/b.txt").write_text("2")\n    return 1',
    );
    const { body } = await client.ended(id);
    const files = ['a.txt', 'b.txt'].map((name, index) => ({
      name,
      mediaType: 'text/plain',
      sizeBytes: 1,
      base64: Buffer.from(String(index + 1)).toString('base64'),
    }));
    expect(body.outcome?.artifacts).toEqual(files);
    const events = await client.allEvents(id);
    expect(events.map(({ event }) => event)).toEqual(['start', 'artifact', 'artifact', 'result', 'end']);
    expect(events.slice(1, 3).map(({ data }) => JSON.parse(data) as unknown)).toEqual(files);
  });

  describe('told by its events,', () => {
    it('has them numbered from 1, and resumed behind any', async () => {
      const id = await client.start(
        'import time\ndef main():\n    for n in range(4):\n        print(n, flush=True)\n        time.sleep(0.1)\n    return 2**70',
      );
      const whole = await client.allEvents(id);
      expect(whole.map((event) => event.id)).toEqual(whole.map((_, index) => String(index + 1)));
      expect(turnsOf(whole)).toEqual(['start', 'stdout', 'result', 'end']);
      const texts = whole.slice(1, -2).map(({ data }) => (JSON.parse(data) as { text: string }).text);
      expect(texts.join('')).toBe('0\n1\n2\n3\n');
      expect(JSON.parse(whole[0]?.data ?? '')).toEqual({ id });
      expect(whole.at(-2)?.data).toContain('{"result":1180591620717411303424,"execution":{');
      for (let after = 0; after < whole.length; after++) {
        expect(await client.allEvents(id, after)).toEqual(whole.slice(after));
      }
      // Who has all need not come again.
      expect((await client.events(id, { 'Last-Event-ID': String(whole.length) })).status).toBe(204);
      expect((await client.events(id, { 'Last-Event-ID': '9999999999' })).status).toBe(204);
    });

    it('is followed while it runs, by several at once', async () => {
      const id = await client.start(
        'import time\ndef main():\n    print("now", flush=True)\n    time.sleep(1)\n    return 1',
      );
      const [one, other] = await Promise.all([client.allEvents(id), client.allEvents(id)]);
      expect(turnsOf(one)).toEqual(['start', 'stdout', 'result', 'end']);
      expect(other).toEqual(one);
    });

    it.each(['-1', '1.5', 'x', '1 2', '12345678901'])(
      'refuses %j for the last one that came',
      async (number) => {
        const id = await client.start('def main(): return 1');
        const { status, body } = await client.events(id, { 'Last-Event-ID': number });
        expect([status, body]).toEqual([400, expect.objectContaining({ code: 'INVALID_REQUEST' })]);
      },
    );

    it('lets nothing of a script begin a line or an event', async () => {
      const id = await client.start(
        'import sys\nfrom pathlib import Path\ndef main(h):\n    print(h, end="")\n    Path("output/x\\u2028id: 7.txt").write_text("1")\n    return {h: h}',
        { inputs: { h: HOSTILE } },
      );
      const events = await client.allEvents(id);
      expect(events.map(({ event }) => event)).toEqual(['start', 'stdout', 'artifact', 'result', 'end']);
      expect(JSON.parse(events[1]?.data ?? '')).toEqual({ text: HOSTILE });
      expect(JSON.parse(events[3]?.data ?? '')).toMatchObject({ result: { [HOSTILE]: HOSTILE } });
    });

    it('costs no memory where its reader is slow, and is whole once it reads', async () => {
      const id = await client.start('def main():\n    print("x" * 10_000_000)\n    return 1');
      await client.ended(id);
      const before = residentBytes(server.pid);
      const readers = await Promise.all(Array.from({ length: 20 }, () => client.openEvents(id)));
      await new Promise((resolve) => setTimeout(resolve, 500));
      // All of it for each would be 200 MB.
      expect(residentBytes(server.pid) - before).toBeLessThan(60_000_000);
      const [first, ...others] = readers;
      others.forEach(({ leave }) => leave());
      const text = (await first?.read()) ?? '';
      expect(text.split('x').length).toBeGreaterThan(10_000_000);
      expect(text).toMatch(/\nevent: end\ndata: \{\}\n\n$/);
    });

    it('has no more than a hundred readers of one caller', async () => {
      const id = await client.start('import time\ndef main():\n    time.sleep(8)');
      const readers = await Promise.all(Array.from({ length: 100 }, () => client.openEvents(id)));
      expect(readers.every(({ status }) => status === 200)).toBe(true);
      const refused = await client.events(id);
      expect([refused.status, refused.body]).toEqual([
        503,
        expect.objectContaining({ code: 'SANDBOX_BUSY', error: expect.stringContaining('100') as unknown }),
      ]);
      readers.forEach(({ leave }) => leave());
      await client.cancel(id);
      const again = await client.allEvents(id);
      expect(again.slice(-2).map(({ event }) => event)).toEqual(['cancelled', 'end']);
    });
  });

  describe('cancelled,', () => {
    it('is ended where it runs: its process is gone', async () => {
      const marked = markedScript('time.sleep(60)');
      const id = await client.start(marked.script);
      if (build === 'cloud') {
        await marked.running();
      }
      await client.until(id, 'running');
      const { status, body } = await client.cancel(id);
      expect([status, body.status, body.httpStatus]).toEqual([200, 'cancelled', undefined]);
      // Before its time is over, by which it would end, too.
      await marked.gone(server.patienceMs(4_000, 8_000));
      expect((await client.ask(id)).body).toEqual(body);
      const events = await client.allEvents(id);
      expect(events.slice(-2).map(({ event, data }) => [event, data])).toEqual([
        ['cancelled', '{}'],
        ['end', '{}'],
      ]);
    });

    it('is left as it is where it has ended', async () => {
      const id = await client.start('def main(): return 1');
      const before = await client.ended(id);
      const { status, body } = await client.cancel(id);
      expect([status, body]).toEqual([200, { ...before.body, outcome: undefined }]);
      expect((await client.ask(id)).text).toBe(before.text);
    });
  });
});

import { type PycellError, PycellClient, type RunEvent, ScriptError } from '@pycell/api-client';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { CuttingProxy } from './harness/cutting-proxy';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';

const STEPS = `
import time

def main(n, pause=0.1):
    for step in range(n):
        print("step", step, flush=True)
        time.sleep(pause)
    return {"big": 2 ** 70, "float": 1.0}
`;
const sleeper = (seconds: number): string =>
  `import time\ndef main():\n    time.sleep(${seconds})\n    return ${seconds}`;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) {
    seen.push(item);
  }
  return seen;
}

const errorOf = (promise: Promise<unknown>): Promise<PycellError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as PycellError,
  );

describeEachBuild('The TypeScript client', (build) => {
  let server: ApiServer;
  let client: PycellClient;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      MAX_CONCURRENCY: '2',
      MAX_QUEUE: '2',
      SCRIPT_TIMEOUT: '8',
    });
    client = new PycellClient({ baseUrl: server.client.baseUrl, integers: 'bigint' });
  });

  afterAll(() => server.stop());

  it('executes with inputs and files, and has the result, output and artifacts with every digit and byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { result, resultText, stdout, artifacts, execution } = await client.execute<{ sum: bigint }>({
      script: `
from pathlib import Path

def main(n):
    data = Path("data/raw.bin").read_bytes()
    Path("output/back.bin").write_bytes(data[::-1])
    print(Path("note.txt").read_text())
    return {"sum": n + 1, "float": 1.0, "kind": type(n).__name__}`,
      inputs: { n: 2n ** 80n },
      files: [
        { name: 'data/raw.bin', content: bytes },
        { name: 'note.txt', content: new Blob(['é ok']) },
      ],
      limits: { timeoutMs: 4000 },
    });
    expect(result).toEqual({ sum: 2n ** 80n + 1n, float: 1, kind: 'int' });
    expect(resultText).toBe('{"sum": 1208925819614629174706177, "float": 1.0, "kind": "int"}');
    expect(stdout).toBe('é ok\n');
    expect(artifacts).toEqual([
      {
        name: 'back.bin',
        mediaType: 'application/octet-stream',
        sizeBytes: 256,
        bytes: Uint8Array.from(bytes).reverse(),
      },
    ]);
    expect(execution.limits.timeoutMs).toBe(4000);
  });

  it('sends an empty standard input, which a script may read in a jail', async () => {
    const error = await errorOf(client.execute({ script: 'def main(): return input()', stdin: '' }));
    const { code, message } = error;
    const expected = build === 'cloud' ? ['SCRIPT_ERROR', 'EOFError'] : ['POLICY_VIOLATION', 'input('];
    expect([code, message]).toEqual([expected[0], expect.stringContaining(expected[1] ?? '')]);
  });

  if (build === 'cloud') {
    // Without a jail the policy refuses `input`, whatever is sent.
    it('runs a program with standard input', async () => {
      const request = { script: 'input().upper()', mode: 'script', stdin: 'hello\n' } as const;
      expect((await client.execute(request)).result).toBe('HELLO');
    });
  }

  it.each([
    [{ script: 'def main():\n    print("p")\n    return 1 / 0' }, 'SCRIPT_ERROR', 'script', 422, 3],
    [{ script: 'def main(:' }, 'SYNTAX_ERROR', 'script', 400, 1],
    [{ script: 'import subprocess\ndef main(): pass' }, 'POLICY_VIOLATION', 'script', 400, 1],
    [{ script: 'x = 1' }, 'MAIN_MISSING', 'script', 400, null],
    [{ script: sleeper(3), limits: { timeoutMs: 300 } }, 'TIMEOUT', 'script', 422, 3],
    [{ script: 'def main(): pass', limits: { timeoutMs: -1 } }, 'INVALID_REQUEST', 'refused', 400, null],
  ])('throws %j as %s', async (request, code, kind, status, line) => {
    const error = await errorOf(client.execute(request));
    expect(error).toMatchObject({ code, kind, status, line });
    expect(error.requestId).toMatch(/^[\w-]+$/);
    if (code === 'SCRIPT_ERROR') {
      expect(error).toBeInstanceOf(ScriptError);
      expect(error).toMatchObject({ stdout: 'p\n', traceback: expect.stringContaining('line 3') as unknown });
    }
  });

  it.each(['ndjson', 'sse'] as const)('streams events by %s as they happen', async (format) => {
    const at: number[] = [];
    const events: RunEvent[] = [];
    for await (const event of client.stream({ script: STEPS, inputs: { n: 4, pause: 0.3 } }, { format })) {
      at.push(performance.now());
      events.push(event);
    }
    expect([events.at(0)?.type, events.at(-2)?.type, events.at(-1)?.type]).toEqual([
      'start',
      'result',
      'end',
    ]);
    const texts = events.map((event) => (event.type === 'stdout' ? event.text : ''));
    expect(texts.join('')).toBe('step 0\nstep 1\nstep 2\nstep 3\n');
    expect(events.at(-2)).toMatchObject({
      result: { big: 2n ** 70n, float: 1 },
      resultText: '{"big": 1180591620717411303424, "float": 1.0}',
    });
    // It ends 1.2 s after its first step: much of that may pass before the first event is read.
    expect((at.at(-1) ?? 0) - (at[1] ?? 0)).toBeGreaterThan(250);
  });

  it('tells in a stream how a script failed', async () => {
    const events = await all(client.stream({ script: 'def main():\n    raise KeyError("k")' }));
    expect(events.at(-2)).toMatchObject({ type: 'error', error: { name: 'ScriptError', line: 2 } });
    await expect(client.stream({ script: 'import os' }).next()).rejects.toMatchObject({
      code: 'POLICY_VIOLATION',
    });
  });

  it('ends the run when the loop is left, or the signal is aborted', async () => {
    for (let round = 0; round < 4; round += 1) {
      for await (const { type } of client.stream({ script: sleeper(7) })) {
        expect(type).toBe('start');
        break;
      }
      const signal = AbortSignal.timeout(150);
      await expect(client.execute({ script: sleeper(7) }, { signal })).rejects.toMatchObject({
        name: 'TimeoutError',
      });
    }
    // Places are free again: eight scripts of 7 s would have held both of them.
    const begunAt = performance.now();
    await client.execute({ script: sleeper(0) });
    expect(performance.now() - begunAt).toBeLessThan(server.patienceMs(3_000));
  });

  it('runs a batch, whole and item by item', async () => {
    const request = {
      script: 'import time\ndef main(n):\n    time.sleep(0.8)\n    return 2 ** 70 // n',
      inputs: [{ n: 1 }, { n: 0 }, { n: 2 }],
    };
    const whole = await client.batch<bigint>(request);
    expect(whole).toMatchObject([
      { index: 0, status: 'succeeded', outcome: { result: 2n ** 70n } },
      { index: 1, status: 'failed', error: { code: 'SCRIPT_ERROR' } },
      { index: 2, status: 'succeeded', outcome: { result: 2n ** 69n } },
    ]);
    const seen: number[] = [];
    const at: number[] = [];
    for await (const { index } of client.batchItems(request)) {
      seen.push(index);
      at.push(performance.now());
    }
    expect(seen.toSorted()).toEqual([0, 1, 2]);
    // There are two places for three runs: the last one begins when another has ended, and been told of.
    expect((at[2] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(200);
    await expect(client.batch({ ...request, script: 'import os' })).rejects.toMatchObject({
      code: 'POLICY_VIOLATION',
    });
  });

  it('describes scripts, the service, and its modules', async () => {
    const { valid, main, imports } = await client.validate({
      script: 'import numppy\ndef main(n: int = 2 ** 3, k: int = 7): pass',
    });
    expect(valid).toBe(true);
    expect(imports.missing).toEqual([{ name: 'numppy', nearest: 'numpy' }]);
    expect(main?.parameters).toMatchObject({ properties: { k: { type: 'integer', default: 7 } } });
    expect((await client.metadata()).limits.timeoutSeconds).toBe(8);
    expect(await client.modules()).toContain('json');
  });

  it('waits for its turn where all places are taken, as long as that is asked for', async () => {
    const { baseUrl } = server.client;
    const patient = new PycellClient({ baseUrl, retry: { attempts: 20 } });
    const runs = Array.from({ length: 6 }, () => patient.execute<number>({ script: sleeper(0.5) }));
    expect((await Promise.all(runs)).map(({ result }) => result)).toEqual(Array(6).fill(0.5));
    const impatient = new PycellClient({ baseUrl, retry: false });
    const more = await Promise.allSettled(
      Array.from({ length: 6 }, () => impatient.execute({ script: sleeper(0.5) })),
    );
    const refused = more.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      reason: { name: 'ServiceError', code: 'SANDBOX_BUSY', mayHaveRun: false },
    });
  });

  it('does not send a script again whose connection was lost', async () => {
    const proxy = new CuttingProxy(server.client.baseUrl);
    const behind = new PycellClient({ baseUrl: await proxy.start() });
    // It is cut long before its end.
    const run = errorOf(behind.execute({ script: sleeper(7) }));
    await eventually(
      () => proxy.connections,
      (connections) => connections === 1,
    );
    await delay(300);
    proxy.cut();
    expect(await run).toMatchObject({ name: 'NetworkError', mayHaveRun: true });
    expect(proxy.connections).toBe(1);
    await proxy.stop();
  });

  describe('of executions in the background', () => {
    it('starts, follows and waits for one', async () => {
      const { id, status } = await client.executions.start({ script: STEPS, inputs: { n: 3 } });
      expect(['queued', 'running']).toContain(status);
      const events = await all(client.executions.events(id));
      expect(events.map(({ eventId }) => eventId)).toEqual(events.map((_, index) => String(index + 1)));
      expect(events.at(-2)).toMatchObject({ type: 'result', result: { big: 2n ** 70n } });
      const ended = await client.executions.wait(id);
      expect(ended).toMatchObject({
        status: 'succeeded',
        httpStatus: 200,
        outcome: { result: { big: 2n ** 70n, float: 1 }, stdout: 'step 0\nstep 1\nstep 2\n' },
      });
      expect(await client.executions.get(id)).toEqual(ended);
      const behind = await all(client.executions.events(id, { lastEventId: events.at(-3)?.eventId ?? '' }));
      expect(behind.map(({ type }) => type)).toEqual(['result', 'end']);
      expect(await all(client.executions.events(id, { lastEventId: events.at(-1)?.eventId ?? '' }))).toEqual(
        [],
      );
    });

    it('starts one execution under one key', async () => {
      const request = { script: 'def main():\n    return 1' };
      const first = await client.executions.start(request, { idempotencyKey: 'order-1' });
      expect((await client.executions.start(request, { idempotencyKey: 'order-1' })).id).toBe(first.id);
      expect((await client.executions.start(request)).id).not.toBe(first.id);
      await expect(
        client.executions.start({ script: 'x = 1' }, { idempotencyKey: 'order-1' }),
      ).rejects.toMatchObject({ name: 'RefusedError', code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('hears everything once through a network that cuts connections', async () => {
      const proxy = new CuttingProxy(server.client.baseUrl);
      const behind = new PycellClient({ baseUrl: await proxy.start() });
      const { id } = await behind.executions.start({ script: STEPS, inputs: { n: 20 } });
      const cutting = setInterval(() => proxy.cut(), 350);
      let printed = '';
      const seen: string[] = [];
      for await (const event of behind.executions.events(id)) {
        seen.push(event.eventId);
        printed += event.type === 'stdout' ? event.text : '';
      }
      clearInterval(cutting);
      expect(printed).toBe(Array.from({ length: 20 }, (_, step) => `step ${step}\n`).join(''));
      expect(seen).toEqual(seen.map((_, index) => String(index + 1)));
      expect(proxy.connections).toBeGreaterThan(2);
      await proxy.stop();
    });

    it('tells how one failed, and that one was cancelled', async () => {
      const failing = await client.executions.start({ script: 'def main():\n    return 1 / 0' });
      expect(await client.executions.wait(failing.id)).toMatchObject({
        status: 'failed',
        error: { name: 'ScriptError', code: 'SCRIPT_ERROR', status: 422, line: 2 },
      });
      const long = await client.executions.start({ script: sleeper(7) });
      const waiting = client.executions.wait(long.id);
      await delay(200);
      expect((await client.executions.cancel(long.id)).status).toBe('cancelled');
      expect((await waiting).status).toBe('cancelled');
      await expect(client.executions.get('0'.repeat(32))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});

import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { ExecutionFailure, type JobExecution } from '@pycell/sandbox';
import { REPORT } from '../../answers/report.contract';
import { createKey, hashOfKey } from '../../callers/key-form';
import { JobStoreUnavailable } from '../job-store';
import { JobOutcomes } from './job-outcomes';
import { HEARD, UNTIL_ENDED, WorkerScene } from './worker-scene.contract';

let scene: WorkerScene;
let lines: unknown[];

const handOvers = () => lines.filter((line) => (line as { msg?: string }).msg === 'hand-over');

beforeEach(async () => {
  lines = [];
  jest.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => void lines.push(line));
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  scene = await WorkerScene.open({ MAX_SCRIPT_SIZE: '1000' });
});

afterEach(async () => {
  // However it ended, its place is back.
  expect(scene.sandbox.held).toBe(0);
  jest.restoreAllMocks();
  await scene.store.stop();
});

describe('JobRunner', () => {
  it('runs a job as its request asks for, tells of it, and keeps its outcome in parts', async () => {
    const id = await scene.accept({
      script: 'x',
      mode: 'script',
      inputs: { a: 1 },
      callbackUrl: 'https://hooks.example.org/a',
    });
    let execution: JobExecution | undefined;
    scene.sandbox.run = (asked, listener) => {
      execution = asked;
      listener.onOutput('stdout', 'one\u2028');
      listener.onOutput('stderr', 'two');
      listener.onOutput('stdout', '"three"\n');
      const name = 'a\u2029.png';
      return { ...HEARD, artifacts: [{ name, bytes: Buffer.alloc(200_000, 7) }] };
    };
    expect(await scene.run(id)).toMatchObject({ status: 'succeeded', httpStatus: 200 });
    expect(execution).toMatchObject({
      id,
      request: { script: 'x', mode: 'script', inputs: Buffer.from('{"a":1}'), files: [] },
      client: { caller: { id: 'somebody', limits: scene.configuration.sandbox.limits } },
    });
    const outcome = await scene.outcomeOf(id);
    expect(outcome).toMatchObject({
      httpStatus: 200,
      result: '1.0',
      facts: { execution: REPORT },
      output: { stdout: 'one\u2028"three"\n', stderr: 'two' },
      artifacts: [
        {
          name: 'a\u2029.png',
          mediaType: 'image/png',
          sizeBytes: 200_000,
          base64: Buffer.alloc(200_000, 7).toString('base64'),
        },
      ],
    });
    for (const text of outcome?.texts ?? []) {
      expect(text).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    }
    const events = (await scene.store.eventsAfter(id, 0, 2 ** 20)).events;
    expect(events[0]).toEqual({ type: 'start' });
    expect(events.slice(1).every(({ type }) => type !== 'start')).toBe(true);
    expect(handOvers()).toEqual([{ msg: 'hand-over', execution: { id } }]);
  });

  it('keeps of one that failed what its answer says, its output and what it left apart', async () => {
    const id = await scene.accept();
    scene.sandbox.run = (_execution, listener) => {
      listener.onOutput('stdout', 'so far');
      throw new ExecutionFailure('SCRIPT_ERROR', 'ValueError: x', {
        line: 3,
        artifacts: [{ name: 'a.txt', bytes: Buffer.from('a') }],
        execution: REPORT,
      });
    };
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 422 });
    expect(await scene.outcomeOf(id)).toMatchObject({
      result: null,
      facts: { error: 'ValueError: x', code: 'SCRIPT_ERROR', requestId: id, line: 3, execution: REPORT },
      output: { stdout: 'so far', stderr: '' },
      artifacts: [{ name: 'a.txt', base64: 'YQ==' }],
    });
  });

  it('says nothing of output where there is no answer with one', async () => {
    const id = await scene.accept();
    scene.sandbox.run = (_execution, listener) => {
      listener.onOutput('stdout', 'lost');
      throw new ExecutionFailure('SANDBOX_UNAVAILABLE', 'gone', { retryAfterSeconds: 1 });
    };
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 503 });
    expect(await scene.outcomeOf(id)).toMatchObject({ facts: { code: 'SANDBOX_UNAVAILABLE' }, output: {} });
  });

  it.each([
    ['no JSON object', 7, 400, 'INVALID_REQUEST', /JSON object/],
    ['an unknown field', { script: 'x', scirpt: 1 }, 400, 'INVALID_REQUEST', /"scirpt"/],
    ['a field of a wrong type', { script: 'x', callbackUrl: 1 }, 400, 'INVALID_REQUEST', /callbackUrl/],
    [
      'limits that are too high',
      { script: 'x', limits: { timeoutMs: 1e9 } },
      400,
      'INVALID_REQUEST',
      /timeout/,
    ],
    ['a script that is too large', { script: 'x'.repeat(200_000) }, 400, 'SCRIPT_TOO_LARGE', /200000/],
  ])('ends a body with %s as a request with it', async (_which, body, httpStatus, code, message) => {
    const id = await scene.accept(body);
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus });
    expect(await scene.outcomeOf(id)).toMatchObject({
      facts: { code, error: expect.stringMatching(message) as string, requestId: id },
      output: {},
    });
    expect([scene.sandbox.handedOver, handOvers()]).toEqual([[], []]);
  });

  it('has a fault of ours end as one, without its cause', async () => {
    const id = await scene.accept();
    scene.sandbox.run = () => {
      throw new Error('a secret');
    };
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 500 });
    expect((await scene.outcomeOf(id))?.facts).toEqual({
      error: 'Internal error',
      code: 'INTERNAL',
      requestId: id,
    });
  });

  it('ends one whose outcome cannot be made', async () => {
    const id = await scene.accept();
    jest.spyOn(JobOutcomes.prototype, 'ofResult').mockRejectedValue(new RangeError('Invalid string length'));
    jest.spyOn(JobOutcomes.prototype, 'ofError').mockRejectedValue(new RangeError('Invalid string length'));
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 500 });
    expect(await scene.outcomeOf(id)).toMatchObject({
      facts: { code: 'INTERNAL' },
      output: {},
      artifacts: [],
    });
  });

  it('hands nothing over of a job that has ended before it begins', async () => {
    const id = await scene.accept();
    const record = await scene.run(id, (job) => ({
      begin: async () => {
        await scene.store.cancel(id);
        return job.begin();
      },
    }));
    expect(record).toMatchObject({ status: 'cancelled' });
    expect([scene.sandbox.handedOver, handOvers()]).toEqual([[], []]);
  });

  it('hands nothing over where nobody knows whether it may, and ends it so', async () => {
    const id = await scene.accept();
    const begin = () => Promise.reject(new JobStoreUnavailable('no answer'));
    expect(await scene.run(id, () => ({ begin }))).toMatchObject({ status: 'failed', httpStatus: 503 });
    expect(await scene.outcomeOf(id)).toMatchObject({ facts: { code: 'SANDBOX_UNAVAILABLE' }, output: {} });
    expect([scene.sandbox.handedOver, handOvers()]).toEqual([[], []]);
  });

  it('kills a job that is cancelled, and leaves its end as it is', async () => {
    const id = await scene.accept();
    scene.sandbox.run = UNTIL_ENDED;
    const running = scene.run(id);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await scene.store.cancel(id);
    expect(await running).toMatchObject({ status: 'cancelled' });
    expect(await scene.store.outcomeOf(id)).toBeNull();
  });

  it('ends a job itself that is killed since the worker shuts down', async () => {
    const id = await scene.accept();
    const shutdown = new AbortController();
    scene.sandbox.run = UNTIL_ENDED;
    const running = scene.run(id, undefined, shutdown.signal);
    await new Promise((resolve) => setTimeout(resolve, 20));
    shutdown.abort();
    expect(await running).toMatchObject({ status: 'failed', httpStatus: 503 });
    expect(await scene.outcomeOf(id)).toMatchObject({ facts: { code: 'SANDBOX_UNAVAILABLE' } });
  });
});

describe('JobRunner with keys', () => {
  const expires = new Date(Date.now() - 1_000).toISOString();
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-jobs-'));
    const keys = [
      { name: 'small', memoryMb: 64 },
      { name: 'off', disabled: true },
      { name: 'old', expires },
    ].map((entry) => ({ ...entry, sha256: [hashOfKey(createKey()).toString('hex')] }));
    const file = join(folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ keys }), { mode: 0o600 });
    scene = await WorkerScene.open({ API_KEYS_FILE: file });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a job run by the terms that its key has here', async () => {
    const id = await scene.accept(undefined, 'key:small', 'small');
    let execution: JobExecution | undefined;
    scene.sandbox.run = (asked) => {
      execution = asked;
      return HEARD;
    };
    await scene.run(id);
    expect(execution?.client.caller).toMatchObject({ id: 'key:small', limits: { memoryLimitMb: 64 } });
  });

  it.each([
    ['was never known', 'none', /"none" is not known/],
    ['is switched off', 'off', /"off" is switched off/],
    ['has expired', 'old', /"old" has expired/],
    ['is none', null, /has no key/],
  ])('runs nothing for a key that %s', async (_which, key, message) => {
    const id = await scene.accept(undefined, `key:${key}`, key);
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 403 });
    expect(await scene.outcomeOf(id)).toMatchObject({
      facts: { code: 'FORBIDDEN', error: expect.stringMatching(message) as string, requestId: id },
      output: {},
    });
    expect(scene.sandbox.handedOver).toEqual([]);
  });
});

describe('A job that came to an interface', () => {
  const script = 'x'.repeat(150_000);
  const accept = () =>
    scene.accept({ interface: 'judge0', script, mode: 'script', limits: { timeoutMs: 500 } });

  it('is run by the terms of interfaces, and the log is told of which it is', async () => {
    scene = await WorkerScene.open({ BUILD: 'cloud', INTERFACES: 'judge0' });
    let execution: JobExecution | undefined;
    scene.sandbox.run = (asked) => {
      execution = asked;
      return HEARD;
    };
    expect(await scene.run(await accept())).toMatchObject({ status: 'succeeded' });
    expect(execution).toMatchObject({
      request: { script, limits: { timeoutMs: 500 }, manner: 'program' },
      client: { caller: { id: 'somebody', policyRules: null, limits: { maxScriptSize: 200_000 } } },
      facts: { interface: 'judge0' },
    });
  });

  it('has what is wanted of it from its interface alone, whatever the body says that was kept', async () => {
    scene = await WorkerScene.open({ BUILD: 'cloud', INTERFACES: 'judge0,mcp' });
    const wanted: unknown[] = [];
    scene.sandbox.run = ({ request }) => {
      wanted.push(request.manner);
      return HEARD;
    };
    const plain = { script: 'x', mode: 'script' };
    for (const body of [{ interface: 'mcp', ...plain }, plain]) {
      expect(await scene.run(await scene.accept(body))).toMatchObject({ status: 'succeeded' });
    }
    expect(wanted).toEqual([undefined, undefined]);
    for (const body of [
      { interface: 'judge0', manner: 'component', ...plain },
      { manner: 'program', ...plain },
    ]) {
      const id = await scene.accept(body);
      expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 400 });
      expect((await scene.outcomeOf(id))?.facts['error']).toContain('"manner"');
    }
    expect(wanted).toHaveLength(2);
  });

  it('is not run where that interface is off', async () => {
    scene = await WorkerScene.open({ BUILD: 'cloud', INTERFACES: 'dify' });
    const id = await accept();
    expect(await scene.run(id)).toMatchObject({ status: 'failed', httpStatus: 403 });
    expect(scene.sandbox.handedOver).toEqual([]);
    expect((await scene.outcomeOf(id))?.facts['error']).toContain('the interface "judge0"');
  });
});

import { Logger } from '@nestjs/common';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { type ExecutionRequest, plainRequest } from '../run/run';
import { HearingAll } from './batch-scene.contract';
import type { Client } from './client';
import { ExecutionFailure } from './execution-failure';
import type { ExecutionObserver } from './execution-observer';
import { callerNamed, FakeExecutor, OPTIONS, settled } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

const SCRIPT = 'def main(n=0): return n';
const REFUSED = 'import os\ndef main(): return 1';
const DESCRIPTION = Buffer.from('{"syntaxError":null,"imports":{"known":[],"missing":[]},"main":null}');

let judge: ScriptJudge;
let executor: FakeExecutor;
let service: SandboxService;
let told: string[];
let client: AbortController;

/** Keeps what it hears, each in one line. */
const observer: ExecutionObserver = {
  executionEnded: ({ kind, caller, status, report, count }) =>
    told.push(
      `${kind} of ${caller.id}: ${status}${report ? `, ${report.cpuMs} ms` : ''}${count > 1 ? ` x ${count}` : ''}`,
    ),
  batchEnded: ({ caller, status }) => told.push(`batch of ${caller.id}: ${status}`),
  runEnded: ({ caller, result }) =>
    told.push(`run of ${caller.id}: ${result.outcome.status}, ${result.cpuMs} ms`),
};

function createService(maxConcurrency: number, maxQueue = 0): SandboxService {
  const admission = { maxConcurrency, maxQueue, queueTimeoutMs: 1000 };
  return new SandboxService(executor, judge, { ...OPTIONS, admission }, observer);
}

const clientNamed = (name: string): Client => ({ caller: callerNamed(name), signal: client.signal });
const execute = (request: ExecutionRequest, name = 'Ada'): Promise<unknown> =>
  service.execute(request, clientNamed(name)).catch((error: unknown) => error);
const batch = (script: string, inputs: number): Promise<unknown> =>
  service
    .batch(
      {
        script,
        mode: 'function',
        limits: {},
        inputs: Array.from({ length: inputs }, () => Buffer.from('{}')),
      },
      clientNamed('Ada'),
      new HearingAll(),
    )
    .catch((error: unknown) => error);

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
});
afterAll(() => judge.close());

beforeEach(() => {
  told = [];
  client = new AbortController();
  executor = new FakeExecutor();
  service = createService(2);
});

describe('An ExecutionObserver', () => {
  it('hears of a call that returned, and of its run', async () => {
    await execute(plainRequest(SCRIPT));
    expect(told).toEqual(['run of Ada: OK, 2.5 ms', 'call of Ada: OK, 2.5 ms']);
  });

  it('hears of one that failed, with what it used', async () => {
    executor.outcome = { status: 'TIMEOUT' };
    await execute(plainRequest(SCRIPT));
    expect(told).toEqual(['run of Ada: TIMEOUT, 2.5 ms', 'call of Ada: TIMEOUT, 2.5 ms']);
  });

  it('hears of those that were refused before they ran', async () => {
    await execute(plainRequest(REFUSED));
    await execute(plainRequest('#'.repeat(101)));
    expect(told).toEqual(['call of Ada: POLICY_VIOLATION', 'call of Ada: SCRIPT_TOO_LARGE']);
  });

  it('hears of one that found no place, and of the one that has it once that has ended', async () => {
    service = createService(1);
    executor.outcome = 'wait';
    const running = execute(plainRequest(SCRIPT));
    await settled();
    await execute(plainRequest(SCRIPT), 'Bob');
    expect(told).toEqual(['call of Bob: SANDBOX_BUSY']);
    expect(service.occupancy).toEqual({ running: 1, waitingCalls: 0, waitingBatches: 0, openBatches: 0 });
    executor.waiting[0]?.end({ status: 'OK', result: Buffer.from('1') });
    await running;
    expect(told.slice(1)).toEqual(['run of Ada: OK, 2.5 ms', 'call of Ada: OK, 2.5 ms']);
  });

  it('hears of a refusal that was sent before the body was read', () => {
    service.noteRefusal(callerNamed('Eve'), new ExecutionFailure('SANDBOX_BUSY', 'busy'));
    expect(told).toEqual(['call of Eve: SANDBOX_BUSY']);
  });

  it('hears of a run whose client went away, and that nobody was told', async () => {
    executor.outcome = 'wait';
    const running = execute(plainRequest(SCRIPT));
    await settled();
    client.abort();
    await running;
    expect(told).toEqual(['run of Ada: CANCELLED, 2.5 ms', 'call of Ada: CANCELLED']);
  });

  it('hears of a stream, once, also where its listener fails', async () => {
    const listener = { onStart: () => undefined, onOutput: () => undefined };
    await service.stream(plainRequest(SCRIPT), clientNamed('Ada'), listener);
    const failing = {
      ...listener,
      onOutput: () => {
        throw new Error('gone');
      },
    };
    await service.stream(plainRequest(SCRIPT), clientNamed('Ada'), failing).catch(() => undefined);
    expect(told.filter((line) => line.startsWith('stream'))).toEqual([
      'stream of Ada: OK, 2.5 ms',
      'stream of Ada: INTERNAL',
    ]);
  });

  it('hears of a validation, and of its run', async () => {
    executor.outcome = { status: 'OK', result: DESCRIPTION };
    await service.validate({ script: SCRIPT }, clientNamed('Ada'));
    expect(told).toEqual(['run of Ada: OK, 2.5 ms', 'validation of Ada: OK']);
    executor.outcome = { status: 'TIMEOUT' };
    await service.validate({ script: SCRIPT }, clientNamed('Ada')).catch(() => undefined);
    expect(told.slice(2)).toEqual(['run of Ada: TIMEOUT, 2.5 ms', 'validation of Ada: TIMEOUT']);
  });

  it('hears of each item of a batch, and of the batch', async () => {
    await batch(SCRIPT, 3);
    expect(told.filter((line) => line === 'item of Ada: OK, 2.5 ms')).toHaveLength(3);
    expect(told.filter((line) => line === 'run of Ada: OK, 2.5 ms')).toHaveLength(3);
    expect(told.at(-1)).toBe('batch of Ada: OK');
    expect(told).toHaveLength(7);
  });

  it('hears of a batch that was refused as a whole, and of no item of it', async () => {
    await batch(REFUSED, 3);
    expect(told).toEqual(['batch of Ada: POLICY_VIOLATION']);
  });

  it('hears of a batch beyond those that may be open', async () => {
    service = createService(1);
    executor.outcome = 'wait';
    const open = batch(SCRIPT, 1);
    await settled();
    expect(service.occupancy.openBatches).toBe(1);
    await batch(SCRIPT, 1);
    expect(told).toEqual(['batch of Ada: SANDBOX_BUSY']);
    executor.waiting[0]?.end({ status: 'OK', result: Buffer.from('1') });
    await open;
  });

  it('hears of the items that were running when the client of a batch went away, and of none that were not', async () => {
    service = createService(3);
    executor.outcome = 'wait';
    const open = batch(SCRIPT, 10);
    await settled();
    const running = executor.waiting.length;
    client.abort();
    await open;
    expect(told.filter((line) => line === 'item of Ada: CANCELLED')).toHaveLength(running);
    expect(told.filter((line) => line === 'run of Ada: CANCELLED, 2.5 ms')).toHaveLength(running);
    expect(told.at(-1)).toBe('batch of Ada: CANCELLED');
    expect(told).toHaveLength(2 * running + 1);
  });

  it('hears of the items of a batch that got no place since the service shuts down', async () => {
    executor.outcome = 'wait';
    const open = batch(SCRIPT, 3);
    await settled();
    const running = executor.waiting.length;
    const drained = service.drain(1_000);
    while (executor.waiting.length > 0) {
      executor.waiting[0]?.end({ status: 'OK', result: Buffer.from('1') });
    }
    await Promise.all([open, drained]);
    const unplaced = told.filter((line) => line === 'item of Ada: SANDBOX_UNAVAILABLE');
    expect(unplaced).toHaveLength(3 - running);
    expect(unplaced.length).toBeGreaterThan(0);
  });
});

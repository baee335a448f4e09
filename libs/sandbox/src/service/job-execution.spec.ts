import { Logger } from '@nestjs/common';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { plainRequest } from '../run/run';
import { ExecutionCancelled } from './execution-failure';
import type { EndedExecution } from './execution-observer';
import { callerNamed, FakeExecutor, OPTIONS, settled } from './fake-executor.contract';
import type { PlacesOfJobs, ReservedPlace } from './reserved-place';
import { SandboxService } from './sandbox.service';

const SCRIPT = 'def main(): return 1';
const ID = '0123456789abcdef0123456789abcdef';
const PLACES = 3;

let judge: ScriptJudge;
let executor: FakeExecutor;
let service: SandboxService;
let client: AbortController;
let ended: EndedExecution[];
let heard: string[];

const begun = async (): Promise<void> => {
  await settled();
  heard.push('begun');
};
const start = (place: ReservedPlace, script = SCRIPT, begin = begun) =>
  service.executeJob(
    {
      id: ID,
      request: plainRequest(script),
      client: { caller: callerNamed('somebody'), signal: client.signal },
      place,
      begin,
    },
    {
      onStart: (id) => heard.push(`start ${id}`),
      onOutput: (of, text) => heard.push(`${of} ${text}`),
    },
  );
const reserve = (share?: PlacesOfJobs) => service.reserve(client.signal, share);

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
});

afterAll(() => judge.close());

beforeEach(() => {
  executor = new FakeExecutor();
  ended = [];
  service = new SandboxService(
    executor,
    judge,
    { ...OPTIONS, admission: { maxConcurrency: PLACES, maxQueue: 2, queueTimeoutMs: 30 } },
    {
      executionEnded: (one) => ended.push(one),
      batchEnded: () => undefined,
      runEnded: () => undefined,
    },
  );
  client = new AbortController();
  heard = [];
});

describe('SandboxService.reserve', () => {
  it('leaves the last place to who calls, and has the others', async () => {
    await Promise.all([reserve(), reserve()]);
    const third = reserve();
    await settled();
    expect(service.occupancy).toMatchObject({ running: 2, waitingBatches: 1 });
    const answer = await service.execute(plainRequest(SCRIPT), {
      caller: callerNamed('somebody'),
      signal: client.signal,
    });
    expect(answer.resultJson).toEqual(Buffer.from('1'));
    client.abort(new Error('no more'));
    await expect(third).rejects.toThrow('no more');
  });

  it('has every place where nobody calls', async () => {
    await Promise.all([reserve('all'), reserve('all'), reserve('all')]);
    expect(service.occupancy).toMatchObject({ running: PLACES, waitingBatches: 0 });
  });

  it('waits for as long as it takes, and gives a place back once', async () => {
    const [first] = await Promise.all([reserve(), reserve()]);
    const waiting = reserve();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(service.occupancy.waitingBatches).toBe(1);
    first.release();
    first.release();
    await waiting;
    expect(service.occupancy.running).toBe(2);
  });

  it('is refused when the service shuts down, also where it waits already', async () => {
    await Promise.all([reserve(), reserve()]);
    const waiting = expect(reserve()).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    await service.drain(1_000);
    await waiting;
    await expect(reserve()).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  });
});

describe('SandboxService.executeJob', () => {
  it('executes under the id that it is given, and begins before the script is handed over', async () => {
    const answer = await start(await reserve());
    expect(heard).toEqual(['begun', `start ${ID}`, 'stdout out', 'stderr err']);
    expect(answer).toMatchObject({ resultJson: Buffer.from('1'), execution: { id: ID } });
    expect(ended).toMatchObject([{ kind: 'job', status: 'OK', count: 1 }]);
    expect(service.occupancy.running).toBe(0);
  });

  it.each([
    ['a script that is too large', `#${'x'.repeat(100)}`, 'SCRIPT_TOO_LARGE'],
    ['one that the policy refuses', 'import os', 'POLICY_VIOLATION'],
  ])('does not begin %s, and gives its place back', async (_which, script, code) => {
    await expect(start(await reserve(), script)).rejects.toMatchObject({ code });
    expect(heard).toEqual([]);
    expect(executor.requests).toEqual([]);
    expect(service.occupancy.running).toBe(0);
  });

  it('hands nothing over where it may not begin', async () => {
    const fault = new Error('nobody knows');
    await expect(start(await reserve(), SCRIPT, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(executor.requests).toEqual([]);
    expect(service.occupancy.running).toBe(0);
  });

  it('hands nothing over of one that was ended while it began', async () => {
    const begin = (): Promise<void> => {
      client.abort();
      return Promise.resolve();
    };
    await expect(start(await reserve(), SCRIPT, begin)).rejects.toBeInstanceOf(ExecutionCancelled);
    expect(executor.requests).toEqual([]);
    expect(service.occupancy.running).toBe(0);
  });

  it('is ended by its signal while it runs', async () => {
    executor.outcome = 'wait';
    const running = start(await reserve());
    await settled();
    await settled();
    client.abort();
    await expect(running).rejects.toBeInstanceOf(ExecutionCancelled);
    expect(ended).toMatchObject([{ kind: 'job', status: 'CANCELLED' }]);
    expect(service.occupancy.running).toBe(0);
  });

  it('takes a place that was reserved for one execution only', async () => {
    const place = await reserve();
    await start(place);
    await expect(start(place)).rejects.toThrow('a reserved place has been taken twice');
    expect(service.occupancy.running).toBe(0);
  });

  it('is followed to its end when the service shuts down, and killed when the time for that is over', async () => {
    executor.outcome = 'wait';
    const [first, second] = [start(await reserve()), start(await reserve())];
    await settled();
    await settled();
    const killed = expect(second).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    const drained = service.drain(50);
    executor.waiting[0]?.end({ status: 'OK', result: Buffer.from('2') });
    expect((await first).resultJson).toEqual(Buffer.from('2'));
    await drained;
    await killed;
  });

  it('refuses what is too large without a place', () => {
    expect(() => service.checkSize(plainRequest('x'.repeat(101)), callerNamed('somebody'))).toThrow(
      'Script has 101 characters',
    );
    expect(() => service.checkSize(plainRequest(SCRIPT), callerNamed('somebody'))).not.toThrow();
  });
});

import { Logger } from '@nestjs/common';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { type ExecutionRequest, plainRequest } from '../run/run';
import { ExecutionCancelled } from './execution-failure';
import { callerNamed, FakeExecutor, OPTIONS, settled } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

const SCRIPT = 'def main(): return 1';

let judge: ScriptJudge;
let executor: FakeExecutor;
let service: SandboxService;
let client: AbortController;
let heard: string[];
const stream = (request: ExecutionRequest | string) =>
  service.stream(
    typeof request === 'string' ? plainRequest(request) : request,
    { caller: callerNamed('somebody'), signal: client.signal },
    {
      onStart: (id) => heard.push(`start ${id.length}`),
      onOutput: (of, text) => heard.push(`${of} ${text}`),
    },
  );

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
});

afterAll(() => judge.close());

beforeEach(() => {
  executor = new FakeExecutor();
  service = new SandboxService(executor, judge, OPTIONS);
  client = new AbortController();
  heard = [];
});

describe('SandboxService.stream', () => {
  it('tells of the start, then of the output, then has the rest of the answer', async () => {
    const answer = await stream(SCRIPT);
    expect(heard).toEqual(['start 36', 'stdout out', 'stderr err']);
    expect(Object.keys(answer).sort()).toEqual(['artifacts', 'execution', 'resultJson']);
    expect(answer).toMatchObject({ resultJson: Buffer.from('1'), execution: { cpuMs: 2.5 } });
  });

  it('lets the output be heard while the script runs', async () => {
    executor.outcome = 'wait';
    const answer = stream(SCRIPT);
    await settled();
    expect(heard).toEqual(['start 36', 'stdout out', 'stderr err']);
    executor.waiting[0]?.observer.onOutput('stdout', Buffer.from('more'));
    executor.waiting[0]?.end({ status: 'OK', result: Buffer.from('2') });
    expect((await answer).resultJson).toEqual(Buffer.from('2'));
    expect(heard.at(-1)).toBe('stdout more');
  });

  it('fails as an execution does, and does not repeat what has been heard', async () => {
    executor.outcome = { status: 'TIMEOUT', line: 3 };
    const failure = (await stream(SCRIPT).catch((error: unknown) => error)) as { facts: object };
    const whole = (await service
      .execute(plainRequest(SCRIPT), { caller: callerNamed('somebody'), signal: client.signal })
      .catch((error: unknown) => error)) as { facts: object };
    expect(failure).toMatchObject({
      code: 'TIMEOUT',
      message: 'Script ran longer than the limit of 10 seconds',
    });
    expect(Object.keys(whole.facts)).toEqual(['stdout', 'stderr', ...Object.keys(failure.facts)]);
  });

  it.each([
    ['a script that is too large', `#${'x'.repeat(100)}`, 'SCRIPT_TOO_LARGE'],
    ['one that the policy refuses', 'import os', 'POLICY_VIOLATION'],
    ['one that is compiled only', 'def main(:', 'POLICY_VIOLATION'],
  ])('tells of no start of %s', async (_which, script, code) => {
    await expect(stream(script)).rejects.toMatchObject({ code });
    expect(heard).toEqual([]);
  });

  it('tells of no start where there is no place', async () => {
    executor.outcome = 'wait';
    const first = stream(SCRIPT);
    await settled();
    heard.length = 0;
    await expect(stream(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_BUSY' });
    expect(heard).toEqual([]);
    client.abort();
    await expect(first).rejects.toBeInstanceOf(ExecutionCancelled);
  });

  it('ends the run of a client that goes away, and frees its place', async () => {
    executor.outcome = 'wait';
    const answer = stream(SCRIPT);
    await settled();
    client.abort();
    await expect(answer).rejects.toBeInstanceOf(ExecutionCancelled);
    client = new AbortController();
    executor.outcome = { status: 'OK', result: Buffer.from('2') };
    await expect(stream(SCRIPT)).resolves.toBeDefined();
  });

  it('is retryable, and not repeated by itself, when the service shuts down', async () => {
    executor.outcome = 'wait';
    const refused = expect(stream(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    await settled();
    await service.drain(10);
    await refused;
    expect(executor.requests).toHaveLength(1);
  });
});

import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import type { Outcome } from '../run/outcome';
import { plainRequest } from '../run/run';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';
import { callerNamed, FakeExecutor, OPTIONS } from './fake-executor.contract';
import type { SandboxOptions } from './sandbox-options';
import { SandboxService } from './sandbox.service';

const SCRIPT = 'def main(): return 1';

let judge: ScriptJudge;
let judgeWithoutRules: ScriptJudge;
let executor: FakeExecutor;
let service: SandboxService;
let options: SandboxOptions;
const execute = (script: string, signal = new AbortController().signal) =>
  service.execute(plainRequest(script), { caller: callerNamed('somebody', options), signal });
/** Replaces the service by one that has other options. */
const serve = (given: ScriptJudge, other: Partial<SandboxOptions>): void => {
  options = { ...OPTIONS, ...other };
  service = new SandboxService(executor, given, options);
};

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
  judgeWithoutRules = await judgeSmallScripts({ blockedModules: [], blockedNames: [] });
});

afterAll(() => {
  judge.close();
  judgeWithoutRules.close();
});

beforeEach(() => {
  executor = new FakeExecutor();
  serve(judge, {});
});

describe('SandboxService', () => {
  it('returns result, output and what was measured', async () => {
    const completed = await execute(SCRIPT);
    expect(completed).toMatchObject({ stdout: 'out', stderr: 'err', resultJson: Buffer.from('1') });
    expect(completed.execution).toMatchObject({
      isolation: 'nsjail-per-run',
      cpuMs: 2.5,
      peakMemoryBytes: 7,
      timings: { policyMs: expect.any(Number), startMs: 2, runMs: 3, resultMs: 4 },
    });
    const { queueMs, policyMs } = completed.execution.timings;
    expect(completed.execution.durationMs).toBeCloseTo(queueMs + policyMs + 9, 2);
  });

  it('runs the text with normalised line ends, the one that the policy has judged', async () => {
    await execute('def main():\r\n  return 1\r# end');
    expect(executor.requests[0]?.script).toBe('def main():\n  return 1\n# end');
  });

  it('accepts exactly the permitted number of code points and refuses one more', async () => {
    const script = `#${'😀'.repeat(99)}`;
    await expect(execute(script)).resolves.toBeDefined();
    await expect(execute(`${script}x`)).rejects.toMatchObject({
      code: 'SCRIPT_TOO_LARGE',
      message: expect.stringContaining('101 characters, the limit is 100'),
    });
  });

  it('judges the size before the policy, and the policy before anything runs', async () => {
    await expect(execute(`import os\n${'#'.repeat(100)}`)).rejects.toMatchObject({
      code: 'SCRIPT_TOO_LARGE',
    });
    await expect(execute('import os')).rejects.toMatchObject({
      code: 'POLICY_VIOLATION',
      message: 'Dangerous operation detected: import os',
      facts: { line: 1, column: 8 },
    });
    expect(executor.requests).toEqual([]);
  });

  it('lets the jail alone decide when the policy is off', async () => {
    serve(judgeWithoutRules, { policyRules: null });
    await expect(execute('import os')).resolves.toBeDefined();
  });

  it('judges no script before it has a place', async () => {
    executor.outcome = 'wait';
    const controller = new AbortController();
    const first = execute(SCRIPT, controller.signal);
    await expect(execute('import os')).rejects.toMatchObject({ code: 'SANDBOX_BUSY' });
    controller.abort();
    await expect(first).rejects.toBeInstanceOf(ExecutionCancelled);
  });

  it('does not run a script that cannot be judged in time, and gives its place back', async () => {
    serve(judge, { limits: DEFAULT_LIMITS });
    for (let round = 0; round < 2; round++) {
      await expect(execute('x = 1\n'.repeat(500))).rejects.toMatchObject({
        code: 'POLICY_VIOLATION',
        message: expect.stringContaining('too complex to check'),
      });
    }
    expect(executor.requests).toEqual([]);
    serve(judgeWithoutRules, { limits: DEFAULT_LIMITS, policyRules: null });
    await expect(execute('x = 1\n'.repeat(500))).resolves.toBeDefined();
    expect(executor.requests).toMatchObject([
      { script: 'x = 1\n'.repeat(500), mode: 'function', imports: null },
    ]);
  });

  it('only compiles what the policy cannot read, and refuses it when CPython can', async () => {
    await expect(execute('def main(:')).rejects.toMatchObject({
      code: 'POLICY_VIOLATION',
      message: expect.stringContaining('cannot read this script'),
    });
    expect(executor.requests.map(({ mode }) => mode)).toEqual(['compile']);
  });

  it.each<[Outcome, string, string]>([
    [{ status: 'TIMEOUT' }, 'TIMEOUT', 'limit of 10 seconds'],
    [{ status: 'OUTPUT_LIMIT' }, 'OUTPUT_LIMIT', 'limit of 1048576 bytes'],
    [{ status: 'SCRIPT_EXITED', message: 'exit code 3' }, 'SCRIPT_EXITED', 'exit code 3'],
    [{ status: 'SCRIPT_CRASHED', message: 'died by SIGSEGV' }, 'SCRIPT_CRASHED', 'SIGSEGV'],
    [{ status: 'KILLED' }, 'MEMORY_LIMIT', 'The machine ran out of memory'],
    [{ status: 'SANDBOX_UNAVAILABLE', cause: 'secret' }, 'SANDBOX_UNAVAILABLE', 'safe to retry'],
    [{ status: 'MEMORY_LIMIT', message: 'M' }, 'MEMORY_LIMIT', 'limit of 512 MB'],
    [{ status: 'RESULT_TOO_LARGE', message: '9 bytes' }, 'RESULT_TOO_LARGE', '4194304 bytes'],
    [{ status: 'MAIN_MISSING', message: 'forged' }, 'MAIN_MISSING', 'Script must contain a main() function'],
  ])('tells %j as %s', async (outcome, code, message) => {
    executor.outcome = outcome;
    const failure = await execute(SCRIPT).catch((error: unknown) => error as ExecutionFailure);
    expect(failure).toBeInstanceOf(ExecutionFailure);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((failure as ExecutionFailure).message).not.toContain('secret');
  });

  it('keeps output and measurements of a run that failed', async () => {
    executor.outcome = { status: 'TIMEOUT' };
    await expect(execute(SCRIPT)).rejects.toMatchObject({
      facts: { stdout: 'out', stderr: 'err', execution: { isolation: 'nsjail-per-run' } },
    });
  });

  it('is busy, with the time to retry after, when all places are taken', async () => {
    executor.outcome = 'wait';
    const controller = new AbortController();
    const first = execute(SCRIPT, controller.signal);
    await expect(execute(SCRIPT)).rejects.toMatchObject({
      code: 'SANDBOX_BUSY',
      retryable: true,
      facts: { retryAfterSeconds: 1 },
    });
    controller.abort();
    await expect(first).rejects.toBeInstanceOf(ExecutionCancelled);
  });

  it('frees the place of a client that went away', async () => {
    executor.outcome = 'wait';
    const controller = new AbortController();
    const first = execute(SCRIPT, controller.signal);
    controller.abort();
    await expect(first).rejects.toBeInstanceOf(ExecutionCancelled);
    executor.outcome = { status: 'OK', result: Buffer.from('2') };
    await expect(execute(SCRIPT)).resolves.toBeDefined();
  });

  it.each([
    ['a large run', { peakMemoryBytes: 100 * 1024 * 1024 }, 2.5],
    ['a run whose memory was not measured', {}, 2.5],
    ['a run that took long enough to have much in the kernel', { peakMemoryBytes: 7 }, 51],
  ])(
    'answers at once, but frees the place of %s only when its process is gone',
    async (_which, memory, cpuMs) => {
      let gone!: () => void;
      Object.assign(executor, { memory, cpuMs });
      executor.gone = new Promise((resolve) => (gone = resolve));
      await expect(execute(SCRIPT)).resolves.toBeDefined();
      await expect(execute(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_BUSY' });
      executor.gone = Promise.resolve();
      gone();
      await new Promise((resolve) => setImmediate(resolve));
      await expect(execute(SCRIPT)).resolves.toBeDefined();
    },
  );

  it('frees the place of a small run with its answer', async () => {
    executor.gone = new Promise(() => undefined);
    await expect(execute(SCRIPT)).resolves.toBeDefined();
    await expect(execute(SCRIPT)).resolves.toBeDefined();
  });

  it.each([
    ['on', DEFAULT_POLICY_RULES],
    ['off', null],
  ])(
    'says what the script imports, so that it is there already, with the policy %s',
    async (_state, policyRules) => {
      serve(policyRules ? judge : judgeWithoutRules, { policyRules });
      await execute('import numpy as np\nfrom pandas import DataFrame\ndef main(): return 1');
      expect(executor.requests[0]?.imports).toEqual(['numpy', 'pandas']);
    },
  );

  it('is unavailable when the host cannot give what a run needs, and frees the place', async () => {
    executor.run = () => Promise.reject(new Error('ENOSPC'));
    await expect(execute(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    await expect(execute(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  });

  it('kills runs in flight at the end of the grace and answers them as retryable', async () => {
    executor.outcome = 'wait';
    const first = execute(SCRIPT);
    const refused = expect(first).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', retryable: true });
    await service.drain(10);
    await refused;
    await expect(execute(SCRIPT)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  });
});

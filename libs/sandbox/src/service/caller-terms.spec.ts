import { Logger } from '@nestjs/common';
import { allowNames, DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { plainRequest, type ExecutionRequest } from '../run/run';
import type { CallerTerms } from './client';
import type { CompletedExecution } from './completed-execution';
import { ExecutionFailure } from './execution-failure';
import { callerNamed, FakeExecutor, OPTIONS } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

const SCRIPT = 'def main(): return 1';
const DESCRIPTION = Buffer.from(
  '{"syntaxError": null, "imports": {"known": [], "missing": []}, "main": null}',
);
const { signal } = new AbortController();

/** What a key has less of than the service. */
const LIMITED: CallerTerms = {
  ...callerNamed('key:small'),
  limits: { ...OPTIONS.limits, timeoutSeconds: 1.1, memoryLimitMb: 64, maxScriptSize: 50, tmpSizeMb: 1 },
};
const withRules = (id: string, policyRules: PolicyRules | null): CallerTerms => ({
  ...callerNamed(id),
  policyRules,
});

let judge: ScriptJudge;
let executor: FakeExecutor;
let service: SandboxService;

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
});

afterAll(() => judge.close());

beforeEach(() => {
  executor = new FakeExecutor();
  service = new SandboxService(executor, judge, OPTIONS);
});

const execute = (
  script: string,
  caller: CallerTerms,
  request: Partial<ExecutionRequest> = {},
): Promise<CompletedExecution | ExecutionFailure> =>
  service
    .execute({ ...plainRequest(script), ...request }, { caller, signal })
    .catch((error: unknown) => error as ExecutionFailure);
const messageOf = async (...given: Parameters<typeof execute>): Promise<string> => {
  const ended = await execute(...given);
  return ended instanceof ExecutionFailure ? ended.message : 'completed';
};

describe('the limits of a caller', () => {
  it('hold for its runs, and the answer tells them', async () => {
    const completed = await execute(SCRIPT, LIMITED);
    expect(executor.requests[0]?.limits).toEqual({ timeoutMs: 1100, memoryMb: 64 });
    expect(completed).toMatchObject({ execution: { limits: { timeoutMs: 1100, memoryMb: 64 } } });
  });

  it('are what a request chooses within', async () => {
    const completed = await execute(SCRIPT, LIMITED, { limits: { timeoutMs: 300 } });
    expect(executor.requests[0]?.limits).toEqual({ timeoutMs: 300, memoryMb: 64 });
    expect(completed).toMatchObject({ execution: { limits: { timeoutMs: 300, memoryMb: 64 } } });
  });

  it('add nothing to the runs of those who have all that the service gives', async () => {
    await execute(SCRIPT, callerNamed('somebody'));
    await execute(SCRIPT, callerNamed('somebody'), { limits: { memoryMb: 99 } });
    expect(executor.requests.map(({ limits }) => limits)).toEqual([{}, { memoryMb: 99 }]);
  });

  it.each([
    [{ status: 'TIMEOUT' } as const, 'longer than the limit of 1.1 seconds'],
    [{ status: 'MEMORY_LIMIT', message: 'M' } as const, 'more memory than the limit of 64 MB'],
  ])('are told where a run meets them: %j', async (outcome, told) => {
    executor.outcome = outcome;
    expect(await messageOf(SCRIPT, LIMITED)).toContain(told);
  });

  it('hold for the size of its scripts, and it is told whose they are', async () => {
    expect(await messageOf('#'.repeat(50), LIMITED)).toBe('completed');
    expect(await messageOf('#'.repeat(51), LIMITED)).toBe(
      'Script has 51 characters, the limit of your key is 50. Shorten it.',
    );
    expect(await messageOf('#'.repeat(101), LIMITED)).toContain('the limit of your key is 50');
    expect(await messageOf('#'.repeat(101), callerNamed('somebody'))).toBe(
      'Script has 101 characters, the limit is 100. Shorten it or raise MAX_SCRIPT_SIZE.',
    );
  });

  it('hold for what comes with its scripts', async () => {
    const stdin = Buffer.alloc(1024 * 1024 + 1);
    expect(await messageOf(SCRIPT, LIMITED, { stdin })).toContain('the limit of your key is 1048576 bytes');
    expect(await messageOf(SCRIPT, callerNamed('somebody'), { stdin })).toBe('completed');
  });

  it('hold for scripts that are only described', async () => {
    executor.outcome = { status: 'OK', result: DESCRIPTION };
    await service.validate({ script: SCRIPT }, { caller: LIMITED, signal });
    expect(executor.requests[0]?.limits).toEqual({ timeoutMs: 1100, memoryMb: 64 });
    executor.outcome = { status: 'TIMEOUT' };
    await expect(service.validate({ script: SCRIPT }, { caller: LIMITED, signal })).rejects.toThrow(
      '1.1 seconds',
    );
    await expect(
      service.validate({ script: '#'.repeat(51) }, { caller: LIMITED, signal }),
    ).rejects.toMatchObject({ code: 'SCRIPT_TOO_LARGE' });
  });
});

describe('the policy of a caller', () => {
  const plain = callerNamed('somebody');
  const off = withRules('key:off', null);
  const mayOpen = withRules('key:open', allowNames(DEFAULT_POLICY_RULES, ['open']));
  const noMath = withRules('key:no math', { blockedModules: ['math'], blockedNames: [] });

  it('judges its scripts, the same text for each caller by its own', async () => {
    const told = {
      'import os': [plain, mayOpen],
      'open("x")': [plain],
      'import math': [noMath],
    };
    // Again and again, in turn: nothing is left of who came before.
    for (let round = 0; round < 3; round++) {
      for (const [script, refused] of Object.entries(told)) {
        for (const caller of [off, plain, mayOpen, noMath, plain, off]) {
          const isRefused = (await messageOf(script, caller)).startsWith('Dangerous operation detected');
          expect([script, caller.id, isRefused]).toEqual([script, caller.id, refused.includes(caller)]);
        }
      }
    }
  });

  it('still permits what its request permits, and no more', async () => {
    const stdin = Buffer.from('x');
    expect(await messageOf('input()', mayOpen)).toContain('input(');
    expect(await messageOf('open(input())', mayOpen, { stdin })).toBe('completed');
    expect(await messageOf('open(input())', plain, { stdin })).toContain('open(');
    expect(await messageOf('import math\ninput()', noMath, { stdin })).toContain('import math');
  });

  it('that is off lets run what the parser cannot read, and knows what is imported all the same', async () => {
    expect(await messageOf('def main(:', off)).toBe('completed');
    expect(await messageOf('def main(:', plain)).toContain('cannot read this script');
    expect(executor.requests.map(({ mode }) => mode)).toEqual(['function', 'compile']);
    await execute('import numpy, os', off);
    expect(executor.requests.at(-1)?.imports).toEqual(['numpy', 'os']);
  });

  it('that is off lets run what cannot be judged in time', async () => {
    const large = { ...OPTIONS, limits: { ...OPTIONS.limits, maxScriptSize: 10_000 } };
    service = new SandboxService(executor, judge, large);
    const script = 'x = 1\n'.repeat(500);
    expect(await messageOf(script, { ...off, limits: large.limits })).toBe('completed');
    expect(await messageOf(script, callerNamed('somebody', large))).toContain('too complex to check');
  });

  it('decides what is said of scripts that are only described', async () => {
    executor.outcome = { status: 'OK', result: DESCRIPTION };
    const violations = async (caller: CallerTerms): Promise<number> => {
      const { violations: told } = await service.validate({ script: 'import os, math' }, { caller, signal });
      return told.length;
    };
    expect([await violations(plain), await violations(off), await violations(noMath)]).toEqual([1, 0, 1]);
  });

  it('decides once for all inputs of a batch', async () => {
    const batch = (caller: CallerTerms): Promise<void> =>
      service.batch(
        { script: 'import os', mode: 'function', limits: {}, inputs: [Buffer.from('{}'), Buffer.from('{}')] },
        { caller, signal },
        { onStart: () => undefined, readyFor: () => undefined, onOutcome: () => undefined },
      );
    await expect(batch(plain)).rejects.toMatchObject({ code: 'POLICY_VIOLATION' });
    await expect(batch({ ...off, limits: LIMITED.limits })).resolves.toBeUndefined();
    expect(executor.requests.map(({ limits }) => limits)).toEqual(
      Array(2).fill({ timeoutMs: 1100, memoryMb: 64 }),
    );
  });

  it('is never off where there is no jail, whatever its terms say', async () => {
    executor.isolation = 'none';
    expect(await messageOf('import os', off)).toContain('import os');
    expect(await messageOf('open("x")', mayOpen)).toBe('completed');
    // Nor where the service itself would have none.
    service = new SandboxService(executor, judge, { ...OPTIONS, policyRules: null });
    expect(await messageOf('import os', off)).toContain('import os');
    executor.outcome = { status: 'OK', result: DESCRIPTION };
    const described = await service.validate({ script: 'import os' }, { caller: off, signal });
    expect(described.violations).toHaveLength(1);
  });
});

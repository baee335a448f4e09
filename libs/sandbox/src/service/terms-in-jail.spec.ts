import { setMaxListeners } from 'node:events';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { allowNames, DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { REAL_PATHS } from '../executors/executor.contract';
import { createExecutor } from '../executors/executors';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { plainRequest, type ExecutionRequest } from '../run/run';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { CallerTerms } from './client';
import type { CompletedExecution } from './completed-execution';
import { ExecutionFailure } from './execution-failure';
import { callerNamed, OPTIONS } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';
const MAX_CONCURRENCY = 3;
const LIMITS = { ...DEFAULT_LIMITS, timeoutSeconds: 8 };
const LESS = { ...LIMITS, timeoutSeconds: 0.7, memoryLimitMb: 64 };
const ANYBODY = callerNamed('somebody', { limits: LIMITS, policyRules: DEFAULT_POLICY_RULES });
const SMALL: CallerTerms = { ...ANYBODY, id: 'key:small', limits: LESS };
const NEVER_ENDS = 'def main():\n    while True: pass';
const NEEDS_MEMORY = 'def main():\n    return len(bytearray(100 << 20))';
/** Takes its time, and tells when it ran, by a clock that all processes of the machine share. */
const WATCHED =
  'import time\ndef main(n=0):\n    since = time.monotonic()\n    time.sleep(0.06)\n    return [since, time.monotonic()]';
const { signal } = new AbortController();
// Many wait by it.
setMaxListeners(0, signal);

type Ended = CompletedExecution | ExecutionFailure;
type Span = readonly [number, number];

function spanOf(ended: Ended | undefined): Span {
  if (!ended || ended instanceof ExecutionFailure) {
    throw ended ?? new Error('there is no outcome');
  }
  return JSON.parse(String(ended.resultJson)) as Span;
}

/** How many of these ran at the same moment at most. */
function mostAtOnce(spans: readonly Span[]): number {
  return Math.max(
    0,
    ...spans.map(([at]) => spans.filter(([since, until]) => since <= at && at < until).length),
  );
}

const EXECUTORS = [
  ['a warm nsjail', { build: 'cloud', jailPerRun: false }],
  ['a jail for each run', { build: 'cloud', jailPerRun: true }],
  ['no jail', { build: 'local', jailPerRun: false }],
] as const;

describe.each(EXECUTORS)('the terms of callers in %s', (_name, way) => {
  const runs = skipped && way.build === 'cloud' ? it.skip : it;
  jest.setTimeout(40_000);
  let judge: ScriptJudge;
  let executor: SandboxExecutor;
  let service: SandboxService;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const options = {
      ...OPTIONS,
      ...way,
      limits: LIMITS,
      paths: REAL_PATHS,
      admission: { maxConcurrency: MAX_CONCURRENCY, maxQueue: 60, queueTimeoutMs: 30_000 },
    };
    judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
    executor = createExecutor({ ...options, maxConcurrency: MAX_CONCURRENCY });
    service = new SandboxService(executor, judge, options);
  });

  afterAll(async () => {
    judge.close();
    await executor.close();
  });

  const execute = (
    script: string,
    caller: CallerTerms,
    request: Partial<ExecutionRequest> = {},
  ): Promise<Ended> =>
    service.execute({ ...plainRequest(script), ...request }, { caller, signal }).catch((error: unknown) => {
      if (error instanceof ExecutionFailure) {
        return error;
      }
      throw error;
    });
  const batch = async (count: number, caller: CallerTerms): Promise<Span[]> => {
    const spans: Span[] = [];
    await service.batch(
      {
        script: WATCHED,
        mode: 'function',
        limits: {},
        inputs: Array.from({ length: count }, (_, n) => Buffer.from(`{"n": ${n}}`)),
      },
      { caller, signal },
      {
        onStart: () => undefined,
        readyFor: () => undefined,
        onOutcome: (_index, outcome) => spans.push(spanOf(outcome)),
      },
    );
    return spans;
  };
  const timesOf = (count: number, caller: CallerTerms): Promise<Span[]> =>
    Promise.all(Array.from({ length: count }, async () => spanOf(await execute(WATCHED, caller))));

  runs('have a run end at the time of its key, with a message that names it', async () => {
    const since = performance.now();
    const ended = await execute(NEVER_ENDS, SMALL);
    expect(ended).toMatchObject({
      code: 'TIMEOUT',
      message: 'Script ran longer than the limit of 0.7 seconds',
      facts: { execution: { limits: { timeoutMs: 700, memoryMb: 64 } } },
    });
    expect(performance.now() - since).toBeLessThan(LIMITS.timeoutSeconds * 1000);
    expect(await execute(NEVER_ENDS, SMALL, { limits: { timeoutMs: 200 } })).toMatchObject({
      message: 'Script ran longer than the limit of 0.2 seconds',
    });
  });

  runs('have a run take the memory of its key, and that of another what the service gives', async () => {
    const [small, other] = await Promise.all([execute(NEEDS_MEMORY, SMALL), execute(NEEDS_MEMORY, ANYBODY)]);
    expect(small).toMatchObject({
      code: 'MEMORY_LIMIT',
      message: expect.stringContaining('more memory than the limit of 64 MB') as string,
    });
    expect(other).toMatchObject({ execution: { limits: { timeoutMs: 8_000, memoryMb: 512 } } });
  });

  runs('judge the scripts of each by its own rules', async () => {
    const opens = 'def main():\n    return len(open("/etc/passwd").read()) > 0 or open';
    const allowed = { ...ANYBODY, id: 'key:open', policyRules: allowNames(DEFAULT_POLICY_RULES, ['os']) };
    const imports = 'import os\ndef main():\n    return os.path.sep';
    const [first, second, third] = await Promise.all([
      execute(imports, allowed),
      execute(imports, ANYBODY),
      execute(opens, allowed),
    ]);
    expect(first).toMatchObject({ resultJson: Buffer.from('"/"') });
    expect(second).toMatchObject({
      code: 'POLICY_VIOLATION',
      message: expect.stringContaining('os') as string,
    });
    expect(third).toMatchObject({ code: 'POLICY_VIOLATION' });
    const off = await execute(imports, { ...ANYBODY, id: 'key:off', policyRules: null });
    expect(off).toMatchObject(
      way.build === 'local' ? { code: 'POLICY_VIOLATION' } : { resultJson: Buffer.from('"/"') },
    );
  });

  // Places are a matter of the service, and a jail for each run makes them slow.
  if (way.jailPerRun) {
    return;
  }

  runs('leave to a key with one place one run at a time, while others run beside it', async () => {
    const one: CallerTerms = { ...ANYBODY, id: 'key:one', maxPlaces: 1 };
    const [own, others] = await Promise.all([timesOf(10, one), timesOf(10, ANYBODY)]);
    expect(mostAtOnce(own)).toBe(1);
    expect(mostAtOnce([...own, ...others])).toBeGreaterThan(1);
    expect(mostAtOnce([...own, ...others])).toBeLessThanOrEqual(MAX_CONCURRENCY);
  });

  runs('hold for a batch of fifty and the calls of the same key together', async () => {
    const two: CallerTerms = { ...ANYBODY, id: 'key:two', maxPlaces: 2 };
    const [ofBatch, calls] = await Promise.all([batch(50, two), timesOf(5, two)]);
    expect(ofBatch).toHaveLength(50);
    expect(mostAtOnce([...ofBatch, ...calls])).toBe(2);
  });

  runs('change while calls and a batch of their key wait, and nothing is left waiting', async () => {
    const version = (maxPlaces: number, number: number): CallerTerms => ({
      ...ANYBODY,
      id: 'key:renewed',
      maxPlaces,
      version: number,
    });
    const old = Promise.all([batch(12, version(1, 1)), timesOf(4, version(1, 1))]);
    const larger = await timesOf(4, version(2, 2));
    expect(mostAtOnce(larger)).toBeLessThanOrEqual(2);
    // One comes late with what held before: it has to wait with all others.
    const [late, smaller] = await Promise.all([timesOf(2, version(2, 2)), timesOf(2, version(1, 3))]);
    const [ofBatch, calls] = await old;
    expect([ofBatch.length, calls.length, late.length, smaller.length]).toEqual([12, 4, 2, 2]);
    expect(mostAtOnce([...ofBatch, ...calls, ...larger, ...late, ...smaller])).toBe(2);
    // From the first run that was admitted under the newest terms on.
    const since = Math.min(...smaller.map(([at]) => at));
    const after = [...ofBatch, ...calls, ...late, ...smaller].filter(([at]) => at >= since);
    expect(mostAtOnce(after)).toBe(1);
  });
});

import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { describeExecutorContract, REAL_PATHS } from './executor.contract';
import { NsjailExecutor } from './nsjail.executor';

const never = new AbortController().signal;
const admission = { maxConcurrency: 1, maxQueue: 0, queueTimeoutMs: 0 };

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';

beforeAll(() => {
  Logger.overrideLogger(false);
});

(skipped ? describe.skip : describe)('in a real nsjail,', () => {
  describeExecutorContract('NsjailExecutor', (options) => new NsjailExecutor(options), {
    isolated: true,
    jailPerRun: false,
  });
  describeExecutorContract(
    'NsjailExecutor with a jail for each run',
    (options) => new NsjailExecutor(options),
    {
      isolated: true,
      jailPerRun: true,
    },
  );
});

describe.each([
  { isolation: 'nsjail', jailPerRun: false },
  { isolation: 'nsjail-per-run', jailPerRun: true },
])('NsjailExecutor ($isolation)', ({ isolation, jailPerRun }) => {
  let executor: NsjailExecutor | undefined;
  afterEach(() => executor?.close());

  it('says how runs are isolated', () => {
    executor = new NsjailExecutor({ limits: DEFAULT_LIMITS, paths: REAL_PATHS, jailPerRun, admission });
    expect(executor.isolation).toBe(isolation);
  });

  it.each([
    ['nsjail is missing', { nsjail: '/nowhere/nsjail' }, '/nowhere/nsjail'],
    ['the sandbox root is missing', { sandboxRoot: '/nowhere/root' }, 'ended with status 255'],
    ['nsjail is something else', { nsjail: '/bin/false' }, 'ended with status 1'],
  ])('is unavailable, with the reason for the log, when %s', async (_what, broken, reason) => {
    const paths = { ...REAL_PATHS, ...broken };
    executor = new NsjailExecutor({ limits: DEFAULT_LIMITS, paths, jailPerRun, admission });
    const request = { id: 'test', script: 'def main(): return 1', mode: 'run' as const, imports: [] };
    const report = await executor.run(request, never);
    expect(report.end).toMatchObject({ kind: 'unavailable', cause: expect.stringContaining(reason) });
    expect(await executor.selfTest()).toMatchObject({
      passed: false,
      cause: expect.stringContaining(reason),
    });
  });
});

import { Logger } from '@nestjs/common';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { runObserved } from '../../run/observed-run.contract';
import type { SandboxExecutor } from '../../run/sandbox-executor';
import { describeExecutorContract, REAL_PATHS } from '../executor.contract';
import type { ExecutorOptions } from '../executor-options';
import { createExecutor } from '../executors';
import { plainRun } from '../../run/run';

const never = new AbortController().signal;
const OPTIONS = { build: 'cloud', limits: DEFAULT_LIMITS, maxConcurrency: 1 } as const;

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';

/** Where every user can walk to: with the profile for gVisor, root becomes nobody before it starts nsjail. */
const reachable = mkdtempSync(join(tmpdir(), 'pycell-nsjail-'));
const REACHABLE_PATHS = {
  ...REAL_PATHS,
  nsjail: join(reachable, 'nsjail/bin/nsjail'),
  nsjailGvisorConfig: join(reachable, 'nsjail.gvisor.cfg'),
};

beforeAll(() => {
  Logger.overrideLogger(false);
  if (existsSync(REAL_PATHS.nsjail)) {
    cpSync(dirname(dirname(dirname(REAL_PATHS.nsjail))), reachable, { recursive: true });
  }
  cpSync(REAL_PATHS.nsjailGvisorConfig, REACHABLE_PATHS.nsjailGvisorConfig);
  chmodSync(reachable, 0o755);
});

afterAll(() => rmSync(reachable, { recursive: true }));

(skipped ? describe.skip : describe)('in a real nsjail,', () => {
  describeExecutorContract('the nsjail executor', 'cloud', { jailPerRun: false });
  describeExecutorContract('the nsjail executor with a jail for each run', 'cloud', { jailPerRun: true });
});

(skipped ? describe.skip : describe).each([{ jailPerRun: false }, { jailPerRun: true }])(
  'the profile for gVisor, outside of it (jailPerRun: $jailPerRun)',
  ({ jailPerRun }) => {
    it('runs no script, since the wall is missing', async () => {
      const executor = createExecutor({
        ...OPTIONS,
        paths: REACHABLE_PATHS,
        jailPerRun,
        jailProfile: 'gvisor',
      });
      const { passed, cause } = await executor.selfTest();
      await executor.close();
      expect(passed).toBe(false);
      expect(cause).toMatch(/the isolation self-test failed: kernel(?= \(|$)/);
    });
  },
);

describe.each<Pick<ExecutorOptions, 'jailPerRun' | 'jailProfile'> & { isolation: string }>([
  { isolation: 'nsjail', jailPerRun: false, jailProfile: 'full' },
  { isolation: 'nsjail-per-run', jailPerRun: true, jailProfile: 'full' },
  { isolation: 'gvisor', jailPerRun: false, jailProfile: 'gvisor' },
  { isolation: 'gvisor-per-run', jailPerRun: true, jailProfile: 'gvisor' },
])('the executor of BUILD=cloud ($isolation)', ({ isolation, jailPerRun, jailProfile }) => {
  let executor: SandboxExecutor | undefined;
  afterEach(() => executor?.close());

  it('says how runs are isolated', () => {
    executor = createExecutor({ ...OPTIONS, paths: REAL_PATHS, jailPerRun, jailProfile });
    expect(executor.isolation).toBe(isolation);
  });

  it.each([
    ['nsjail is missing', { nsjail: '/nowhere/nsjail' }, /nowhere.nsjail/],
    [
      'the sandbox root is missing',
      { sandboxRoot: '/nowhere/root' },
      /ended with status (255|1: unshare: cannot change root)/,
    ],
    ['nsjail is something else', { nsjail: '/bin/false' }, /ended with status 1/],
  ])('is unavailable, with the reason for the log, when %s', async (_what, broken, reason) => {
    const paths = { ...REACHABLE_PATHS, ...broken };
    executor = createExecutor({ ...OPTIONS, paths, jailPerRun, jailProfile });
    const request = plainRun('def main(): return 1');
    const report = await runObserved(executor, request, never);
    expect(report.outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringMatching(reason),
    });
    expect(await executor.selfTest()).toMatchObject({
      passed: false,
      cause: expect.stringMatching(reason),
    });
  });
});

import { resolve } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import type { JailProfile } from '../executors/executor-options';
import { createExecutor } from '../executors/executors';
import { locateSandbox } from '../host/installation';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { failedReport, reportOf, type SelfTestReport } from '../run/self-test-report';
import { SandboxProbe } from './sandbox-probe';

const unasked = (): never => {
  throw new Error('not asked for in these tests');
};

/** Returns a probe of an executor whose self-tests find what `reports` say, the last one again and again. */
function probeOf(profile: JailProfile, ...reports: SelfTestReport[]) {
  const told: string[] = [];
  let tests = 0;
  const { remedy } = createExecutor({
    build: 'cloud',
    limits: DEFAULT_LIMITS,
    maxConcurrency: 1,
    jailPerRun: false,
    jailProfile: profile,
    paths: locateSandbox(resolve(__dirname, '../../../..'), {
      nsjail: undefined,
      sandboxRoot: undefined,
      python: undefined,
    }),
  });
  const executor: SandboxExecutor = {
    isolation: 'nsjail',
    promises: [],
    remedy,
    takesFiles: true,
    latestSelfTest: null,
    selfTestBreaches: 0,
    zygotes: null,
    engine: null,
    start: unasked,
    run: unasked,
    selfTest: () => Promise.resolve(reports[Math.min(tests++, reports.length - 1)] ?? unasked()),
    close: unasked,
    describePython: unasked,
  };
  const logger = { log: (text: string) => told.push(text), error: (text: string) => told.push(text) };
  return { probe: new SandboxProbe(executor, logger), told, tests: () => tests };
}

const WORKS = reportOf([{ name: 'run', passed: true }]);

describe('SandboxProbe', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tests once for all who ask at the same time, and for those who ask soon after', async () => {
    const { probe, tests } = probeOf('full', WORKS);
    await Promise.all([probe.check(), probe.check()]);
    await probe.check();
    expect(tests()).toBe(1);
  });

  it('tries again when its finding is a few seconds old, and tells of each change', async () => {
    const { probe, told, tests } = probeOf('full', WORKS, failedReport('nsjail is gone'), WORKS);
    expect((await probe.check()).working).toBe(true);
    jest.advanceTimersByTime(4_000);
    expect(await probe.check()).toMatchObject({ working: false, cause: 'nsjail is gone' });
    jest.advanceTimersByTime(4_000);
    expect((await probe.check()).working).toBe(true);
    expect(tests()).toBe(3);
    expect(told).toEqual([
      expect.stringContaining('works (isolation: nsjail)'),
      expect.stringContaining('nsjail is gone'),
      expect.stringContaining('works'),
    ]);
  });

  it.each([
    ['full', /pycell-seccomp\.json/],
    ['no-user-namespace', /needs root with SYS_ADMIN/],
    ['gvisor', /JAIL_PROFILE=full/],
  ] as const)('tells what to do about the profile %s', async (profile, remedy) => {
    const { probe, told } = probeOf(profile, failedReport('it does not start'));
    await probe.check();
    expect(told).toEqual([expect.stringMatching(remedy)]);
  });

  it('tells nothing while nothing changes', async () => {
    const { probe, told } = probeOf('full', failedReport('nsjail is gone'));
    await probe.check();
    jest.advanceTimersByTime(4_000);
    await probe.check();
    expect(told).toHaveLength(1);
  });

  it('does not work when a single check has failed', async () => {
    const report = reportOf([
      { name: 'root', passed: true },
      { name: 'network', passed: false },
    ]);
    expect(await probeOf('full', report).probe.check()).toMatchObject({
      working: false,
      cause: expect.stringContaining('network'),
    });
  });
});

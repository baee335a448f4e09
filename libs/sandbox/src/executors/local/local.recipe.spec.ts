import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { runObserved } from '../../run/observed-run.contract';
import type { SandboxExecutor } from '../../run/sandbox-executor';
import { describeExecutorContract, REAL_PATHS } from '../executor.contract';
import { createExecutor } from '../executors';
import { plainRun } from '../../run/run';

const never = new AbortController().signal;
const OPTIONS = { build: 'local', limits: DEFAULT_LIMITS, maxConcurrency: 1, jailProfile: 'full' } as const;
const REQUEST = plainRun('def main(): return 1');

beforeAll(() => {
  Logger.overrideLogger(false);
});

describeExecutorContract('the local executor', 'local', { jailPerRun: false });
describeExecutorContract('the local executor with a runner for each run', 'local', { jailPerRun: true });

describe.each([
  { how: 'warm', jailPerRun: false, folderName: /^run-\d+$/ },
  { how: 'a runner for each run', jailPerRun: true, folderName: /^pycell-run-/ },
])('the local executor ($how)', ({ jailPerRun, folderName }) => {
  let executor: SandboxExecutor | undefined;
  afterEach(() => executor?.close());

  it('says that nothing is isolated', () => {
    executor = createExecutor({ ...OPTIONS, paths: REAL_PATHS, jailPerRun });
    expect(executor.isolation).toBe('none');
  });

  it('is unavailable, with the reason for the log, when there is no interpreter', async () => {
    const paths = { ...REAL_PATHS, python: '/nowhere/python3' };
    executor = createExecutor({ ...OPTIONS, paths, jailPerRun });
    const report = await runObserved(executor, REQUEST, never);
    expect(report.outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('/nowhere/python3'),
    });
  });

  it('gives each run a folder of its own and removes it, also one that nobody may enter', async () => {
    executor = createExecutor({ ...OPTIONS, paths: REAL_PATHS, jailPerRun });
    const script =
      'import os\ndef main():\n    os.makedirs("closed/deep")\n    os.chmod("closed", 0)\n    return os.getcwd()';
    const { outcome, gone } = await runObserved(executor, { ...REQUEST, script }, never);
    const folder = outcome.status === 'OK' ? (JSON.parse(outcome.result.toString()) as string) : '';
    expect(basename(folder)).toMatch(folderName);
    await gone;
    while (existsSync(folder)) {
      await delay(5);
    }
    await executor.close();
    expect(jailPerRun || !existsSync(dirname(folder))).toBe(true);
  });
});

import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { describeExecutorContract, REAL_PATHS } from './executor.contract';
import { LocalExecutor } from './local.executor';

const never = new AbortController().signal;
const admission = { maxConcurrency: 1, maxQueue: 0, queueTimeoutMs: 0 };
const REQUEST = { id: 'test', script: 'def main(): return 1', mode: 'run' as const, imports: [] };

beforeAll(() => {
  Logger.overrideLogger(false);
});

describeExecutorContract('LocalExecutor', (options) => new LocalExecutor(options), {
  isolated: false,
  jailPerRun: false,
});
describeExecutorContract(
  'LocalExecutor with a runner for each run',
  (options) => new LocalExecutor(options),
  {
    isolated: false,
    jailPerRun: true,
  },
);

describe.each([
  { how: 'warm', jailPerRun: false, folderName: /^run-\d+$/ },
  { how: 'a runner for each run', jailPerRun: true, folderName: /^pycell-run-/ },
])('LocalExecutor ($how)', ({ jailPerRun, folderName }) => {
  let executor: LocalExecutor | undefined;
  afterEach(() => executor?.close());

  it('says that nothing is isolated', () => {
    executor = new LocalExecutor({ limits: DEFAULT_LIMITS, paths: REAL_PATHS, jailPerRun, admission });
    expect(executor.isolation).toBe('none');
  });

  it('is unavailable, with the reason for the log, when there is no interpreter', async () => {
    const paths = { ...REAL_PATHS, python: '/nowhere/python3' };
    executor = new LocalExecutor({ limits: DEFAULT_LIMITS, paths, jailPerRun, admission });
    const report = await executor.run(REQUEST, never);
    expect(report.end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('/nowhere/python3'),
    });
  });

  it('gives each run a folder of its own and removes it, also one that nobody may enter', async () => {
    executor = new LocalExecutor({ limits: DEFAULT_LIMITS, paths: REAL_PATHS, jailPerRun, admission });
    const script =
      'import os\ndef main():\n    os.makedirs("closed/deep")\n    os.chmod("closed", 0)\n    return os.getcwd()';
    const { end, gone } = await executor.run({ ...REQUEST, script }, never);
    const folder = end.kind === 'returned' ? (JSON.parse(end.json.toString()) as string) : '';
    expect(basename(folder)).toMatch(folderName);
    await gone;
    while (existsSync(folder)) {
      await delay(5);
    }
    await executor.close();
    expect(jailPerRun || !existsSync(dirname(folder))).toBe(true);
  });
});

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { describeExecutorContract, REAL_PATHS } from './executor.contract';
import { LocalExecutor } from './local.executor';

const never = new AbortController().signal;

describeExecutorContract('LocalExecutor', (options) => new LocalExecutor(options), { isolated: false });

describe('LocalExecutor', () => {
  it('says that nothing is isolated', () => {
    expect(new LocalExecutor({ limits: DEFAULT_LIMITS, paths: REAL_PATHS }).isolation).toBe('none');
  });

  it('is unavailable, with the reason for the log, when there is no interpreter', async () => {
    const paths = { ...REAL_PATHS, python: '/nowhere/python3' };
    const executor = new LocalExecutor({ limits: DEFAULT_LIMITS, paths });
    const report = await executor.run({ id: 'test', script: 'def main(): return 1', mode: 'run' }, never);
    expect(report.end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('/nowhere/python3'),
    });
  });

  it('gives each run a folder of its own and removes it', async () => {
    const executor = new LocalExecutor({ limits: DEFAULT_LIMITS, paths: REAL_PATHS });
    const script = 'import os\ndef main():\n    open("kept.txt", "w").close()\n    return os.getcwd()';
    const report = await executor.run({ id: 'test', script, mode: 'run' }, never);
    const folder = report.end.kind === 'returned' ? (JSON.parse(report.end.json.toString()) as string) : '';
    expect(folder).toContain('pycell-run-');
    expect(readdirSync(tmpdir()).filter((name) => folder.endsWith(name))).toEqual([]);
  });
});

import { DEFAULT_LIMITS } from '@pycell/contracts';
import { describeExecutorContract, REAL_PATHS } from './executor.contract';
import { NsjailExecutor } from './nsjail.executor';

const never = new AbortController().signal;

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';

(skipped ? describe.skip : describe)('in a real nsjail,', () => {
  describeExecutorContract('NsjailExecutor', (options) => new NsjailExecutor(options), { isolated: true });
});

describe('NsjailExecutor', () => {
  it.each([
    ['nsjail is missing', { nsjail: '/nowhere/nsjail' }, '/nowhere/nsjail'],
    ['the sandbox root is missing', { sandboxRoot: '/nowhere/root' }, 'ended without a report'],
    ['nsjail is something else', { nsjail: '/bin/false' }, 'ended with status 1'],
  ])('is unavailable, with the reason for the log, when %s', async (_what, broken, reason) => {
    const executor = new NsjailExecutor({ limits: DEFAULT_LIMITS, paths: { ...REAL_PATHS, ...broken } });
    const report = await executor.run({ id: 'test', script: 'def main(): return 1', mode: 'run' }, never);
    expect(report.end).toMatchObject({ kind: 'unavailable', cause: expect.stringContaining(reason) });
  });
});

import type { RunEnd, SandboxExecutor } from '../executors/sandbox-executor';
import { SandboxProbe } from './sandbox-probe';

function probeOf(ends: RunEnd[]) {
  const told: string[] = [];
  let runs = 0;
  const executor: SandboxExecutor = {
    isolation: 'nsjail-per-run',
    run: () => {
      const end = ends[Math.min(runs++, ends.length - 1)];
      return end
        ? Promise.resolve({ end, stdout: '', stderr: '', startMs: 0, runMs: 0, resultMs: 0 })
        : Promise.reject(new Error('no more descriptors'));
    },
    describePython: () => Promise.resolve({ version: null, packages: [] }),
  };
  const logger = { log: (text: string) => told.push(text), error: (text: string) => told.push(text) };
  return { probe: new SandboxProbe(executor, logger), told, runs: () => runs };
}

const WORKS: RunEnd = { kind: 'returned', json: Buffer.from('1') };

describe('SandboxProbe', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs once for all who ask at the same time, and for those who ask soon after', async () => {
    const { probe, runs } = probeOf([WORKS]);
    await Promise.all([probe.check(), probe.check()]);
    await probe.check();
    expect(runs()).toBe(1);
  });

  it('tries again when its finding is a few seconds old, and tells of each change', async () => {
    const { probe, told, runs } = probeOf([WORKS, { kind: 'unavailable', cause: 'nsjail is gone' }, WORKS]);
    expect((await probe.check()).working).toBe(true);
    jest.advanceTimersByTime(4_000);
    expect(await probe.check()).toMatchObject({ working: false, cause: 'nsjail is gone' });
    jest.advanceTimersByTime(4_000);
    expect((await probe.check()).working).toBe(true);
    expect(runs()).toBe(3);
    expect(told).toEqual([
      expect.stringContaining('works'),
      expect.stringContaining('nsjail is gone'),
      expect.stringContaining('works'),
    ]);
  });

  it.each<[string, RunEnd]>([
    ['another value', { kind: 'returned', json: Buffer.from('2') }],
    ['a time-out', { kind: 'timeout' }],
    ['a malformed answer', { kind: 'malformed', cause: 'x' }],
  ])('does not take %s for a working sandbox', async (_what, end) => {
    expect((await probeOf([end]).probe.check()).working).toBe(false);
  });

  it('survives an executor that rejects', async () => {
    expect(await probeOf([]).probe.check()).toMatchObject({
      working: false,
      cause: expect.stringContaining('descriptors'),
    });
  });
});

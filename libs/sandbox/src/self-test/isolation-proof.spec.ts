import { DEFAULT_LIMITS } from '@pycell/contracts';
import type { RunEnd, RunRequest } from '../executors/sandbox-executor';
import { reportOfNoRun } from '../runtime/runtime';
import { IsolationProof } from './isolation-proof';
import type { PromisedIsolation } from './self-test';

const PROMISED: PromisedIsolation = {
  limits: DEFAULT_LIMITS,
  profile: 'full',
  ownPidNamespace: true,
  maxProcesses: 1,
};

/** Has a proof made by a run that ends so. */
function prove(proof: IsolationProof, end: RunEnd) {
  const requests: RunRequest[] = [];
  const report = proof.prove((request) => {
    requests.push(request);
    return Promise.resolve(reportOfNoRun(end, performance.now()));
  });
  return { report, requests };
}

const returned = (json: string): RunEnd => ({ kind: 'returned', json: Buffer.from(json) });

describe('IsolationProof', () => {
  it('does not hold before it was made', () => {
    const proof = new IsolationProof(PROMISED);
    expect([proof.latest, proof.holds]).toEqual([null, false]);
  });

  it('has a script look for itself, with the memory that it must not get', () => {
    const { requests } = prove(new IsolationProof(PROMISED), returned('{}'));
    expect(requests).toMatchObject([{ mode: 'run', imports: [] }]);
    expect(requests[0]?.script).toContain(
      `mmap.mmap(-1, ${(DEFAULT_LIMITS.memoryLimitMb + 1) * 1024 * 1024})`,
    );
  });

  it.each(['{}', 'null', '[]', '1'])('fails every check of a run that reports %s', async (json) => {
    const { passed, checks } = await prove(new IsolationProof(PROMISED), returned(json)).report;
    expect(passed).toBe(false);
    expect(checks.length).toBeGreaterThan(10);
    expect(checks.filter((check) => check.passed)).toEqual([]);
  });

  it('remembers what was found, not that nothing more could be asked afterwards', async () => {
    const proof = new IsolationProof(PROMISED);
    await prove(proof, returned('{}')).report;
    const { passed } = await prove(proof, { kind: 'timeout' }).report;
    expect(passed).toBe(false);
    expect(proof.latest?.breached).toBe(true);
    expect(proof.latest?.checks.map(({ name }) => name)).toContain('processes');
  });

  it('wants nothing but that scripts run where no isolation is promised', async () => {
    const proof = new IsolationProof(null);
    const { report, requests } = prove(proof, returned('1'));
    expect(await report).toMatchObject({ passed: true, checks: [{ name: 'run', passed: true }] });
    expect(requests[0]?.script).toBe('def main():\n    return 1\n');
    expect(proof.holds).toBe(true);
  });

  it('takes no other value for a script that ran', async () => {
    expect(await prove(new IsolationProof(null), returned('2')).report).toMatchObject({ passed: false });
  });

  it.each<[RunEnd, string]>([
    [{ kind: 'timeout' }, 'ended as timeout'],
    [{ kind: 'unavailable', cause: 'no jail' }, 'ended as unavailable: no jail'],
    [{ kind: 'failed', failure: { code: 'SCRIPT_ERROR', message: 'OSError' } }, 'ended as failed: OSError'],
  ])('fails for a run that ended as %j, with the reason', async (end, cause) => {
    const report = await prove(new IsolationProof(null), end).report;
    expect(report).toMatchObject({ passed: false, cause: expect.stringContaining(cause) });
  });

  it('fails, and does not reject, when there was no run', async () => {
    const report = await new IsolationProof(PROMISED).prove(() => Promise.reject(new Error('ENOSPC')));
    expect(report).toMatchObject({ passed: false, cause: 'Error: ENOSPC' });
  });

  it('holds no more as soon as a later one fails', async () => {
    const proof = new IsolationProof(null);
    await prove(proof, returned('1')).report;
    const later = await prove(proof, { kind: 'timeout' }).report;
    expect([proof.holds, proof.latest]).toEqual([false, later]);
  });
});

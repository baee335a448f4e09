import { DEFAULT_LIMITS } from '@pycell/contracts';
import { resultWithoutRun } from '../conversation/one-retry';
import type { SelfTestPlan } from '../launch/recipe';
import type { Outcome } from '../run/outcome';
import type { Run } from '../run/run';
import { IsolationProof } from './isolation-proof';
import { judgeFullJail } from './judgement';
import { probeScript } from './probe-script';

const PROMISED: SelfTestPlan = {
  script: probeScript(DEFAULT_LIMITS),
  judge: judgeFullJail({ limits: DEFAULT_LIMITS, ownPidNamespace: true, maxProcesses: 1 }),
};
/** As the recipe of local mode has it. */
const NO_ISOLATION: SelfTestPlan = {
  script: 'def main():\n    return 1\n',
  judge: (value) => [{ name: 'run', passed: value === 1 }],
};

/** Has a proof made by a run that ends so. */
function prove(proof: IsolationProof, outcome: Outcome) {
  const requests: Run[] = [];
  const report = proof.prove((request) => {
    requests.push(request);
    return Promise.resolve(resultWithoutRun(outcome, performance.now()));
  });
  return { report, requests };
}

const returned = (json: string): Outcome => ({ status: 'OK', result: Buffer.from(json) });

describe('IsolationProof', () => {
  it('does not hold before it was made', () => {
    const proof = new IsolationProof(PROMISED);
    expect([proof.latest, proof.holds]).toEqual([null, false]);
  });

  it('has a script look for itself, with the memory that it must not get', () => {
    const { requests } = prove(new IsolationProof(PROMISED), returned('{}'));
    expect(requests).toMatchObject([{ mode: 'function', imports: [] }]);
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
    const { passed } = await prove(proof, { status: 'TIMEOUT' }).report;
    expect(passed).toBe(false);
    expect(proof.latest?.breached).toBe(true);
    expect(proof.latest?.checks.map(({ name }) => name)).toContain('processes');
  });

  it('counts what was found broken, also when a later proof finds all well', async () => {
    const proof = new IsolationProof(NO_ISOLATION);
    expect(proof.breaches).toBe(0);
    await prove(proof, returned('2')).report;
    await prove(proof, { status: 'TIMEOUT' }).report;
    await prove(proof, returned('1')).report;
    expect([proof.breaches, proof.holds]).toEqual([1, true]);
  });

  it('wants nothing but that scripts run where no isolation is promised', async () => {
    const proof = new IsolationProof(NO_ISOLATION);
    const { report, requests } = prove(proof, returned('1'));
    expect(await report).toMatchObject({ passed: true, checks: [{ name: 'run', passed: true }] });
    expect(requests[0]?.script).toBe('def main():\n    return 1\n');
    expect(proof.holds).toBe(true);
  });

  it('takes no other value for a script that ran', async () => {
    expect(await prove(new IsolationProof(NO_ISOLATION), returned('2')).report).toMatchObject({
      passed: false,
    });
  });

  it.each<[Outcome, string]>([
    [{ status: 'TIMEOUT' }, 'ended as TIMEOUT'],
    [{ status: 'SANDBOX_UNAVAILABLE', cause: 'no jail' }, 'ended as SANDBOX_UNAVAILABLE: no jail'],
    [{ status: 'SCRIPT_ERROR', message: 'OSError' }, 'ended as SCRIPT_ERROR: OSError'],
  ])('fails for a run that ended as %j, with the reason', async (end, cause) => {
    const report = await prove(new IsolationProof(NO_ISOLATION), end).report;
    expect(report).toMatchObject({ passed: false, cause: expect.stringContaining(cause) });
  });

  it('fails, and does not reject, when there was no run', async () => {
    const report = await new IsolationProof(PROMISED).prove(() => Promise.reject(new Error('ENOSPC')));
    expect(report).toMatchObject({ passed: false, cause: 'Error: ENOSPC' });
  });

  it('holds no more as soon as a later one fails', async () => {
    const proof = new IsolationProof(NO_ISOLATION);
    await prove(proof, returned('1')).report;
    const later = await prove(proof, { status: 'TIMEOUT' }).report;
    expect([proof.holds, proof.latest]).toEqual([false, later]);
  });
});

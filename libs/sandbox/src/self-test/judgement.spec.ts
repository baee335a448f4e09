import { DEFAULT_LIMITS } from '@pycell/contracts';
import { failedReport, reportOf } from '../run/self-test-report';
import { judgeFullJail, judgeGvisor, type PromisedIsolation } from './judgement';

const MIB = 1024 * 1024;
const LIMITS = { ...DEFAULT_LIMITS, tmpSizeMb: 4, maxOpenFiles: 64, maxThreads: 8 };
const RLIMITS = {
  AS: [900 * MIB, 900 * MIB],
  CPU: [10, 11],
  FSIZE: [4 * MIB, 4 * MIB],
  NOFILE: [64, 64],
  CORE: [0, 0],
  NPROC: [8, 8],
};

/** What a run in a warm jail reports when all is well. */
const WARM_FACTS = {
  pid: 1,
  parent: 0,
  uid: 1001,
  gid: 1001,
  groups: [1001, 65_534],
  capabilities: [0, 0, 0, 0, 0, 0],
  environment: 0,
  rootReadOnly: true,
  rootWrite: 'EROFS',
  rootChange: 'EROFS',
  proc: false,
  found: ['/tmp/work', '/tmp/work/output'],
  writable: ['/dev/shm', '/tmp'],
  tmpBytes: 4 * MIB,
  shmBytes: MIB,
  descriptors: [0, 1, 2, 63],
  limits: RLIMITS,
  memory: 'ENOMEM',
  socket: 'EPERM',
  fork: 'EPERM',
  unshare: 'EPERM',
  mount: 'EPERM',
  ptrace: 'EPERM',
  memfd: 'EPERM',
  clone3: 'ENOSYS',
  prctl: 'EPERM',
};
const WARM: PromisedIsolation = { limits: LIMITS, ownPidNamespace: true, maxProcesses: 8 };
/** What a run inside gVisor reports when all is well. */
const GVISOR_FACTS = {
  ...WARM_FACTS,
  found: [],
  kernel: '4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016',
  uid: 0,
  gid: 0,
  rootReadOnly: false,
  writable: [],
  tmpBytes: 1 << 30,
  limits: { ...RLIMITS, FSIZE: [0, 0] },
};
const GVISOR: PromisedIsolation = {
  limits: LIMITS,
  ownPidNamespace: true,
  maxProcesses: 8,
};
const PER_RUN: PromisedIsolation = {
  limits: LIMITS,
  ownPidNamespace: false,
  maxProcesses: 9,
};
const PER_RUN_FACTS = { ...WARM_FACTS, pid: 2, parent: 1, limits: { ...RLIMITS, NPROC: [9, 9] } };

function failed(facts: object, judge = judgeFullJail(WARM)): string[] {
  return judge(facts)
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);
}

const ALL = judgeFullJail(WARM)(WARM_FACTS).map(({ name }) => name);
const deviations: [check: string, facts: object][] = [
  ['processes', { pid: 2 }],
  ['processes', { parent: 1 }],
  ['user', { uid: 0 }],
  ['user', { groups: [1001, 4] }],
  ['user', { groups: undefined }],
  ['user', { gid: 0 }],
  ['user', { uid: '1001' }],
  ...[0, 1, 2, 3, 4, 5].map((word): [string, object] => [
    'capabilities',
    { capabilities: WARM_FACTS.capabilities.map((none, index) => (index === word ? 1 : none)) },
  ]),
  ['capabilities', { capabilities: [] }],
  ['capabilities', { capabilities: null }],
  ['environment', { environment: 1 }],
  ['root', { rootReadOnly: false }],
  ['root', { rootWrite: null }],
  ['root', { rootWrite: 'ENOSPC' }],
  ['root', { rootChange: null }],
  ['proc', { proc: true }],
  ['tmp', { found: ['/tmp/left'] }],
  ['tmp', { tmpBytes: 5 * MIB }],
  ['tmp', { shmBytes: 2 * MIB }],
  ['tmp', { writable: ['/', '/dev/shm', '/tmp'] }],
  ['tmp', { writable: [] }],
  ['descriptors', { descriptors: [0, 1, 2, 3, 63] }],
  ['descriptors', { descriptors: [0, 1, 2] }],
  ['memory', { memory: null }],
  ['limits', { limits: { ...RLIMITS, FSIZE: [4 * MIB, 4 * MIB + 1] } }],
  ['limits', { limits: { ...RLIMITS, NOFILE: [64, 65] } }],
  ['limits', { limits: { ...RLIMITS, CORE: [0, 1] } }],
  ['limits', { limits: { ...RLIMITS, NPROC: [8, 9] } }],
  ['limits', { limits: { ...RLIMITS, CPU: [10, -1] } }],
  ['limits', { limits: { ...RLIMITS, FSIZE: [4 * MIB, -1] } }],
  ['limits', { limits: { ...RLIMITS, NPROC: 'none' } }],
  ['network', { socket: null }],
  ...['fork', 'unshare', 'mount', 'ptrace', 'memfd', 'clone3', 'prctl'].flatMap(
    (call): [string, object][] => [
      ['filter', { [call]: null }],
      ['filter', { [call]: 'EINVAL' }],
    ],
  ),
];

describe('judgeFullJail', () => {
  it('passes a run that is isolated as promised', () => {
    expect(failed(WARM_FACTS)).toEqual([]);
    expect(failed(PER_RUN_FACTS, judgeFullJail(PER_RUN))).toEqual([]);
  });

  it('takes a root that is closed to the run by its rights, too', () => {
    expect(failed({ ...WARM_FACTS, rootWrite: 'EACCES' })).toEqual([]);
  });

  it.each(deviations)('fails exactly the check "%s" for %j', (check, facts) => {
    expect(failed({ ...WARM_FACTS, ...facts })).toEqual([check]);
  });

  it.each(Object.keys(WARM_FACTS))('fails exactly one check when %s is not reported', (fact) => {
    expect(failed({ ...WARM_FACTS, [fact]: undefined })).toHaveLength(1);
  });

  it('has a deviation above for every check', () => {
    expect(new Set(deviations.map(([check]) => check))).toEqual(new Set(ALL));
  });

  it('wants a run in a jail of its own to be the child of the supervisor', () => {
    expect(failed({ ...PER_RUN_FACTS, parent: 0 }, judgeFullJail(PER_RUN))).toEqual(['processes']);
    expect(
      failed({ ...PER_RUN_FACTS, limits: { ...RLIMITS, NPROC: [10, 10] } }, judgeFullJail(PER_RUN)),
    ).toEqual(['limits']);
  });

  it('inside gVisor passes a run that can write no file, and takes its user as it is', () => {
    expect(failed(GVISOR_FACTS, judgeGvisor(GVISOR))).toEqual([]);
    expect(failed({ ...GVISOR_FACTS, kernel: '4.19.0-gvisor #1 SMP' }, judgeGvisor(GVISOR))).toEqual([]);
  });

  it.each<[string, object]>([
    ['kernel', { kernel: '6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)' }],
    ['kernel', { kernel: undefined }],
    ['capabilities', { capabilities: [0, 0x20_0000, 0, 0, 0, 0] }],
    ['root', { rootWrite: null }],
    ['tmp', { writable: ['/tmp'] }],
    ['tmp', { found: ['/tmp/left'] }],
    ['limits', { limits: RLIMITS }],
    ['filter', { fork: null }],
  ])('inside gVisor fails exactly the check "%s" for %j', (check, facts) => {
    expect(failed({ ...GVISOR_FACTS, ...facts }, judgeGvisor(GVISOR))).toEqual([check]);
  });

  it('fails every check when nothing is reported', () => {
    expect(failed({})).toEqual(ALL);
  });
});

describe('reportOf', () => {
  it('passes when every check has', () => {
    expect(reportOf([{ name: 'root', passed: true }])).toMatchObject({ passed: true, cause: '' });
  });

  it('says which checks have failed', () => {
    const checks = ['root', 'proc', 'tmp'].map((name) => ({ name, passed: name === 'proc' }));
    expect(reportOf(checks)).toMatchObject({
      passed: false,
      checks,
      cause: 'the isolation self-test failed: root, tmp',
    });
  });
});

describe('failedReport', () => {
  it('says why there was nothing to judge', () => {
    expect(failedReport('no jail')).toMatchObject({
      passed: false,
      cause: 'no jail',
      checks: [{ name: 'run', passed: false }],
    });
  });
});

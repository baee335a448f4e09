import { type ExecutionLimits, FIXED_LIMITS, type SelfTestCheck } from '@pycell/contracts';

/** The parts of a promise that differ between the ways to isolate runs. */
export interface PromisedIsolation {
  readonly limits: ExecutionLimits;
  /** Each run is pid 1 of a pid namespace of its own. In a jail for each run the supervisor is. */
  readonly ownPidNamespace: boolean;
  /** RLIMIT_NPROC of the run: its threads, and in a jail for each run the supervisor too; inside gVisor what all runs have together. */
  readonly maxProcesses: number;
}

/** What the probe script reports. Anything else than these types fails the check that needs it. */
type Facts = Readonly<Record<string, unknown>>;

const MIB = 1024 * 1024;
/** System calls that the run's filter refuses, and how. */
const REFUSED: Readonly<Record<string, string>> = {
  fork: 'EPERM',
  unshare: 'EPERM',
  mount: 'EPERM',
  ptrace: 'EPERM',
  memfd: 'EPERM',
  clone3: 'ENOSYS',
  prctl: 'EPERM',
};

/** All that a run finds in what it can write to: its own working folder. */
const WORK_FOLDERS = ['/tmp/work', '/tmp/work/output'];

type Judge = (value: unknown) => SelfTestCheck[];

/** Returns the judge of a jail on Linux: what the probe script reported against what the configuration promises. */
export function judgeFullJail(promised: PromisedIsolation): Judge {
  const { limits } = promised;
  return (value) => {
    const facts = factsOf(value);
    return [
      processes(facts, promised),
      check('user', hasUnprivilegedIds(facts)),
      ...inEveryJail(facts, limits),
      check('root', facts['rootReadOnly'] === true && isRootClosed(facts)),
      check(
        'tmp',
        isEqual(facts['found'], WORK_FOLDERS) &&
          isEqual(facts['writable'], ['/dev/shm', '/tmp']) &&
          facts['tmpBytes'] === limits.tmpSizeMb * MIB &&
          facts['shmBytes'] === FIXED_LIMITS.shmBytes,
      ),
      limitsHold(facts, promised, limits.tmpSizeMb * MIB),
    ];
  };
}

/**
 * Returns the judge of runs inside gVisor. Outside of it that would be a weaker jail without a wall behind it; inside, all
 * runs are the root of a user namespace that maps one unprivileged user only, and no file can be written.
 */
export function judgeGvisor(promised: PromisedIsolation): Judge {
  return (value) => {
    const facts = factsOf(value);
    return [
      processes(facts, promised),
      check('kernel', isGvisor(facts['kernel'])),
      ...inEveryJail(facts, promised.limits),
      // gVisor does not tell how a file system is mounted.
      check('root', isRootClosed(facts)),
      check('tmp', isEqual(facts['found'], []) && isEqual(facts['writable'], [])),
      limitsHold(facts, promised, 0),
    ];
  };
}

/** Whatever a run returned: what is no object has no facts, so that every check fails. */
function factsOf(value: unknown): Facts {
  return Object(value) as Facts;
}

function check(name: string, passed: boolean): SelfTestCheck {
  return { name, passed };
}

function processes(facts: Facts, { ownPidNamespace }: PromisedIsolation): SelfTestCheck {
  return check(
    'processes',
    ownPidNamespace ? facts['pid'] === 1 && facts['parent'] === 0 : facts['parent'] === 1,
  );
}

function inEveryJail(facts: Facts, limits: ExecutionLimits): SelfTestCheck[] {
  return [
    check('capabilities', isZeros(facts['capabilities'])),
    check('environment', facts['environment'] === 0),
    check('proc', facts['proc'] === false),
    check('descriptors', isEqual(facts['descriptors'], [0, 1, 2, limits.maxOpenFiles - 1])),
    check('memory', facts['memory'] === 'ENOMEM'),
    check('network', facts['socket'] === 'EPERM'),
    check(
      'filter',
      Object.entries(REFUSED).every(([name, how]) => facts[name] === how),
    ),
  ];
}

function isRootClosed(facts: Facts): boolean {
  return (
    ['EROFS', 'EACCES'].includes(String(facts['rootWrite'])) &&
    // Who owns it could make it writable first.
    ['EROFS', 'EPERM'].includes(String(facts['rootChange']))
  );
}

function limitsHold(
  facts: Facts,
  { limits, maxProcesses }: PromisedIsolation,
  maxFileBytes: number,
): SelfTestCheck {
  const hard = (name: string): number => hardLimit(facts, name);
  return check(
    'limits',
    hard('FSIZE') <= maxFileBytes &&
      hard('NOFILE') <= limits.maxOpenFiles &&
      hard('CORE') === 0 &&
      hard('NPROC') <= maxProcesses &&
      hard('CPU') < Infinity,
  );
}

/** `RLIM_INFINITY` is -1 in Python. */
function hardLimit(facts: Facts, name: string): number {
  const all = facts['limits'] as Record<string, unknown> | undefined;
  const pair = all?.[name];
  const value: unknown = Array.isArray(pair) ? pair[1] : undefined;
  return typeof value === 'number' && value >= 0 ? value : Infinity;
}

/** The version that gVisor's kernel has always given itself; newer releases say their name, too. */
const GVISOR_KERNEL = /-gvisor\b|#1 SMP Sun Jan 10 15:06:54 PST 2016/;

function isGvisor(kernel: unknown): boolean {
  return typeof kernel === 'string' && GVISOR_KERNEL.test(kernel);
}

function isUnprivileged(id: unknown): boolean {
  return typeof id === 'number' && id > 0;
}

/** As which a process sees a group that its user namespace does not map. */
const UNMAPPED = 65_534;

/** Groups besides its own would be somebody's, where there is no user namespace around them. */
function hasUnprivilegedIds({ uid, gid, groups }: Facts): boolean {
  return (
    isUnprivileged(uid) &&
    isUnprivileged(gid) &&
    Array.isArray(groups) &&
    groups.every((group) => group === gid || group === UNMAPPED)
  );
}

function isZeros(value: unknown): boolean {
  return Array.isArray(value) && value.length === 6 && value.every((word) => word === 0);
}

function isEqual(value: unknown, expected: readonly unknown[]): boolean {
  return JSON.stringify(value) === JSON.stringify(expected);
}

import type { ExecutionLimits, SelfTestCheck } from '@pycell/contracts';
import type { JailProfile } from '../sandbox-options';

/** What a self-test found. */
export interface SelfTestReport {
  readonly passed: boolean;
  /** A run told that a promise is not kept. Otherwise a failed test could not be made: the sandbox is slow, or gone. */
  readonly breached: boolean;
  readonly checks: readonly SelfTestCheck[];
  /** Why it failed, for the log; empty when it passed. */
  readonly cause: string;
  /** When it was made. */
  readonly at: Date;
}

/** The parts of a promise that differ between the ways to isolate runs. */
export interface PromisedIsolation {
  readonly limits: ExecutionLimits;
  readonly profile: JailProfile;
  /** Each run is pid 1 of a pid namespace of its own. In a jail for each run the supervisor is. */
  readonly ownPidNamespace: boolean;
  /** RLIMIT_NPROC of the run: its threads, and in a jail for each run the supervisor too; inside gVisor what all runs have together. */
  readonly maxProcesses: number;
}

/** What the probe script reports. Anything else than these types fails the check that needs it. */
type Facts = Readonly<Record<string, unknown>>;

const MIB = 1024 * 1024;
const SHM_BYTES = MIB;
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

/** Returns the report for checks that were made. */
export function reportOf(checks: readonly SelfTestCheck[]): SelfTestReport {
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const cause = failed.length === 0 ? '' : `the isolation self-test failed: ${failed.join(', ')}`;
  return { passed: failed.length === 0, breached: failed.length > 0, checks, cause, at: new Date() };
}

/** Returns the report for a self-test that could not be made. `cause` is for the log. */
export function failedReport(cause: string): SelfTestReport {
  return { passed: false, breached: false, checks: [{ name: 'run', passed: false }], cause, at: new Date() };
}

/** Judges what the probe script reported against what the configuration promises. */
export function judgeProbe(facts: Facts, promised: PromisedIsolation): SelfTestCheck[] {
  const { limits } = promised;
  const isFull = promised.profile !== 'gvisor';
  const hard = (name: string): number => hardLimit(facts, name);
  const check = (name: string, passed: boolean): SelfTestCheck => ({ name, passed });
  return [
    check(
      'processes',
      promised.ownPidNamespace ? facts['pid'] === 1 && facts['parent'] === 0 : facts['parent'] === 1,
    ),
    // Outside of gVisor its profile would be a weaker jail without a wall behind it.
    ...(isFull ? [] : [check('kernel', isGvisor(facts['kernel']))]),
    // Inside gVisor all runs are the root of a user namespace that maps one unprivileged user only.
    ...(isFull ? [check('user', hasUnprivilegedIds(facts))] : []),
    check('capabilities', isZeros(facts['capabilities'])),
    check('environment', facts['environment'] === 0),
    // gVisor does not tell how a file system is mounted.
    check(
      'root',
      (facts['rootReadOnly'] === true || !isFull) &&
        ['EROFS', 'EACCES'].includes(String(facts['rootWrite'])) &&
        // Who owns it could make it writable first.
        ['EROFS', 'EPERM'].includes(String(facts['rootChange'])),
    ),
    check('proc', facts['proc'] === false),
    check(
      'tmp',
      facts['tmpEmpty'] === true &&
        (isFull
          ? isEqual(facts['writable'], ['/dev/shm', '/tmp']) &&
            facts['tmpBytes'] === limits.tmpSizeMb * MIB &&
            facts['shmBytes'] === SHM_BYTES
          : isEqual(facts['writable'], [])),
    ),
    check('descriptors', isEqual(facts['descriptors'], [0, 1, 2, limits.maxOpenFiles - 1])),
    check('memory', facts['memory'] === 'ENOMEM'),
    check(
      'limits',
      hard('FSIZE') <= (isFull ? limits.tmpSizeMb * MIB : 0) &&
        hard('NOFILE') <= limits.maxOpenFiles &&
        hard('CORE') === 0 &&
        hard('NPROC') <= promised.maxProcesses &&
        hard('CPU') < Infinity,
    ),
    check('network', facts['socket'] === 'EPERM'),
    check(
      'filter',
      Object.entries(REFUSED).every(([name, how]) => facts[name] === how),
    ),
  ];
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

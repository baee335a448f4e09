import { join } from 'node:path';
import { INSTALLATION } from '../harness/api-server';
import { INSTALLED } from '../harness/installed-sandbox';
import type { CopyChanges } from './limited-container';
import { type JailSight, lookAt } from './process-sight';

/** One layer of the defence, and what takes it away from a copy of the installation. */
export interface Layer {
  /** As the matrix and the threat model call it. */
  readonly name: string;
  /** Heading of its column. */
  readonly column: string;
  /** The name of another layer that cannot be had without it. */
  readonly takesAlso?: string;
  /** What falls without it depends on what other runs do at that moment: it differs from time to time, and the pairs try it. */
  readonly isUnsteady?: true;
  /** What exactly is missing without it. */
  readonly without: string;
  readonly changes: CopyChanges;
  /** Whether it is really gone, as the host sees it. */
  isGone(sight: JailSight): boolean;
}

const RUNNER = join(INSTALLED.sandboxRoot, 'opt/pycell/runner/pycell_runner');
const JAIL_CONFIG = join(INSTALLATION, 'nsjail.cfg');
const NOTHING: CopyChanges = { appends: [], edits: [] };

/** Lines at the end of a module of the runner, where they put other things in the place of its own. */
function inRunner(...modules: readonly (readonly [file: string, lines: string])[]): CopyChanges {
  return { appends: modules.map(([file, lines]) => ({ file: join(RUNNER, file), lines })), edits: [] };
}

function inJailConfig(pattern: string, replacement: string): CopyChanges {
  return { appends: [], edits: [{ file: JAIL_CONFIG, pattern, replacement }] };
}

/** A program that calls nsjail with one more option, behind `--config FILE`, which comes first and would overrule it. */
function withOption(option: string, beforeCall = ''): CopyChanges {
  const call = `config=$2\nshift 2\nexec ${INSTALLED.nsjail} --config "$config" ${option} "$@"\n`;
  return { ...NOTHING, launcher: `#!/bin/sh\n${beforeCall}${call}` };
}

/** Puts the ids of outside in the place of those inside, where there is no user namespace to give them other numbers. */
const IDS_OF_OUTSIDE = `
outside= option=
for word do
  shift
  case $option in
    --user | --group) word=\${word#*:} word=\${word%%:*} outside=$word ;;
    --ids) word=$((outside + 1)):\${word#*:} ;;
  esac
  option=$word
  set -- "$@" "$word"
done
`;

/**
 * Without no_new_privs only a process with SYS_ADMIN may put a filter upon itself. So a run keeps its capabilities until then,
 * and its filter lets the one call pass that gives them up: it knows that by the address of its argument.
 */
const CAPABILITIES_LAST = `
_kept = _capset(0)
def _capability_drop(has_ambient=True, _drop=capability_drop):
    return _drop(has_ambient)[:-1]
capability_drop = _capability_drop
forbid_new_privileges = lambda: None
`;
const FILTER_BEFORE_CAPABILITIES = `
import struct
from . import linux as _linux
_DROP = ctypes.addressof(_linux._kept._arguments[1]._obj)
def _passing(build):
    words = [(0x20, 0, 0, 0), (0x15, 0, 5, 126), (0x20, 0, 0, 16), (0x15, 0, 3, _DROP & 0xFFFFFFFF)]
    words += [(0x20, 0, 0, 20), (0x15, 0, 1, _DROP >> 32), (0x06, 0, 0, 0x7FFF0000)]
    return lambda: b"".join(struct.pack("=HBBI", *word) for word in words) + build()
build_filter, build_run_filter = _passing(build_filter), _passing(build_run_filter)
def _install(self, install=Filter.install):
    install(self)
    if self.is_of_run:
        _linux._kept()
def _marked(make):
    def made():
        filters = make()
        filters.of_run.is_of_run = True
        return filters
    return staticmethod(made)
Filter.install, Filter.is_of_run = _install, False
Filters.whole, Filters.in_two_parts = _marked(Filters.whole), _marked(Filters.in_two_parts)
`;

const NO_OUTER_FILTER = inJailConfig('^seccomp_string:.*$', '');
const NO_NEW_PRIVILEGES: CopyChanges = {
  ...inRunner(['kernel/linux.py', CAPABILITIES_LAST], ['kernel/seccomp.py', FILTER_BEFORE_CAPABILITIES]),
  edits: [
    ...inJailConfig('^disable_no_new_privs: false$', 'disable_no_new_privs: true').edits,
    ...NO_OUTER_FILTER.edits,
  ],
};

/** What `npm run prove -- layers` takes away, one at a time. The policy is no layer: it is off in all of them. */
export const LAYERS: readonly Layer[] = [
  {
    name: 'user namespace',
    column: 'user ns',
    without: 'the jail is in the user namespace of the container, whose root has SYS_ADMIN',
    changes: withOption('--disable_clone_newuser', IDS_OF_OUTSIDE),
    isGone: ({ supervisor }) => supervisor.namespace('user') === lookAt(process.pid).namespace('user'),
  },
  {
    name: 'own uid',
    column: 'uid',
    without: 'every run has the id of the supervisor and the zygotes',
    changes: inRunner(['kernel/isolation.py', 'IdRange.id_of = lambda self, number: self.first - 1']),
    isGone: ({ run, supervisor }) => run.status('Uid') === supervisor.status('Uid'),
  },
  {
    name: 'pid namespace',
    column: 'pid ns',
    without: 'runs share the pid namespace of the supervisor and the zygotes',
    changes: inRunner(['kernel/forks.py', '_CLONE_NEWPID = 0']),
    isGone: ({ run, supervisor }) => run.namespace('pid') === supervisor.namespace('pid'),
  },
  {
    name: 'mount namespace',
    column: 'mount ns',
    isUnsteady: true,
    without: 'runs mount their tmpfs over those of the others, in the mount namespace of the zygotes',
    changes: inRunner(['kernel/forks.py', '_CLONE_NEWNS = 0']),
    // That of their zygote, which may have one of its own.
    isGone: ({ run, neighbour }) => run.namespace('mnt') === neighbour.namespace('mnt'),
  },
  {
    name: 'capability drop',
    column: 'caps',
    without: 'a run keeps the capabilities of its zygote',
    changes: inRunner(['kernel/linux.py', 'capability_drop = lambda has_ambient=True: []']),
    isGone: ({ run }) => !/^0+$/.test(run.status('CapEff')),
  },
  {
    name: "run's filter",
    column: 'filter',
    without: 'no allow-list of system calls; only the filter of nsjail.cfg',
    changes: inRunner(['kernel/seccomp.py', 'Filter.install = lambda self: None']),
    isGone: ({ run, supervisor }) => run.status('Seccomp_filters') === supervisor.status('Seccomp_filters'),
  },
  {
    name: 'outer filter',
    column: 'outer',
    without: 'nsjail.cfg has no filter',
    changes: NO_OUTER_FILTER,
    isGone: ({ supervisor }) => supervisor.status('Seccomp') === '0',
  },
  {
    name: "run's limits",
    column: 'limits',
    without: 'no resource limits of a run: AS, CPU, FSIZE, NOFILE, CORE, NPROC, SIGPENDING',
    changes: inRunner(
      [
        'kernel/rlimits.py',
        'apply_inherited = lambda limits, tmpfs_bytes: None\nlimit_waiting_signals = lambda: None',
      ],
      [
        'kernel/isolation.py',
        'class resource:\n    RLIMIT_NPROC = 6\n    setrlimit = staticmethod(lambda kind, limits: None)',
      ],
    ),
    isGone: ({ run, supervisor }) =>
      ['Max address space', 'Max processes', 'Max pending signals'].every(
        (name) => run.limit(name) === supervisor.limit(name),
      ),
  },
  {
    name: "jail's limits",
    column: 'jail limits',
    without: 'nsjail sets no resource limit; the container’s hold',
    changes: withOption('--disable_rlimits'),
    isGone: ({ supervisor }) => supervisor.limit('Max address space') === 'unlimited',
  },
  {
    name: 'no_new_privs',
    column: 'nnp',
    takesAlso: 'outer filter',
    without:
      'neither nsjail nor a run sets it; nsjail sets it for its filter, too, so the outer filter is gone as well',
    changes: NO_NEW_PRIVILEGES,
    isGone: ({ run, supervisor }) => run.status('NoNewPrivs') + supervisor.status('NoNewPrivs') === '00',
  },
  {
    name: 'read-only root',
    column: 'root',
    without: 'nsjail mounts the sandbox root writable',
    changes: withOption('--rw'),
    isGone: ({ run }) => !run.hasReadOnlyRoot,
  },
];

/** All layers are there: what holds here is what the others are compared with. */
export const COMPLETE: Layer = {
  name: 'nothing',
  column: 'nothing',
  without: 'all layers are there',
  changes: NOTHING,
  isGone: () => false,
};

/**
 * The same copy without a self-test and the supervisor's look at its jail, which would let nothing run in a jail that lacks
 * what they look for.
 */
export function unproved(changes: CopyChanges): CopyChanges {
  const passed = '{ passed: true, breached: false, checks: [], cause: "", at: new Date() }';
  return {
    ...changes,
    appends: [
      ...changes.appends,
      {
        file: join(INSTALLATION, 'libs/sandbox/dist/self-test/isolation-proof.js'),
        lines: `exports.IsolationProof.prototype.prove = async function () { return this.record(${passed}); };`,
      },
      {
        file: join(RUNNER, 'profiles/full.py'),
        lines: 'FullProfile.find_faults = lambda self, has_zygotes: []',
      },
    ],
  };
}

/**
 * Derives the seccomp profile that the jail needs from a container runtime's default profile.
 *
 *   node infra/docker/seccomp/derive.mjs [--base FILE] [--without-jail] [--output FILE]
 *
 * --base          a default profile in the form that Docker, Podman and CRI-O share; as Debian's package
 *                 golang-github-containers-common installs it
 * --without-jail  leaves out what the jail needs: what a plain `docker run` and Kubernetes' RuntimeDefault give to a
 *                 container without capabilities. Verification shows with it that the service refuses to run
 * --output        where to write; standard output otherwise
 *
 * The result is in plain OCI form (no conditions on capabilities or machines), which Docker, Podman and a kubelet's
 * `Localhost` profiles all read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const DEBIAN_BASE = '/usr/share/containers/seccomp.json';
export const PROFILE = fileURLToPath(new URL('pycell-seccomp.json', import.meta.url));

/** The only machine that nsjail is there for. */
const MACHINE = { name: 'amd64', architecture: 'SCMP_ARCH_X86_64' };

/**
 * What nsjail and the zygotes call to make namespaces, mounts and a root of their own. The kernel lets a process without
 * capabilities do this only within a user namespace that it made itself.
 */
const NEEDED_BY_JAIL = ['clone', 'unshare', 'mount', 'umount2', 'pivot_root', 'sethostname', 'chroot'];

/**
 * Docker's default gives these only together with a capability, which the container does not have. Podman's gives some
 * of them to everybody; what we derive must not be wider than Docker's by the choice of the base.
 */
const ONLY_WITH_CAPABILITY = [
  ...['clone', 'clone3', 'unshare', 'setns'],
  ...['mount', 'umount', 'umount2', 'pivot_root', 'chroot', 'mount_setattr', 'move_mount', 'open_tree'],
  ...['fsopen', 'fsconfig', 'fsmount', 'fspick'],
  ...['sethostname', 'setdomainname', 'syslog', 'reboot', 'quotactl', 'quotactl_fd', 'lookup_dcookie'],
  ...['bpf', 'perf_event_open', 'fanotify_init', 'pidfd_getfd', 'keyctl', 'add_key', 'request_key'],
  ...['get_mempolicy', 'set_mempolicy', 'mbind'],
];

/**
 * Families that a service needs: local, IPv4, IPv6. The base's default is older than the flaws that were found in others:
 * newer ones refuse AF_ALG and AF_VSOCK, too. socketcall is how 32-bit programs would get past this.
 */
const SOCKET_FAMILIES = [1, 2, 10];
/** Of netlink only NETLINK_ROUTE, by which the C library lists addresses. */
const NETLINK = { family: 16, route: 0 };
const SOCKETS = ['socket', 'socketcall', 'socketpair'];

const equals = (index, value) => ({ index, value, valueTwo: 0, op: 'SCMP_CMP_EQ' });
const socketRule = (...args) => ({ names: ['socket'], action: 'SCMP_ACT_ALLOW', args });
const FEW_SOCKETS = [
  ...SOCKET_FAMILIES.map((family) => socketRule(equals(0, family))),
  socketRule(equals(0, NETLINK.family), equals(2, NETLINK.route)),
  // The kernel makes the sockets of a pair before it asks whether their family has pairs.
  { names: ['socketpair'], action: 'SCMP_ACT_ALLOW', args: [equals(0, SOCKET_FAMILIES[0])] },
];

/** CLONE_NEW* of clone(2): a plain container may start processes and threads, and no namespace. */
const NEW_NAMESPACES = 0x7e020000;
const EPERM = 1;
const ENOSYS = 38;

const WITHOUT_NAMESPACES = [
  {
    names: ['clone'],
    action: 'SCMP_ACT_ALLOW',
    args: [{ index: 0, value: NEW_NAMESPACES, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
  },
];

/** Whether a rule of the base is for this machine and for a container without capabilities. */
function applies({ includes = {}, excludes = {} }) {
  const { arches = [], caps = [] } = includes;
  // `excludes.caps` asks for the absence of a capability: always so. A minimum kernel is older than any supported one.
  return (
    caps.length === 0 &&
    (arches.length === 0 || arches.includes(MACHINE.name)) &&
    !excludes.arches?.includes(MACHINE.name)
  );
}

function plainRule({ names, action, errnoRet, args }) {
  return {
    names,
    action,
    ...(errnoRet !== undefined && { errnoRet }),
    ...(args?.length > 0 && { args }),
  };
}

/** @param base a runtime's default, parsed */
export function deriveProfile(base, { withJail = true } = {}) {
  const left = [...ONLY_WITH_CAPABILITY, ...SOCKETS];
  const kept = base.syscalls
    .filter(applies)
    .map(plainRule)
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !left.includes(name)) }))
    .filter(({ names }) => names.length > 0);
  const refused = ONLY_WITH_CAPABILITY.filter((name) => name !== 'clone' && name !== 'clone3');
  return {
    defaultAction: base.defaultAction,
    ...(base.defaultErrnoRet !== undefined && { defaultErrnoRet: base.defaultErrnoRet }),
    // Not its 32-bit forms, which have numbers of their own for each call: a program of theirs is killed.
    architectures: [MACHINE.architecture],
    syscalls: [
      ...kept,
      ...FEW_SOCKETS,
      // Its flags lie in memory, where a filter cannot look: libraries then fall back to clone.
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      ...(withJail ? [{ names: NEEDED_BY_JAIL, action: 'SCMP_ACT_ALLOW' }] : WITHOUT_NAMESPACES),
      {
        names: refused.filter((name) => !withJail || !NEEDED_BY_JAIL.includes(name)),
        action: 'SCMP_ACT_ERRNO',
        errnoRet: EPERM,
      },
    ],
  };
}

const CLONE_NEWUSER = 0x10000000;

/**
 * What a profile is on a node that lets nobody make a user namespace (user.max_user_namespaces=0): for verification,
 * since that switch is for all of a machine.
 */
export function withoutUserNamespaces(profile) {
  const isFree = ({ names, action, args }) =>
    action === 'SCMP_ACT_ALLOW' && !args && names.includes('clone') && names.includes('unshare');
  const withoutFlag = { index: 0, value: CLONE_NEWUSER, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' };
  return {
    ...profile,
    syscalls: profile.syscalls.flatMap((rule) =>
      isFree(rule)
        ? [
            { ...rule, names: rule.names.filter((name) => !['clone', 'unshare'].includes(name)) },
            { names: ['clone', 'unshare'], action: rule.action, args: [withoutFlag] },
          ]
        : [rule],
    ),
  };
}

export function profileText(profile) {
  return `${JSON.stringify(profile, null, 2)}\n`;
}

function main() {
  const { values } = parseArgs({
    options: {
      base: { type: 'string', default: DEBIAN_BASE },
      output: { type: 'string' },
      'without-jail': { type: 'boolean', default: false },
    },
  });
  const base = JSON.parse(readFileSync(values.base, 'utf8'));
  const text = profileText(deriveProfile(base, { withJail: !values['without-jail'] }));
  if (values.output) {
    writeFileSync(values.output, text);
  } else {
    process.stdout.write(text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main();
}

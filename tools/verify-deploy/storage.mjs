/** Images and containers of the verification, apart from any that a person has on this machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, pathOf, runFor } from './programs.mjs';

/** Kept between calls, which makes them quick; may be removed at any time. */
export const STORAGE = '/var/lib/pycell/verify-deploy';
const MOST_BYTES = 12e9;
const RUN_STATE = '/run/pycell-verify-deploy';

const COMMON = ['--root', join(STORAGE, 'containers'), '--runroot', RUN_STATE, '--storage-driver', 'overlay'];

const PODMAN = () => [
  ...COMMON,
  ...['--tmpdir', join(RUN_STATE, 'podman')],
  ...['--runtime', pathOf('runc'), '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
];

/** A folder for files that a build or a container is given. */
export function workFolder(name) {
  const folder = join(STORAGE, 'work', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What every container here has because of this machine, not because of the image. */
const SETTINGS = `[containers]
# The limits that podman would set cannot be raised to without CAP_SYS_RESOURCE.
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
# Docker's; podman gives root fewer.
default_capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "MKNOD", "NET_RAW", "AUDIT_WRITE"]
`;

/** Podman reads its settings from a file only. */
function environment() {
  const file = join(workFolder('podman'), 'containers.conf');
  writeFileSync(file, SETTINGS);
  return { ...process.env, CONTAINERS_CONF: file };
}

/** Runs podman on this storage. @throws Error when it fails */
export function podman(seconds, args) {
  return mustRun(seconds, 'podman', [...PODMAN(), ...args], { env: environment() });
}

/** The same where failing is an answer: returns { status, output }. */
export function tryPodman(seconds, args) {
  return runFor(seconds, 'podman', [...PODMAN(), ...args], { env: environment() });
}

export function buildah(seconds, args, options) {
  return mustRun(seconds, 'buildah', [...COMMON, ...args], options);
}

/** What podman knows of an image; null where there is none of that name. */
export async function inspectImage(name) {
  const { status, output } = await tryPodman(60, ['image', 'inspect', name]);
  return status === 0 ? JSON.parse(output)[0] : null;
}

/** What lies here, bytes. */
async function storedBytes() {
  const { output } = await runFor(120, 'du', ['--summarize', '--block-size=1', STORAGE]);
  return Number(/^(\d+)/.exec(output)?.[1] ?? 0);
}

/** Layers of images that have changed since stay, as a cache; when they are many, all is made anew. */
export async function discardWhenTooLarge() {
  if ((await storedBytes()) > MOST_BYTES) {
    await podman(300, ['rmi', '--all', '--force']);
  }
}

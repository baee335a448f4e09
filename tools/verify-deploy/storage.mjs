/** Images and containers of the verification, apart from any that a person has on this machine. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, pathOf, runFor } from './programs.mjs';

/** Kept between calls, which makes them quick; may be removed at any time. */
export const STORAGE = '/var/lib/pycell/verify-deploy';
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

/** Runs podman on this storage. @throws Error when it fails */
export function podman(seconds, args) {
  return mustRun(seconds, 'podman', [...PODMAN(), ...args]);
}

/** The same where failing is an answer: returns { status, output }. */
export function tryPodman(seconds, args) {
  return runFor(seconds, 'podman', [...PODMAN(), ...args]);
}

export function buildah(seconds, args, options) {
  return mustRun(seconds, 'buildah', [...COMMON, ...args], options);
}

/** What podman knows of an image; null where there is none of that name. */
export async function inspectImage(name) {
  const { status, output } = await tryPodman(60, ['image', 'inspect', name]);
  return status === 0 ? JSON.parse(output)[0] : null;
}

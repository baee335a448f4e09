/** The programs that stand in for a container engine. As root they are installed, elsewhere they are named. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';
import { installDebianPackages } from '../set-up/debian.mjs';
import { SetUpError } from '../set-up/progress.mjs';

/** Each program with the Debian packages that bring it. */
const NEEDED = [
  { program: 'buildah', packages: ['buildah', 'golang-github-containers-common'] },
  { program: 'podman', packages: ['podman'] },
  // Podman recommends and does not bring them: one makes its networks, the other holds a pod together.
  { program: 'netavark', packages: ['netavark'] },
  { program: 'catatonit', packages: ['catatonit'] },
  // Debian's podman prefers crun, which refuses where control groups are of both kinds.
  { program: 'runc', packages: ['runc'] },
  { program: 'runsc', packages: ['runsc'] },
  { program: 'mmdebstrap', packages: ['mmdebstrap', 'uidmap'] },
  { program: 'nsenter', packages: ['util-linux'] },
];

const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/lib/podman'];

/** Returns the path of a program, undefined where there is none. */
export function pathOf(program) {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      // Not in this folder.
      return false;
    }
  });
}

function missing() {
  return NEEDED.filter(({ program }) => !pathOf(program));
}

/** @throws SetUpError that names what is missing and how to get it */
export async function providePrograms() {
  if (process.getuid() !== 0) {
    throw new SetUpError(
      'Building and running images here needs root: sudo npm run verify:deploy. With a Docker engine at hand, try the lines of docs/operations.md instead.',
    );
  }
  const packages = missing().flatMap((entry) => entry.packages);
  if (packages.length > 0) {
    await installDebianPackages(packages, { mayInstall: true });
  }
  const still = missing();
  if (still.length > 0) {
    throw new SetUpError(
      `Missing: ${still.map(({ program }) => program).join(', ')}. ` +
        `On Debian 12 as root: apt-get install ${still.flatMap((entry) => entry.packages).join(' ')}. ` +
        'Without them the images can be neither built nor run here.',
    );
  }
}

/** Runs a program for at most so many seconds; returns { status, output }. */
export function runFor(seconds, file, args, options) {
  return run('timeout', ['--kill-after=10', String(seconds), file, ...args], options);
}

/** The same, for what must succeed. Returns the output. @throws Error with the end of what it said */
export async function mustRun(seconds, file, args, options) {
  const { status, output } = await runFor(seconds, file, args, options);
  if (status !== 0) {
    const line = [file, ...args].join(' ').slice(0, 300);
    const why = status === 124 ? `took longer than ${seconds} s` : `ended with ${status}`;
    throw new Error(`${line} ${why}:\n${output.trim().slice(-4000)}`);
  }
  return output;
}

/** The release whose packages this host installs; stand-ins for base images are made of them. */
export function debianRelease() {
  const text = readFileSync('/etc/os-release', 'utf8');
  return /^VERSION_CODENAME=(\w+)/m.exec(text)?.[1];
}

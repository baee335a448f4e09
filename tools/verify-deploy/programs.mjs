/** Other programs: the container engines from Debian's packages, each command with a time limit. */
import { run } from '../set-up/commands.mjs';
import { installDebianPackages } from '../set-up/debian.mjs';
import { SetUpError } from '../set-up/progress.mjs';

/** Debian 12's; podman recommends netavark and catatonit, which make networks and hold pods together. */
const PACKAGES = [
  ...['docker.io', 'docker-compose', 'iptables', 'podman', 'netavark', 'catatonit', 'runc', 'runsc'],
  ...['mmdebstrap', 'uidmap', 'golang-github-containers-common', 'iproute2', 'curl'],
];

/** @throws SetUpError that says what is missing and how to get it */
export async function providePrograms() {
  if (process.getuid() !== 0) {
    throw new SetUpError('Engines need root: sudo npm run verify:deploy. As another user: -- infra');
  }
  process.env.PATH += ':/usr/sbin:/sbin'; // not in every shell's
  const { status } = await run('dpkg-query', ['--show', ...PACKAGES]);
  if (status !== 0 && !(await installDebianPackages(PACKAGES, { mayInstall: true }))) {
    throw new SetUpError(`These packages of Debian 12 are needed: ${PACKAGES.join(' ')}`);
  }
}

/** Runs a program for at most so many seconds; returns { status, output }. */
export function runFor(seconds, file, args, options) {
  return run('timeout', ['--kill-after=10', String(seconds), file, ...args], options);
}

/** The same for what must succeed. Returns the output. @throws Error with the end of the output */
export async function mustRun(seconds, file, args, options) {
  const { status, output } = await runFor(seconds, file, args, options);
  if (status !== 0) {
    const why = status === 124 ? `took longer than ${seconds} s` : `ended with ${status}`;
    throw new Error(`${[file, ...args].join(' ').slice(0, 300)} ${why}:\n${output.trim().slice(-4000)}`);
  }
  return output;
}

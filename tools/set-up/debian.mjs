/** Installs Debian packages where that is promised: as root, in `npm test` and CI. Elsewhere the command is printed. */
import { existsSync } from 'node:fs';
import { run } from './commands.mjs';
import { note, step } from './progress.mjs';

/** Returns whether the packages were installed now. */
export async function installDebianPackages(names, { mayInstall }) {
  if (!existsSync('/usr/bin/apt-get')) {
    return false;
  }
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!mayInstall || process.getuid() !== 0) {
    note(`Missing Debian packages. As root: ${command}`);
    return false;
  }
  return step(`Installing Debian packages: ${names.join(' ')}`, async () => {
    await run('apt-get', ['update']);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, output } = await run('apt-get', command.split(' ').slice(1), { env });
    if (status !== 0) {
      note(output.trim());
    }
    return status === 0;
  });
}

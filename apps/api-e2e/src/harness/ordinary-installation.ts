import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { INSTALLATION, type Environment, type ServerIdentity } from './api-server';
import { INSTALLED } from './installed-sandbox';

/** An account without any right: that of the images. */
const ORDINARY = { uid: 1000, gid: 1000 };
/** What `node dist/apps/api/main.js` needs of an installation. */
const NEEDED = ['package.json', 'nsjail.cfg', 'dist', 'libs', 'apps', 'node_modules', '.pycell'];

/** Whether others than the owner can walk to the installation and read it. */
function isOpen(): boolean {
  for (let folder = INSTALLATION; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) {
      return false;
    }
    if (folder === dirname(folder)) {
      return (statSync(join(INSTALLATION, 'nsjail.cfg')).mode & 0o004) !== 0;
    }
  }
}

/** Copies an installation that lies in a private folder to where everybody can enter and read it. */
function openCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-installation-'));
  chmodSync(folder, 0o755);
  for (const name of NEEDED) {
    const from = join(INSTALLATION, name);
    if (existsSync(from)) {
      cpSync(from, join(folder, name), {
        recursive: true,
        verbatimSymlinks: true,
        // What is only there to build and test is most of the bytes.
        filter: (path) =>
          !/node_modules\/(nx|@nx|typescript|@typescript-eslint|@angular|\.cache|\.bin)(\/|$)/.test(path) &&
          !/\.pycell\/(pythons|compat|checks)(\/|$)/.test(path),
      });
    }
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return folder;
}

/** An installation that an ordinary user can run, and who that is. */
export interface OrdinaryInstallation {
  readonly environment: Environment;
  readonly identity: ServerIdentity;
  remove(): void;
}

/** Returns the installation under test, or a copy of it where the ordinary user could not enter it. */
export function ordinaryInstallation(): OrdinaryInstallation {
  const asRoot = process.getuid?.() === 0;
  const copy = asRoot && !isOpen() ? openCopy() : undefined;
  const installation = copy ?? INSTALLATION;
  return {
    environment: {
      NSJAIL_PATH: INSTALLED.nsjail.replace(INSTALLATION, installation),
      SANDBOX_ROOT: INSTALLED.sandboxRoot.replace(INSTALLATION, installation),
    },
    identity: { installation, ...(asRoot ? ORDINARY : {}) },
    remove: () => {
      if (copy) {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  };
}

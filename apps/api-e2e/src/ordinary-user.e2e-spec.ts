import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer, INSTALLATION } from './harness/api-server';
import { INSTALLED } from './harness/installed-sandbox';
import { describeCloud } from './harness/jail-support';

/** An account without any right: nobody's. */
const ORDINARY = { uid: 65534, gid: 65534 };
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
          !/node_modules\/(nx|@nx|typescript|@typescript-eslint|@angular|\.cache|\.bin)(\/|$)/.test(path),
      });
    }
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return folder;
}

const asRoot = process.getuid?.() === 0;

describeCloud('The service as an ordinary user without any capability', () => {
  let copy: string | undefined;
  let server: ApiServer;

  beforeAll(async () => {
    copy = asRoot && !isOpen() ? openCopy() : undefined;
    const installation = copy ?? INSTALLATION;
    const places = {
      NSJAIL_PATH: INSTALLED.nsjail.replace(INSTALLATION, installation),
      SANDBOX_ROOT: INSTALLED.sandboxRoot.replace(INSTALLATION, installation),
    };
    server = await ApiServer.start(
      { BUILD: 'cloud', SCRIPT_POLICY: 'off', ...places },
      { installation, ...(asRoot ? ORDINARY : {}) },
    );
  });

  afterAll(async () => {
    await server.stop();
    if (copy) {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('has no capability and cannot get one', () => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    expect(status).toMatch(/^CapPrm:\s0+$/m);
    expect(status).toMatch(/^CapEff:\s0+$/m);
    expect(status).not.toMatch(/^Uid:\s0\s/m);
  });

  it('is ready', async () => {
    expect((await server.client.get(API_PATHS.ready)).status).toBe(200);
  });

  it('runs scripts in nsjail, with numpy and pandas', async () => {
    const { body } = await server.client.execute(
      'import numpy as np, pandas as pd\ndef main():\n    return pd.Series(np.arange(3)).sum()',
    );
    expect(body).toMatchObject({ result: 3, execution: { isolation: 'nsjail-per-run' } });
  });

  it('gives runs an unprivileged id, a root that is read-only and no way to start a process', async () => {
    const { body } = await server.client.execute(
      [
        'import os',
        'def refused(act):',
        '    try: act()',
        '    except OSError as error: return error.errno',
        'def main():',
        '    return {',
        '        "uid": os.getuid(),',
        '        "write": refused(lambda: open("/etc/passwd", "a")),',
        '        "fork": refused(os.fork),',
        '        "proc": os.path.exists("/proc"),',
        '    }',
      ].join('\n'),
    );
    expect(body.result).toMatchObject({ uid: 1000, fork: 1, proc: false });
    // EACCES by the file's mode, or EROFS by the mount.
    expect([13, 30]).toContain((body.result as { write: number }).write);
  });

  it('keeps the limits of a run', async () => {
    const { body } = await server.client.execute('def main():\n    return len(bytearray(1 << 30))');
    expect(body.code).toBe('MEMORY_LIMIT');
  });
});

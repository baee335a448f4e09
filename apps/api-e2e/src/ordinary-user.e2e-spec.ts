import { readFileSync } from 'node:fs';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { ordinaryInstallation, type OrdinaryInstallation } from './harness/ordinary-installation';

describeCloud('The service as an ordinary user without any capability', () => {
  let installed: OrdinaryInstallation;
  let server: ApiServer;

  beforeAll(async () => {
    installed = ordinaryInstallation();
    server = await ApiServer.start(
      { BUILD: 'cloud', SCRIPT_POLICY: 'off', ...installed.environment },
      installed.identity,
    );
  });

  afterAll(async () => {
    await server.stop();
    installed.remove();
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
    expect(body).toMatchObject({ result: 3, execution: { isolation: 'nsjail' } });
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
    expect(body.result).toMatchObject({ fork: 1, proc: false });
    expect((body.result as { uid: number }).uid).not.toBe(0);
    // EACCES by the file's mode, or EROFS by the mount.
    expect([13, 30]).toContain((body.result as { write: number }).write);
  });

  it('keeps the limits of a run', async () => {
    const { body } = await server.client.execute('def main():\n    return len(bytearray(1 << 30))');
    expect(body.code).toBe('MEMORY_LIMIT');
  });
});

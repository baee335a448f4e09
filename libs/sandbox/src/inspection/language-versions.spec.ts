import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, checkPython } from './language-versions';

describe('checkNode', () => {
  const on = (day: string): Date => new Date(`${day}T12:00:00Z`);

  it('says since when a version is out of support, and what it costs', () => {
    expect(checkNode('20.20.2', on('2026-05-01'))).toMatchObject({
      status: 'limited',
      found: '20.20.2, out of support since 2026-04-30',
      cost: expect.stringContaining('no longer fixed'),
    });
  });

  it('counts the last day of support as supported', () => {
    expect(checkNode('20.20.2', on('2026-04-30')).found).toBe('20.20.2');
  });

  it('finds nothing against a supported one, or one that is newer than its list', () => {
    expect(checkNode('22.12.0', on('2026-11-01')).status).toBe('ok');
    expect(checkNode('24.11.0', on('2026-11-01')).status).toBe('ok');
    expect(checkNode('28.0.0', on('2029-11-01')).status).toBe('ok');
  });

  it('takes an old odd version for one out of support', () => {
    expect(checkNode('23.1.0', on('2026-11-01')).found).toBe('23.1.0, out of support');
  });
});

describe('checkPython', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'pycell-python-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function pythonThatSays(version: string): Promise<string> {
    const python = join(folder, 'python3');
    await writeFile(python, `#!/bin/sh\necho ${version}\n`);
    await chmod(python, 0o755);
    return python;
  }

  it('finds nothing against 3.12 and newer', async () => {
    const python = await pythonThatSays('3.12.0');
    expect(await checkPython(python)).toEqual({ name: 'Python', status: 'ok', found: `3.12.0 (${python})` });
  });

  it('says what 3.11 costs', async () => {
    const check = await checkPython(await pythonThatSays('3.11.7'));
    expect(check).toMatchObject({ status: 'limited', cost: expect.stringContaining('1.2 times') });
  });

  it('says that nothing runs on an older one, or without any', async () => {
    expect(await checkPython(await pythonThatSays('3.10.4'))).toMatchObject({ status: 'missing' });
    expect(await checkPython(join(folder, 'none'))).toMatchObject({
      status: 'missing',
      found: expect.stringContaining('does not run'),
    });
  });
});

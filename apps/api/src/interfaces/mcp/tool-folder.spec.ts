import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools, MAX_ENTRIES, MAX_TOOLS, readScript } from './tool-folder';

describe('The folder of tools', () => {
  let folder: string;
  const write = (name: string, text = 'def main(): pass'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const faultOf = async (name: string) =>
    (await findTools(folder)).entries.find((entry) => entry.name === name)?.fault;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-tools-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('has the scripts that lie in it, by name', async () => {
    write('weather.py');
    write('add-2_numbers.py');
    write('README.md');
    write('.hidden.py');
    mkdirSync(join(folder, 'more'));
    const { entries, fault } = await findTools(folder);
    expect(fault).toBeNull();
    expect(entries.map(({ name, fault: flaw }) => [name, flaw])).toEqual([
      ['add-2_numbers', null],
      ['weather', null],
    ]);
  });

  it('tells a file that has changed from what it was', async () => {
    write('weather.py', 'def main(): return 1');
    const [before] = (await findTools(folder)).entries;
    write('weather.py', 'def main(): return 22');
    const [after] = (await findTools(folder)).entries;
    expect(after?.identity).not.toBe(before?.identity);
  });

  it.each(['run_python', 'validate_python', 'Run_Python', 'VALIDATE_PYTHON'])(
    'refuses the name %s, which is taken',
    async (name) => {
      write(`${name}.py`);
      expect(await faultOf(name)).toMatch(/is a tool of the service: give the file another name/);
    },
  );

  it.each(['1st', 'a b', 'ä', '_a', 'x'.repeat(65)])(
    'refuses %s, which is no name of a tool',
    async (name) => {
      write(`${name}.py`);
      expect(await faultOf(name)).toMatch(/its name is none of a tool/);
    },
  );

  it('refuses links, also of what has become one since it was looked at', async () => {
    const target = write('target.txt');
    symlinkSync(target, join(folder, 'link.py'));
    expect(await faultOf('link')).toMatch(/symbolic link/);
    await expect(readScript(join(folder, 'link.py'))).rejects.toThrow(/cannot be read \(ELOOP\)/);
  });

  it('refuses what is no file', async () => {
    mkdirSync(join(folder, 'folder.py'));
    expect(await faultOf('folder')).toBe('it is no regular file');
    await expect(readScript(join(folder, 'folder.py'))).rejects.toThrow('it is no regular file');
  });

  it('refuses what is larger than a script may be', async () => {
    write('large.py', '#'.repeat(800_001));
    expect(await faultOf('large')).toMatch(/it has 800001 bytes/);
    await expect(readScript(write('long.py', 'é'.repeat(200_001)))).rejects.toThrow(
      'it has 200001 characters, the limit is 200000',
    );
    expect(await readScript(write('full.py', '😀'.repeat(200_000)))).toHaveLength(400_000);
  });

  it('refuses what is not UTF-8', async () => {
    const path = join(folder, 'latin.py');
    writeFileSync(path, Buffer.from([0x23, 0xe9]));
    await expect(readScript(path)).rejects.toThrow('it is not UTF-8');
  });

  it('reads what begins with a byte order mark', async () => {
    expect(await readScript(write('bom.py', '\ufeffx = 1'))).toBe('x = 1');
  });

  it('takes so many and no more, and says so', async () => {
    for (let n = 0; n <= MAX_TOOLS; n++) {
      write(`t${String(n).padStart(3, '0')}.py`);
    }
    const { entries, fault } = await findTools(folder);
    expect(entries).toHaveLength(MAX_TOOLS);
    expect(entries.at(-1)?.name).toBe('t099');
    expect(fault).toMatch(/has 101 scripts, and the first 100 by name are tools/);
  });

  it('is not read where it has more files than that, and has the same tools with every look until then', async () => {
    write('weather.py');
    for (let n = 1; n < MAX_ENTRIES; n++) {
      write(`${n}.txt`, '');
    }
    expect((await findTools(folder)).entries).toHaveLength(1);
    write('one-more.txt', '');
    expect(await findTools(folder)).toEqual({
      entries: [],
      fault: 'the folder has more than 1000 files: there are no tools of it until only tools are in it',
    });
  });

  it('says when it is not there', async () => {
    expect(await findTools(join(folder, 'none'))).toEqual({
      entries: [],
      fault: 'the folder cannot be read (ENOENT): there are no tools of it until it can',
    });
  });

  it('says which file it may not read', async () => {
    const path = write('secret.py');
    chmodSync(path, 0);
    if (process.getuid?.() !== 0) {
      await expect(readScript(path)).rejects.toThrow('it cannot be read (EACCES)');
    } else {
      // Root reads everything.
      await expect(readScript(path)).resolves.toBe('def main(): pass');
    }
  });
});

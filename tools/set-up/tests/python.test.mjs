/** Which Python the set-up takes, from programs that only say that they are one. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findInterpreters } from '../interpreters.mjs';
import { choosePython, findPython } from '../python.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pycell-python-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program at `name` that says what a Python would. Returns its path. */
function plant(name, version, more = {}) {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  const plain = { level: 'final', implementation: 'cpython', flags: '', lacks: [] };
  const answer = { path, version: version.split('.').map(Number), ...plain, ...more };
  writeFileSync(path, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
  return path;
}

async function choose(...names) {
  const found = await findInterpreters({
    PATH: names.map((name) => join(folder, name)).join(delimiter),
    PYENV_ROOT: join(folder, 'pyenv'),
  });
  return choosePython(found);
}

async function chosenPath(...names) {
  return (await choose(...names)).chosen?.path;
}

async function withVariable(value, work) {
  const before = process.env.PYTHON;
  process.env.PYTHON = value;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.PYTHON;
    else process.env.PYTHON = before;
  }
}

test('the newest minor version wins, wherever it is on the PATH and whatever it is called', async () => {
  plant('a/python3', '3.11.9');
  plant('a/python3.12', '3.12.4');
  const newest = plant('b/python', '3.13.1');
  assert.equal(await chosenPath('a', 'b'), newest);
});

test('the name of a program is not believed', async () => {
  plant('a/python3.14', '3.10.2');
  const real = plant('a/python3', '3.12.1');
  assert.equal(await chosenPath('a'), real);
});

test('of equal minor versions the first on the PATH wins, though the patch be older', async () => {
  const first = plant('a/python3', '3.13.0');
  plant('b/python3', '3.13.5');
  assert.equal(await chosenPath('a', 'b'), first);
});

test("pyenv's folder is searched, the highest patch first, and without its shims", async () => {
  plant('a/python3', '3.11.2');
  plant('pyenv/versions/3.13.9/bin/python3', '3.13.9');
  const highest = plant('pyenv/versions/3.13.10/bin/python3', '3.13.10');
  plant('pyenv/shims/python3', '3.14.0');
  assert.equal(await chosenPath('pyenv/shims', 'a'), highest);
});

test('of equal minor versions that on the PATH comes before that of pyenv', async () => {
  const first = plant('a/python3', '3.13.0');
  plant('pyenv/versions/3.13.10/bin/python3', '3.13.10');
  assert.equal(await chosenPath('a', 'pyenv/shims'), first);
});

test('what does not run, and what cannot be supported, is passed over', async () => {
  writeFileSync(
    plant('a/python3.14', '3.14.0'),
    '#!/bin/sh\necho "python3.14: command not found" >&2; exit 127\n',
  );
  plant('b/python3', '3.15.0');
  plant('c/python3', '3.14.0', { implementation: 'graalpy' });
  plant('d/python3', '3.14.0', { level: 'candidate' });
  plant('e/python3', '3.14.0', { flags: 't' });
  plant('f/python3', '3.14.0', { flags: 'd' });
  const plain = plant('g/python3', '3.12.0');
  const { chosen, passedOver } = await choose(...'abcdefg');
  assert.equal(chosen.path, plain);
  assert.deepEqual(
    passedOver.map(({ reason }) => reason),
    [
      '3.11 to 3.14 is supported',
      'it is graalpy',
      'it is a prerelease (candidate)',
      'it is free-threaded',
      'it is a debug build',
    ],
  );
});

test('one that lacks a part comes after an older one that is whole', async () => {
  plant('a/python3', '3.13.0', { lacks: ['sqlite3'] });
  const whole = plant('b/python3', '3.11.0');
  const { chosen, passedOver } = await choose('a', 'b');
  assert.equal(chosen.path, whole);
  assert.deepEqual(
    passedOver.map(({ reason }) => reason),
    ['it lacks sqlite3'],
  );
});

test('where there is no whole one, one without a part is taken, and none without pip', async () => {
  plant('a/python3', '3.13.0', { lacks: ['pip'] });
  const usable = plant('b/python3', '3.12.0', { lacks: ['sqlite3'] });
  assert.equal(await chosenPath('a', 'b'), usable);
  assert.equal(await chosenPath('a'), undefined);
});

test('one program behind many names is asked once, one that goes by its name each time', async () => {
  plant('real/python3.13', '3.13.0');
  mkdirSync(join(folder, 'a'));
  symlinkSync('../real/python3.13', join(folder, 'a/python3'));
  symlinkSync('../real/python3.13', join(folder, 'a/python'));
  plant('manager/shim', '3.12.0');
  symlinkSync('shim', join(folder, 'manager/python3'));
  symlinkSync('shim', join(folder, 'manager/python3.12'));
  const PATH = [join(folder, 'a'), join(folder, 'manager')].join(delimiter);
  const found = await findInterpreters({ PATH, PYENV_ROOT: folder });
  assert.deepEqual(
    found.map(({ version }) => version[1]),
    [13, 12, 12],
  );
});

test('PYTHON decides, also for a build that is never chosen without it', async () => {
  const named = plant('a/python3', '3.12.0', { flags: 't' });
  const { chosen } = await withVariable(named, () => findPython({ mayInstall: false }));
  assert.equal(chosen.path, named);
  assert.equal(chosen.where, 'named by PYTHON');
});

test('PYTHON that is too old, or none at all, stops the set-up', async () => {
  const old = plant('a/python3', '3.10.4');
  const find = (value) => withVariable(value, () => findPython({ mayInstall: false }));
  await assert.rejects(find(old), /is 3\.10\.4 \(.*\): CPython 3\.11 to 3\.14 is needed/);
  await assert.rejects(find(join(folder, 'none')), /PYTHON=.*none does not run/);
});

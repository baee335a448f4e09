/** What `npm run keys` writes, prints and refuses, as a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const PROGRAM = join(import.meta.dirname, '../keys.mjs');
const KEY = /^pycell_[\w-]{43}\n$/;

let folder;
let file;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pycell-keys-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param begun gets the process */
function keys(args, environment = {}, begun = () => undefined) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      // Empty, so that no .env of this checkout names a file that is in use.
      env: { ...process.env, API_KEYS_FILE: '', ...environment },
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
    }
    child.once('close', (status, signal) => resolve({ status, signal, ...said }));
    begun(child);
  });
}

const entries = () => JSON.parse(readFileSync(file, 'utf8')).keys;
const hashOf = (line) => createHash('sha256').update(line.trim()).digest('hex');

test('adds a key: prints it alone, and keeps its hash', async () => {
  const { status, stdout, stderr } = await keys(['add', 'me']);
  assert.equal(status, 0, stderr);
  assert.match(stdout, KEY);
  assert.match(stderr, /"me" was added\. The key is shown this once/);
  assert.ok(!stderr.includes(stdout.trim()));
  assert.deepEqual(entries(), [{ name: 'me', sha256: [hashOf(stdout)] }]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['keys.json']);
});

test('writes every term, and takes it back', async () => {
  const terms = ['--rate', '600/60', '--places', '2', '--timeout-ms', '2000', '--memory-mb', '256'];
  const more = ['--script-size', '5000', '--policy', 'allow:open,os', '--expires', '2099-01-31'];
  const { stdout } = await keys(['add', 'shop', ...terms, ...more]);
  const sha256 = [hashOf(stdout)];
  assert.deepEqual(entries(), [
    {
      name: 'shop',
      sha256,
      rate: { requests: 600, seconds: 60 },
      places: 2,
      timeoutMs: 2000,
      memoryMb: 256,
      scriptSize: 5000,
      policy: { allow: ['open', 'os'] },
      expires: '2099-01-31T00:00:00Z',
    },
  ]);
  const { stdout: listed } = await keys(['list']);
  assert.match(listed, /shop +until 2099-01-31T00:00:00.000Z +1 +600\/60 +2 +2000 +256 +5000 +allow:open,os/);
  assert.ok(!listed.includes(sha256[0].slice(0, 10)));

  const names = [...terms, ...more].filter((text) => text.startsWith('--'));
  assert.equal((await keys(['set', 'shop', ...names.flatMap((name) => [name, 'default'])])).status, 0);
  assert.deepEqual(entries(), [{ name: 'shop', sha256 }]);
});

test('rotates without a gap, and retires what was before', async () => {
  const first = await keys(['add', 'me']);
  const second = await keys(['rotate', 'me']);
  assert.match(second.stdout, KEY);
  assert.deepEqual(entries()[0].sha256, [hashOf(first.stdout), hashOf(second.stdout)]);
  const retired = await keys(['retire', 'me']);
  assert.equal(retired.stdout, '');
  assert.deepEqual(entries()[0].sha256, [hashOf(second.stdout)]);
});

test('switches off and on, and removes', async () => {
  await keys(['add', 'a']);
  await keys(['add', 'b']);
  await keys(['disable', 'a']);
  assert.equal(entries()[0].disabled, true);
  assert.match((await keys(['list'])).stdout, /^a +off/m);
  await keys(['enable', 'a']);
  assert.ok(!('disabled' in entries()[0]));
  await keys(['remove', 'a']);
  assert.deepEqual(
    entries().map(({ name }) => name),
    ['b'],
  );
});

test('takes the file of API_KEYS_FILE, and before it that of --file', async () => {
  const other = join(folder, 'other.json');
  await keys(['add', 'me'], { API_KEYS_FILE: other });
  await keys(['add', 'you', '--file', file], { API_KEYS_FILE: other });
  assert.equal(JSON.parse(readFileSync(other, 'utf8')).keys[0].name, 'me');
  assert.equal(entries()[0].name, 'you');
});

test('loses nothing when many are at work', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `key${at}`);
  const done = await Promise.all(names.map((name) => keys(['add', name])));
  assert.deepEqual(
    done.map(({ status }) => status),
    names.map(() => 0),
  );
  assert.deepEqual(
    new Set(entries().map(({ name, sha256 }) => `${name} ${sha256[0]}`)),
    new Set(names.map((name, at) => `${name} ${hashOf(done[at].stdout)}`)),
  );
  assert.deepEqual(readdirSync(folder), ['keys.json']);
});

/** Makes what puts the file on the disk take half a second: so long there are lock and temporary file. */
const SLOW_DISK = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { fsyncSync } = fs;
  fs.fsyncSync = (descriptor) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    fsyncSync(descriptor);
  };
  syncBuiltinESMExports();
`)}`;

/** Waits until the folder has so many files. */
async function untilThere(count) {
  const deadline = performance.now() + 20_000;
  while (readdirSync(folder).length < count) {
    assert.ok(performance.now() < deadline, 'nothing came into the folder');
    await delay(5);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`a ${signal} while the file is written leaves a whole file, no lock, and a key that was shown`, async () => {
    let child;
    const ended = keys(['add', 'me'], { NODE_OPTIONS: `--import=${SLOW_DISK}` }, (begun) => (child = begun));
    await untilThere(2);
    assert.match(readdirSync(folder).join(' '), /^keys\.json\.[0-9a-f]{12} keys\.json\.lock$/);
    child.kill(signal);
    const { signal: endedBy, stdout, stderr } = await ended;
    assert.equal(endedBy, signal, stderr);
    assert.match(stdout, KEY);
    assert.deepEqual(entries(), [{ name: 'me', sha256: [hashOf(stdout)] }]);
    assert.deepEqual(readdirSync(folder), ['keys.json']);
    assert.equal((await keys(['add', 'you'])).status, 0);
  });
}

test('who waits for the lock of another is ended by a signal at once, and leaves it', async () => {
  writeFileSync(`${file}.lock`, '');
  let child;
  const ended = keys(['add', 'me'], {}, (begun) => (child = begun));
  await delay(1_500);
  const since = performance.now();
  child.kill('SIGTERM');
  const { signal, stdout } = await ended;
  assert.equal(signal, 'SIGTERM');
  assert.ok(performance.now() - since < 2_000);
  assert.equal(stdout, '');
  assert.deepEqual(readdirSync(folder), ['keys.json.lock']);
});

test('no message has a key that was pasted into the wrong place', async () => {
  const { stdout } = await keys(['add', 'me']);
  const key = stdout.trim();
  for (const args of [
    ['rotate', key],
    ['set', 'me', '--places', key],
    ['list', `--${key}`],
    ['add', key],
  ]) {
    const { status, stderr } = await keys(args);
    assert.equal(status, 1);
    assert.ok(!stderr.includes(key), stderr);
  }
  assert.match((await keys(['rotate', key])).stderr, /There is no key of the name "pycell_\.\.\."/);
});

test('keeps the mode of a file', async () => {
  await keys(['add', 'me']);
  chmodSync(file, 0o640);
  await keys(['add', 'you']);
  assert.equal(statSync(file).mode & 0o777, 0o640);
});

const refusals = [
  [[], /npm run keys -- COMMAND/],
  [['add'], /npm run keys -- COMMAND/],
  [['add', 'a', 'b'], /npm run keys -- COMMAND/],
  [['list', 'me'], /npm run keys -- COMMAND/],
  [['constructor', 'me'], /npm run keys -- COMMAND/],
  [['add', 'me'], /There is a key of the name "me" already: rotate it/],
  [['rotate', 'you'], /There is no key of the name "you"/],
  [['remove', 'me', '--places', '2'], /--places goes with add and set, not with remove/],
  [['set', 'me'], /set needs what to set/],
  [['set', 'me', '--place', '2'], /Unknown option '--place'/],
  [['set', 'me', '--places', 'two'], /--places is "two", expected a whole number, or "default"/],
  [['set', 'me', '--places', '0'], /key "me": places is 0, expected a whole number from 1 to 1024/],
  [['set', 'me', '--rate', '600'], /--rate is "600", expected requests and seconds such as 600\/60/],
  [['set', 'me', '--rate', '600/0'], /key "me": rate.seconds is 0/],
  [['set', 'me', '--policy', 'none'], /--policy is "none", expected off, enforce/],
  [['set', 'me', '--policy', 'allow:opne'], /key "me": policy.allow\[0\] is a text of 4 characters/],
  [['set', 'me', '--expires', 'tomorrow'], /key "me": expires is a text of 8 characters, expected a time/],
  [['add', 'two words'], /key 2: name is a text of 9 characters, expected 1 to 40 letters/],
];
for (const [args, message] of refusals) {
  test(`refuses "${args.join(' ')}", and leaves the file as it is`, async () => {
    const before = JSON.stringify({ keys: [{ name: 'me', sha256: ['0'.repeat(64)] }] });
    writeFileSync(file, before);
    const { status, stdout, stderr } = await keys(args);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.equal(stdout, '');
    assert.equal(readFileSync(file, 'utf8'), before);
    assert.deepEqual(readdirSync(folder), ['keys.json']);
  });
}

test('refuses a file that is not valid, and one behind a link', async () => {
  writeFileSync(file, '{"keys": [{"name": "me"}]}');
  assert.match((await keys(['add', 'you'])).stderr, /keys\.json: key "me": sha256 is missing/);
  rmSync(file);
  writeFileSync(join(folder, 'real.json'), '{"keys": []}');
  symlinkSync('real.json', file);
  assert.match((await keys(['add', 'you'])).stderr, /keys\.json is a link: name the file that it leads to/);
  assert.deepEqual(readdirSync(folder).sort(), ['keys.json', 'real.json']);
});

test('says what the service of this environment would refuse', async () => {
  const { status, stderr } = await keys(['add', 'me', '--timeout-ms', '5000'], { SCRIPT_TIMEOUT: '2' });
  assert.equal(status, 0);
  assert.match(
    stderr,
    /would refuse the file: key "me": timeoutMs is 5000, expected at most 2000, which is SCRIPT_TIMEOUT/,
  );
  assert.match(
    (await keys(['set', 'me', '--policy', 'off'], { BUILD: 'local' })).stderr,
    /there is no jail behind it/,
  );
});

const MASTER = Buffer.alloc(32, 7);
const callbackSecretOf = (name) =>
  `whsec_${createHmac('sha256', MASTER).update(`pycell callback secret\n${name}`).digest('base64')}\n`;

test('prints with what callbacks of a key are signed, and of callers without one', async () => {
  await keys(['add', 'shop']);
  const before = readFileSync(file, 'utf8');
  for (const text of [MASTER.toString('base64'), `whsec_${MASTER.toString('base64')}`]) {
    const environment = { CALLBACK_SECRET: text };
    const ofShop = await keys(['callback-secret', 'shop'], environment);
    assert.equal(ofShop.stdout, callbackSecretOf('shop'), ofShop.stderr);
    assert.ok(!ofShop.stderr.includes(text));
    assert.equal((await keys(['callback-secret'], environment)).stdout, callbackSecretOf(''));
  }
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('prints no secret of a key that there is not, or from a secret that is not one', async () => {
  const unknown = await keys(['callback-secret', 'nobody'], { CALLBACK_SECRET: MASTER.toString('base64') });
  assert.notEqual(unknown.status, 0);
  assert.match(unknown.stderr, /There is no key of the name "nobody"/);
  for (const text of ['', 'hunter2hunter2']) {
    const { status, stdout, stderr } = await keys(['callback-secret'], { CALLBACK_SECRET: text });
    assert.notEqual(status, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /CALLBACK_SECRET is not set, or not valid/);
    assert.ok(!stderr.includes('hunter2'));
  }
});

import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { readConfiguration } from '../configuration/configuration';
import { createKey, hashOfKey } from './key-form';
import { Keys } from './keys';

/** What is promised. */
const RELOAD_MS = 2_000;

let folder: string;
let file: string;
let keys: Keys | null;
let logged: { level: string; line: unknown }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pycell-keys-'));
  file = join(folder, 'keys.json');
  keys = null;
  logged = [];
  for (const level of ['log', 'warn', 'error'] as const) {
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((...[line]: unknown[]) => void logged.push({ level, line }));
  }
});

afterEach(() => {
  keys?.onApplicationShutdown();
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const configurationWith = (environment: NodeJS.ProcessEnv) =>
  readConfiguration({ API_KEYS_FILE: file, ...environment });

async function openKeys(environment: NodeJS.ProcessEnv = {}): Promise<Keys> {
  keys = await Keys.open(configurationWith(environment));
  return keys;
}

function textOf(names: Readonly<Record<string, string>>): string {
  const entries = Object.entries(names).map(([name, key]) => ({
    name,
    sha256: [hashOfKey(key).toString('hex')],
  }));
  return JSON.stringify({ keys: entries });
}

async function within(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + RELOAD_MS;
  while (!isTrue()) {
    expect(performance.now()).toBeLessThan(deadline);
    await delay(10);
  }
}

describe('Keys', () => {
  it('are none where no file is named', async () => {
    keys = await Keys.open(readConfiguration({}));
    expect(keys.areThere).toBe(false);
    keys.onApplicationBootstrap();
    expect(logged).toMatchObject([{ level: 'log', line: expect.stringContaining('no keys') as string }]);
  });

  it('are missed loudly where others reach the service', async () => {
    keys = await Keys.open(readConfiguration({ BUILD: 'cloud' }));
    keys.onApplicationBootstrap();
    expect(logged).toMatchObject([
      { level: 'warn', line: expect.stringMatching(/OPEN.*0\.0\.0\.0/) as string },
    ]);
  });

  it.each([
    [
      'there is no such file',
      null,
      /keys\.json: there is no such file: "npm run keys -- add NAME" makes one/,
    ],
    ['it is no JSON', '{', /keys\.json: it is not JSON/],
    ['it is no UTF-8', Buffer.from([0x7b, 0xff]), /keys\.json: it is not UTF-8/],
    [
      'it is too large',
      Buffer.alloc(8 * 1024 * 1024 + 1, ' '),
      /keys\.json: it is no file, or larger than 8388608/,
    ],
    [
      'a key has more than the service',
      `{"keys": [{"name": "a", "sha256": ["${'0'.repeat(64)}"], "timeoutMs": 99999}]}`,
      /keys\.json: key "a": timeoutMs is 99999, expected at most 10000/,
    ],
  ])('stop the start where %s', async (_what, content, message) => {
    if (content !== null) {
      writeFileSync(file, content);
    }
    await expect(openKeys()).rejects.toThrow(message);
  });

  it('stop the start where they are required and the file has none', async () => {
    writeFileSync(file, '{"keys": []}');
    await expect(openKeys({ REQUIRE_API_KEY: 'true' })).rejects.toThrow(/REQUIRE_API_KEY .* has no keys/);
    expect((await openKeys()).areThere).toBe(true);
  });

  it('follow their file, and say which came, went and changed', async () => {
    const [a, b, c] = [createKey(), createKey(), createKey()];
    writeFileSync(file, textOf({ a, b }));
    const opened = await openKeys();
    expect(opened.find(a)).toBeDefined();

    writeFileSync(file, textOf({ b: createKey(), c }));
    await within(() => opened.find(a) === undefined && opened.find(c) !== undefined);
    expect(opened.find(b)).toBeUndefined();
    expect(logged).toEqual([
      { level: 'log', line: { msg: 'keys reloaded', keys: 2, added: ['c'], removed: ['a'], changed: ['b'] } },
    ]);
  });

  it('follow a file that is renamed over, and links that are swapped', async () => {
    const versions = [createKey(), createKey(), createKey()];
    const [first = '', second = '', third = ''] = versions;
    // As Kubernetes mounts a secret: keys.json -> ..data/keys.json, ..data -> a folder.
    for (const [at, key] of versions.entries()) {
      mkdirSync(join(folder, `v${at}`));
      writeFileSync(join(folder, `v${at}/keys.json`), textOf({ a: key }));
    }
    symlinkSync('v0', join(folder, '..data'));
    symlinkSync('..data/keys.json', file);
    const opened = await openKeys();
    expect(opened.find(first)).toBeDefined();

    symlinkSync('v1', join(folder, '..new'));
    renameSync(join(folder, '..new'), join(folder, '..data'));
    await within(() => opened.find(second) !== undefined);

    renameSync(join(folder, 'v2/keys.json'), file);
    await within(() => opened.find(third) !== undefined);
    expect(opened.find(first)).toBeUndefined();
  });

  it('stay in force where the file becomes wrong or goes, say so once, and follow it when it is mended', async () => {
    const [a, b] = [createKey(), createKey()];
    writeFileSync(file, textOf({ a }));
    const opened = await openKeys();
    const wrong = `{"keys": [{"name": "b", "sha256": ["${hashOfKey(b).toString('hex')}"], "places": 0}]}`;
    writeFileSync(file, wrong);
    await within(() => logged.length > 0);
    expect(opened.find(a)).toBeDefined();
    expect(logged).toMatchObject([
      { level: 'error', line: { problems: [expect.stringMatching(/keys\.json: key "b": places is 0/)] } },
    ]);
    // The same fault in another version of the file.
    writeFileSync(file, `${wrong}\n`);
    await delay(1_300);
    expect(logged).toHaveLength(1);

    rmSync(file);
    await within(() => logged.length > 1);
    expect(JSON.stringify(logged[1])).toContain('there is no such file');
    writeFileSync(file, textOf({ b }));
    await within(() => opened.find(b) !== undefined);
    expect(opened.find(a)).toBeUndefined();
    const told = JSON.stringify(logged);
    for (const key of [a, b]) {
      expect(told).not.toContain(key);
      expect(told).not.toContain(hashOfKey(key).toString('hex'));
    }
  });

  it('are none at all where the file says so: whoever has been removed is refused', async () => {
    const a = createKey();
    writeFileSync(file, textOf({ a }));
    const opened = await openKeys({ REQUIRE_API_KEY: 'true' });
    writeFileSync(file, '{"keys": []}');
    await within(() => opened.find(a) === undefined);
    expect(opened.areThere).toBe(true);
    expect(logged.map(({ level }) => level)).toEqual(['log', 'warn']);
  });
});

import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../configuration/configuration';
import { MAX_KEYS_FILE_BYTES } from './keys-file';
import { KeysReader } from './read-keys';

const SERVICE = readConfiguration({}).sandbox;
const textOf = (name: string): string => `{"keys": [{"name": "${name}", "sha256": ["${'0'.repeat(64)}"]}]}`;

let folder: string;
let file: string;
let reader: KeysReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pycell-keys-'));
  file = join(folder, 'keys.json');
  reader = new KeysReader(file, SERVICE);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('KeysReader', () => {
  it('returns the very same for the same bytes, right or wrong', async () => {
    for (const text of [textOf('a'), '{"keys": [{}]}', '{']) {
      writeFileSync(file, text);
      const read = await reader.read();
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
      utimesSync(file, 1, 1);
      expect(await reader.read()).toBe(read);
    }
  });

  it('returns another for other bytes of the same length and time, and after the file was gone', async () => {
    const seen: unknown[] = [];
    for (const text of [textOf('a'), textOf('b'), null, textOf('b')]) {
      if (text === null) {
        rmSync(file);
      } else {
        writeFileSync(file, text);
        utimesSync(file, 1, 1);
      }
      seen.push(await reader.read());
    }
    expect(new Set(seen).size).toBe(4);
    expect(seen).toMatchObject([
      { entries: [{ name: 'a' }] },
      { entries: [{ name: 'b' }] },
      { entries: null },
      { entries: [{ name: 'b' }] },
    ]);
  });

  it('takes a file of the most bytes, and none of one more', async () => {
    const text = textOf('a');
    writeFileSync(file, text.padEnd(MAX_KEYS_FILE_BYTES, ' '));
    expect((await reader.read()).problems).toBeNull();
    writeFileSync(file, text.padEnd(MAX_KEYS_FILE_BYTES + 1, ' '));
    expect((await reader.read()).problems).toEqual([expect.stringMatching(/larger than 8388608 bytes/)]);
  });

  it('reads what a file has beyond the size that it is said to have', async () => {
    // Of /proc: 0 bytes, says the file system.
    const { problems } = await new KeysReader('/proc/self/status', SERVICE).read();
    expect(problems).toEqual(['/proc/self/status: it is not JSON']);
  });

  it('waits for nobody at a pipe or a device', async () => {
    for (const path of ['/dev/zero', folder]) {
      const { problems } = await new KeysReader(path, SERVICE).read();
      expect(problems).toEqual([expect.stringContaining('it is no file, or larger')]);
    }
  });
});

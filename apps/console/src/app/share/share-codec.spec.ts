import { deflateRawSync } from 'node:zlib';
import { Blob as NodeBlob } from 'node:buffer';
import { CompressionStream, DecompressionStream } from 'node:stream/web';
import { TextDecoder, TextEncoder } from 'node:util';
import { PLAIN_SETUP, type RunSetup } from '../script/run-setup';
import { decodeScript, encodeScript, isScriptFragment } from './share-codec';

/** What a simulated browser lacks. */
Object.assign(globalThis, {
  Blob: NodeBlob,
  CompressionStream,
  DecompressionStream,
  TextDecoder,
  TextEncoder,
});

const MAX_BYTES = 44_096;
const decode = (fragment: string): ReturnType<typeof decodeScript> => decodeScript(fragment, MAX_BYTES);
const fragmentOf = (bytes: Buffer): string => `#script=1.${deflateRawSync(bytes).toString('base64url')}`;

const SETUP: RunSetup = {
  mode: 'script',
  inputs: { view: 'json', json: '{"n": 1180591620717411303424, "x": 1.0}', entries: {} },
  stdin: 'one\n',
  files: [],
  limits: { timeoutMs: 500 },
};

describe('what a script is run with, in a link', () => {
  it('comes out as it went in', async () => {
    const fragment = await encodeScript('x', SETUP);
    expect(fragment).toMatch(/^#script=2\.[\w-]+$/);
    await expect(decode(fragment)).resolves.toEqual({ kind: 'script', script: 'x', setup: SETUP });
  });

  it('has no files, whoever made the link', async () => {
    const file = { id: '1', name: 'a', sizeBytes: 1, content: { text: 'a' } };
    const fragment = await encodeScript('x', { ...PLAIN_SETUP, files: [file] });
    expect(fragment).toBe(await encodeScript('x'));
    const made = JSON.stringify({ script: 'x', ...SETUP, files: [file] });
    const foreign = fragmentOf(Buffer.from(made)).replace('=1.', '=2.');
    await expect(decode(foreign)).resolves.toEqual({ kind: 'script', script: 'x', setup: SETUP });
  });

  it.each(['x', '[]', 'null', '{"script": 7}'])('is damaged where it is no such object: %p', async (json) => {
    const fragment = fragmentOf(Buffer.from(json)).replace('=1.', '=2.');
    await expect(decode(fragment)).resolves.toEqual({ kind: 'problem', problem: 'damaged' });
  });
});

describe('the script in a link', () => {
  it.each([
    'def main():\n    return 1\n',
    '',
    'print("Grüße, 世界 😀 \u0000\u2028")',
    '\ufeff# begins with a mark',
    'x = 1\n'.repeat(1_600),
  ])('comes out as it went in: %p', async (script) => {
    const fragment = await encodeScript(script);
    expect(fragment).toMatch(/^#script=1\.[\w-]+$/);
    await expect(decode(fragment)).resolves.toEqual({ kind: 'script', script, setup: PLAIN_SETUP });
  });

  it('is much shorter than the script where that repeats itself', async () => {
    expect((await encodeScript('total = total + 1\n'.repeat(500))).length).toBeLessThan(200);
  });

  it('is a form that other tools can make', async () => {
    const script = 'def main(): return "é"';
    await expect(decode(fragmentOf(Buffer.from(script)))).resolves.toEqual({
      kind: 'script',
      script,
      setup: PLAIN_SETUP,
    });
  });

  it.each(['', '#', '#results', '#Script=1.AAAA', 'script=1.AAAA'])(
    'is told from anything else: %p',
    async (fragment) => {
      expect(isScriptFragment(fragment)).toBe(false);
      await expect(decode(fragment)).resolves.toEqual({ kind: 'problem', problem: 'foreign' });
    },
  );

  it.each(['#script=3.abc', '#script=12.'])('says when a newer console wrote it: %p', async (fragment) => {
    await expect(decode(fragment)).resolves.toEqual({ kind: 'problem', problem: 'newer' });
  });

  it.each([
    '#script=',
    '#script=1',
    '#script=1.',
    '#script=1.AAAA',
    '#script=1.%20%3Cscript%3E',
    '#script=1.a.b',
    '#script=x.AAAA',
    '#script=1.A',
  ])('says when it is damaged: %p', async (fragment) => {
    await expect(decode(fragment)).resolves.toEqual({ kind: 'problem', problem: 'damaged' });
  });

  it('says when it was cut off', async () => {
    const whole = await encodeScript('import math\n\ndef main():\n    return math.pi * 2\n');
    await expect(decode(whole.slice(0, -6))).resolves.toEqual({ kind: 'problem', problem: 'damaged' });
  });

  it('refuses bytes that are no text', async () => {
    await expect(decode(fragmentOf(Buffer.from([0xff, 0xfe, 0x00])))).resolves.toEqual({
      kind: 'problem',
      problem: 'damaged',
    });
  });

  it('stops a bomb long before it is unpacked', async () => {
    const bomb = fragmentOf(Buffer.alloc(30_000_000, 'a'));
    expect(bomb.length).toBeLessThan(MAX_BYTES);
    await expect(decode(bomb)).resolves.toEqual({ kind: 'problem', problem: 'too-large' });
  });

  it('does not even read megabytes', async () => {
    const atob = jest.spyOn(globalThis, 'atob');
    await expect(decode(`#script=1.${'A'.repeat(5_000_000)}`)).resolves.toEqual({
      kind: 'problem',
      problem: 'too-large',
    });
    expect(atob).not.toHaveBeenCalled();
  });

  it('takes noise of the largest size, which no packing makes smaller', async () => {
    let seed = 7;
    const script = Array.from({ length: MAX_BYTES }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return String.fromCharCode(33 + ((seed >> 16) % 90));
    }).join('');
    await expect(decode(await encodeScript(script))).resolves.toEqual({
      kind: 'script',
      script,
      setup: PLAIN_SETUP,
    });
  });
});

import { readSetup } from './read-setup';
import { isPlain, isSameSetup, PLAIN_SETUP, type RunSetup, withoutContents } from './run-setup';

const FULL: RunSetup = {
  mode: 'script',
  inputs: {
    view: 'json',
    entries: { city: { kind: 'text', text: 'Oslo' } },
    json: '{"n": 1180591620717411303424}',
  },
  stdin: 'a\n',
  files: [
    { id: '1', name: 'a.csv', sizeBytes: 2, content: { text: 'a\n' } },
    { id: '2', name: 'b.bin', sizeBytes: 1, content: { base64: '/w==' } },
  ],
  limits: { timeoutMs: 500, memoryMb: 64 },
};

describe('a setup that was kept', () => {
  it('is read as it was written', () => {
    expect(readSetup(JSON.parse(JSON.stringify(FULL)))).toEqual(FULL);
    expect(readSetup(JSON.parse(JSON.stringify(withoutContents(FULL))))).toEqual(withoutContents(FULL));
  });

  it.each([
    undefined,
    null,
    7,
    'x',
    [],
    {},
    { mode: 'other', inputs: 7, stdin: 7, files: {}, limits: [] },
    { inputs: { view: 'x', entries: { a: { kind: 'other', text: 'x' }, b: { kind: 'text', text: 7 } } } },
    { files: [null, { id: 1, name: 'a', sizeBytes: 1 }, { id: '1', name: 'a' }] },
    { limits: { timeoutMs: -1, memoryMb: 1.5 } },
  ])('is nothing where %j was written', (value) => {
    expect(readSetup(value)).toEqual(PLAIN_SETUP);
  });

  it('has inputs of any name, and none that every object has', () => {
    const kept = JSON.parse('{"inputs":{"entries":{"__proto__":{"kind":"any","text":"1"}}}}') as unknown;
    expect(Object.entries(readSetup(kept).inputs.entries)).toEqual([
      ['__proto__', { kind: 'any', text: '1' }],
    ]);
  });
});

describe('two setups', () => {
  it('are the same where a run would not tell them apart', () => {
    expect(isSameSetup(FULL, withoutContents(FULL))).toBe(true);
    expect(isSameSetup(FULL, { ...FULL, stdin: '' })).toBe(false);
    expect(isSameSetup(FULL, { ...FULL, files: FULL.files.slice(1) })).toBe(false);
    expect(isSameSetup(FULL, { ...FULL, inputs: { ...FULL.inputs, json: '' } })).toBe(false);
  });

  it('are plain where there is nothing but the script', () => {
    expect(isPlain(PLAIN_SETUP)).toBe(true);
    expect(isPlain({ ...PLAIN_SETUP, inputs: { view: 'json', entries: {}, json: ' ' } })).toBe(true);
    expect(isPlain({ ...PLAIN_SETUP, mode: 'script' })).toBe(false);
    expect(isPlain({ ...PLAIN_SETUP, limits: { timeoutMs: 1 } })).toBe(false);
  });
});

import { BodyBytes } from '../door/foreign-bodies';
import { atOnce } from '../door/slices.contract';
import { PistonRefusal, type PistonRun, type PistonTerms, readPistonRequest } from './piston-request';

const MIB = 1024 * 1024;
const TERMS: PistonTerms = {
  version: '3.13.1',
  timeoutMs: { min: 1, max: 10_000 },
  memoryMb: { min: 32, max: 512 },
  maxFiles: 64,
  isJudged: false,
};
const PROGRAM = { language: 'python', version: '*', files: [{ content: 'print(1)' }] };

const read = (more: object = {}, terms: Partial<PistonTerms> = {}) =>
  atOnce(readPistonRequest({ ...PROGRAM, ...more }, { ...TERMS, ...terms }));

function refusalOf(more: object, terms: Partial<PistonTerms> = {}): string {
  try {
    read(more, terms);
  } catch (error) {
    if (error instanceof PistonRefusal) {
      return error.message;
    }
    throw error;
  }
  return 'it is taken';
}

/** Reads a request, and counts its slices. */
function sliced(more: object): { readonly slices: number; readonly run: PistonRun } {
  const work = readPistonRequest({ ...PROGRAM, ...more }, TERMS);
  for (let slices = 1; ; slices++) {
    const step = work.next();
    if (step.done) {
      return { slices, run: step.value };
    }
  }
}

describe('readPistonRequest', () => {
  it('has the first file run as a program', () => {
    expect(read()).toEqual({
      request: { script: 'print(1)', mode: 'script', stdin: Buffer.from('\n'), files: [], limits: {} },
      addedLines: 0,
      maxCpuMs: null,
    });
  });

  it('puts the others into its folder, by their names and encodings', () => {
    const files = [
      { name: 'data.bin', content: '/w==', encoding: 'base64' },
      { name: 'main.py', content: 'print(2)' },
      { content: 'ff00', encoding: 'hex' },
      { name: 'notes/a.txt', content: 'ä', encoding: 'utf8' },
    ];
    const { request, addedLines } = read({ files });
    expect(request.script).toBe('print(2)');
    expect(request.files).toEqual([
      { name: 'data.bin', bytes: Buffer.from([255]) },
      { name: 'file2.code', bytes: Buffer.from([255, 0]) },
      { name: 'notes/a.txt', bytes: Buffer.from('ä') },
    ]);
    expect(addedLines).toBe(0);
  });

  it('gives a program its arguments, and modules beside it', () => {
    const asked = read({ args: ['a', '1'], files: [...PROGRAM.files, { name: 'lib.py', content: 'x = 1' }] });
    expect(asked.addedLines).toBe(1);
    expect(asked.request.script).toMatch(/^import sys .*\["a","1"\].*\nprint\(1\)$/);
    expect(asked.request.script).toContain('path.insert');
    expect(read({ args: [] }).addedLines).toBe(0);
    expect(read({ args: [1, 2.5, true, 'a'] }).request.script).toContain('["1","2.5","true","a"]');
  });

  it('ends the last line of standard input, as Piston does', () => {
    expect(read({ stdin: 'a' }).request.stdin?.toString()).toBe('a\n');
    expect(read({ stdin: 'a\n' }).request.stdin?.toString()).toBe('a\n');
  });

  it.each(['python', 'py', 'py3', 'python3', 'python3.10', 'python3.13'])(
    'knows Python as %s',
    (language) => {
      expect(refusalOf({ language })).toBe('it is taken');
    },
  );

  it.each(['3', '3.x', '*', '3.10.0', '3.9', '=3.12.0', '^3.10', '>=3.9'])('serves version %s', (version) => {
    expect(refusalOf({ version })).toBe('it is taken');
  });

  it.each([
    ['javascript', '*'],
    ['python2', '2.7.18'],
    ['Python', '3'],
    ['python', '2.x'],
    ['python', '<3.9'],
    ['python', '~3.12.0'],
  ])('refuses %s-%s, and says what there is', (language, version) => {
    expect(refusalOf({ language, version })).toBe(
      `${language}-${version} runtime is unknown: this service has python-3.13.1, which "3.x" and "*" select`,
    );
  });

  it('takes limits within its own', () => {
    const limits = {
      run_timeout: 3000.7,
      run_memory_limit: 100 * MIB + 1,
      run_cpu_time: 2000,
      compile_timeout: 1e9,
    };
    const { request, maxCpuMs } = read(limits);
    expect(request.limits).toEqual({ timeoutMs: 3000, memoryMb: 100 });
    expect(maxCpuMs).toBe(2000);
    expect(read({ run_timeout: 0, run_memory_limit: -1, compile_memory_limit: -1 }).request.limits).toEqual(
      {},
    );
    expect(read({ run_timeout: 0.1 }).request.limits).toEqual({ timeoutMs: 1 });
  });

  it.each([
    [{ language: undefined }, 'language is required as a string'],
    [{ version: 3 }, 'version is required as a string'],
    [{ files: undefined }, 'files is required as an array'],
    [{ files: [{ name: 'a' }] }, 'files[0].content is required as a string'],
    [{ files: [null] }, 'files[0].content is required as a string'],
    [{ files: [] }, 'files must include at least one utf8 encoded file'],
    [{ files: [{ content: '', encoding: 'hex' }] }, 'files must include at least one utf8 encoded file'],
    [
      { files: [{ content: '=a', encoding: 'base64' }] },
      'files[0].content is not base64, which its encoding says',
    ],
    [{ files: [{ content: 'f', encoding: 'hex' }] }, 'files[0].content is not hex, which its encoding says'],
    [{ args: 'a' }, 'If specified, args must be an array of strings'],
    [{ args: [null] }, 'If specified, args must be an array of strings'],
    [{ args: [['a']] }, 'If specified, args must be an array of strings'],
    [{ stdin: 1 }, 'If specified, stdin must be a string'],
    [{ run_timeout: '1' }, 'If specified, run_timeout must be a number'],
    [{ run_timeout: 10_001 }, 'run_timeout cannot exceed the configured limit of 10000'],
    [{ run_cpu_time: 10_001 }, 'run_cpu_time cannot exceed the configured limit of 10000'],
    [{ run_timeout: -1 }, 'run_timeout must be non-negative'],
    [
      { run_memory_limit: 512 * MIB + 1 },
      `run_memory_limit cannot exceed the configured limit of ${512 * MIB}`,
    ],
    [{ run_memory_limit: MIB }, `run_memory_limit cannot be less than ${32 * MIB} here`],
    [{ compile_timeout: 'x' }, 'If specified, compile_timeout must be a number'],
  ])('refuses %p in the words of Piston', (more, message) => {
    expect(refusalOf(more)).toBe(message);
  });

  it.each([
    ['base64', ' '.repeat(8_000_000), true],
    ['base64', `${' '.repeat(8_000_000)}!`, false],
    ['base64', `=${' '.repeat(8_000_000)}!`, false],
    ['base64', '='.repeat(8_000_000), false],
    ['base64', 'QUJD'.repeat(2_000_000), true],
    ['hex', 'ab'.repeat(4_000_000), true],
    ['hex', `${'ab'.repeat(4_000_000)}x`, false],
  ])('sees in no time whether much is %s', (encoding, content, isTaken) => {
    const begin = performance.now();
    const files = [...PROGRAM.files, { name: 'a', content, encoding }];
    expect(refusalOf({ files })).toBe(
      isTaken ? 'it is taken' : `files[1].content is not ${encoding}, which its encoding says`,
    );
    // Were it the square of the length, it would be hours.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it.each(['a', 'QQ=', 'QQ==\n', 'Q Q = =', ''])('takes %j for base64, as Node does', (content) => {
    const files = [...PROGRAM.files, { name: 'a', content, encoding: 'base64' }];
    expect(read({ files }).request.files?.[0]?.bytes).toEqual(Buffer.from(content, 'base64'));
  });

  it.each([
    ['run_timeout', 'Infinity', 'cannot exceed the configured limit of 10000'],
    ['run_timeout', '-Infinity', 'must be non-negative'],
    ['run_memory_limit', 'Infinity', `cannot exceed the configured limit of ${512 * MIB}`],
    ['run_memory_limit', '-2', 'must be non-negative'],
    ['run_cpu_time', '-1', 'must be non-negative'],
  ])('refuses a %s of %s, as numbers of JSON such as 1e309 are', (name, value, message) => {
    expect(refusalOf({ [name]: Number(value) })).toBe(`${name} ${message}`);
  });

  it('reads nothing of what is nested deeper than it looks', () => {
    const deep = JSON.parse(`${'['.repeat(19_000)}${']'.repeat(19_000)}`) as unknown;
    const odd = { toString: 1, valueOf: 1 };
    for (const value of [deep, odd]) {
      for (const name of [
        'language',
        'version',
        'files',
        'stdin',
        'args',
        'run_timeout',
        'compile_timeout',
      ]) {
        expect(refusalOf({ [name]: value })).not.toBe('it is taken');
      }
      const files = [{ name: value, content: 'x', encoding: value }];
      expect(read({ files, unknown: value }).request.script).toBe('x');
    }
  });

  it('says why arguments do not go with imports of the future', () => {
    const files = [{ content: 'from __future__ import (\n  annotations\n)\nprint(1)' }];
    expect(refusalOf({ files, args: ['1'] })).toContain('from __future__ import');
    expect(refusalOf({ files })).toBe('it is taken');
  });

  it('puts nothing in front of a program that a policy judges, which would judge that, too', () => {
    const judged = { isJudged: true };
    const refused = 'args and modules in files are not taken from a key with a policy of its own: ';
    const withFile = (name: string) => ({ files: [...PROGRAM.files, { name, content: 'x = 1' }] });
    expect(refusalOf({ args: ['1'] }, judged)).toContain(refused);
    expect(refusalOf(withFile('lib.py'), judged)).toContain(refused);
    expect(read({ args: [], ...withFile('a.csv') }, judged).request.script).toBe('print(1)');
  });

  it('refuses more files than there may be before it looks into one', () => {
    const files = [...PROGRAM.files, ...Array<object>(3).fill({ content: '!', encoding: 'base64' })];
    expect(refusalOf({ files }, { maxFiles: 2 })).toBe('There are 3 files, the limit is 2 (MAX_FILES)');
    expect(refusalOf({ files }, { maxFiles: 3 })).toMatch(/^files\[1\]\.content is not base64/);
  });

  it.each([null, [], 'x', 1])('takes %p for a body without members', (body) => {
    expect(() => atOnce(readPistonRequest(body, TERMS))).toThrow('language is required as a string');
  });
});

describe('A body that is read in place', () => {
  it('is read as one that was parsed', () => {
    const bytes = (text: string) => new BodyBytes(Buffer.from(text));
    const asked = read({
      files: [
        { content: bytes('print(1)') },
        { name: 'a', content: bytes('/w=='), encoding: 'base64' },
        { name: 'b', content: bytes('ff'), encoding: 'hex' },
      ],
      stdin: bytes('in'),
    });
    expect(asked.request).toMatchObject({ script: 'print(1)', stdin: Buffer.from('in\n') });
    expect(asked.request.files).toEqual([
      { name: 'a', bytes: Buffer.from([255]) },
      { name: 'b', bytes: Buffer.from([255]) },
    ]);
    const ended = bytes('in\n');
    expect(read({ stdin: ended }).request.stdin).toBe(ended.bytes);
  });

  it('is decoded in slices where much is encoded', () => {
    const encoded = () => new BodyBytes(Buffer.alloc(100_000, 'QUJD'));
    const files = [
      ...PROGRAM.files,
      { content: encoded(), encoding: 'base64' },
      { content: encoded(), encoding: 'base64' },
    ];
    const { slices, run } = sliced({ files });
    expect(slices).toBe(5);
    expect(run.request.files?.map(({ bytes }) => bytes.length)).toEqual([75_000, 75_000]);
  });

  it('is decoded in slices where many are encoded', () => {
    const one = { content: 'QUJD'.repeat(10_000), encoding: 'base64' };
    const { slices, run } = sliced({ files: [...PROGRAM.files, ...Array<object>(20).fill(one)] });
    expect(slices).toBe(11);
    expect(run.request.files).toHaveLength(20);
  });

  it('has to be Unicode', () => {
    expect(refusalOf({ stdin: '\ud800' })).toMatch(/^stdin is no valid Unicode/);
    expect(refusalOf({ files: [{ content: '\ud800' }] })).toMatch(/^files\[0\]\.content is no valid Unicode/);
  });
});

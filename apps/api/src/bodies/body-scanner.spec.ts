import 'reflect-metadata';
import { ExecuteRequestDto } from '../executions/execute-request.dto';
import { BodyBytes } from './body-bytes';
import { BodyScanner } from './body-scanner';
import type { ScannedBody } from './scanned-body';
import {
  below,
  finish,
  numbersFrom,
  oneOf,
  type Random,
  someText,
  writtenObject,
  writtenString,
  writtenValue,
} from './generated-json.contract';
import { readPlainBody } from './plain-body';

const LIMITS = { maxScriptSize: 10_000, maxInputsBytes: 1_000_000, maxBatch: 1_000 };
const SLICES = [1, 2, 3, 7, 64, 100_000];

function scan(body: string | Buffer, sliceBytes?: number, limits = LIMITS): ScannedBody {
  return finish(new BodyScanner(Buffer.from(body), limits, sliceBytes).scan(ExecuteRequestDto)).value;
}

/** Bytes as text, and the beginning of a refusal: whoever parses JSON has words of its own for what is none. */
function told(read: () => unknown): unknown {
  try {
    return JSON.parse(
      JSON.stringify(read(), (_name, value: unknown) =>
        value instanceof BodyBytes ? `bytes ${value.bytes.toString('base64')}` : value,
      ),
    );
  } catch (error) {
    return (error as Error).message.replace(/(not valid JSON):.*/s, '$1');
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether an object has a key twice at any level; by the reviver, which sees each member that is kept. */
function hasDuplicates(json: string): boolean {
  let members = 0;
  JSON.parse(json, function (this: unknown, _key, value: unknown) {
    members += Array.isArray(this) ? 0 : 1;
    return value;
  });
  // The text itself is not parsed again: a string that is a key stands before a colon.
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"\s*:/gs)].length !== members - 1;
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"a"',
  '"',
  '\\',
  '"\\u00e9"',
  '1',
  '-',
  '0',
  '.',
  'e',
  '+',
  'true',
  'n',
  ' ',
  '\n',
  '\v',
  'é',
];

describe('BodyScanner', () => {
  it.each(['inputs', 'stdin', 'files', 'limits', 'script', 'x'])(
    'agrees with JSON.parse on what is JSON, in the field %s',
    (field) => {
      const random = numbersFrom(field.length);
      let valid = 0;
      for (let round = 0; round < 4_000; round++) {
        const text = Array.from({ length: 1 + below(random, 8) }, () => oneOf(random, TOKENS)).join('');
        const body = `{"${field}":${text}}`;
        valid += parses(body) ? 1 : 0;
        const result = told(() => scan(body, oneOf(random, SLICES)));
        expect([body, result === 'Request body is not valid JSON']).toEqual([body, !parses(body)]);
      }
      expect(valid).toBeGreaterThan(50);
    },
  );

  it('passes inputs on byte by byte, refuses keys that are there twice, and does so wherever slices end', () => {
    const random = numbersFrom(11);
    let refused = 0;
    for (let round = 0; round < 2_000; round++) {
      const inputs = writtenObject(random, 4);
      const body = `{"script":"x","inputs":${inputs} }`;
      const duplicates = hasDuplicates(inputs);
      refused += duplicates ? 1 : 0;
      const result = told(() => scan(body, oneOf(random, SLICES)));
      if (duplicates) {
        expect(result).toMatch(/^Field inputs has the key ".*" twice in one object$/s);
      } else {
        expect(result).toMatchObject({
          value: { script: 'x', inputs: `bytes ${Buffer.from(inputs).toString('base64')}` },
        });
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('gives what a small body says as JSON.parse does', () => {
    const random = numbersFrom(12);
    let plain = 0;
    for (let round = 0; round < 6_000; round++) {
      const body = someBody(random) || '{}';
      const fast = told(() => readPlainBody(Buffer.from(body), ExecuteRequestDto) ?? 'left');
      if (fast !== 'left') {
        plain++;
        expect([body, told(() => scan(body, oneOf(random, SLICES)))]).toEqual([body, fast]);
      }
    }
    expect(plain).toBeGreaterThan(600);
    expect(plain).toBeLessThan(5_700);
  });

  it('gives the bytes of texts and files, wherever slices end', () => {
    const random = numbersFrom(13);
    for (let round = 0; round < 1_500; round++) {
      const stdin = someText(random, 20);
      const text = someText(random, 20);
      const base64 = Buffer.from(someText(random, 20)).toString('base64');
      const body =
        `{"files":[{"text":${writtenString(random, text)},"name":"a"} , ` +
        `{"name":"b","base64":${writtenString(random, base64)}}],"stdin":${writtenString(random, stdin)}}`;
      const bytes = (content: string): string => `bytes ${Buffer.from(content).toString('base64')}`;
      expect(told(() => scan(body, oneOf(random, SLICES)))).toEqual({
        tooLong: null,
        value: {
          files: [
            { text: bytes(text), name: 'a' },
            { name: 'b', base64: `bytes ${base64}` },
          ],
          stdin: bytes(stdin),
        },
      });
    }
  });

  it('tells how many characters a script has that is too long, and reads one that is long enough to be unescaped', () => {
    const limits = { ...LIMITS, maxScriptSize: 100_000 };
    const long = '😀\n'.repeat(40_000);
    expect(scan(JSON.stringify({ script: long }), 1_000, limits)).toEqual({
      value: { script: long },
      tooLong: null,
    });
    const longer = '😀\n'.repeat(100_000);
    expect(scan(JSON.stringify({ script: longer }), 1_000, limits)).toMatchObject({
      tooLong: { path: 'script', characters: 200_000 },
    });
    expect(told(() => scan(`{"script":"${'a'.repeat(70_000)}\\ud800"}`))).toBe(
      'Field script must be valid Unicode: it holds an unpaired surrogate',
    );
  });

  it('counts lists, objects and members besides inputs', () => {
    const many = (count: number): string => `[${Array(count).fill('1').join(',')}]`;
    expect(told(() => scan(`{"script":${many(900)}}`))).toMatchObject({ value: { script: [] } });
    for (const body of [
      `{"script":${many(1_000)}}`,
      '['.repeat(1_001),
      `{"x":${'{"a":'.repeat(1_001)}`,
      `{"files":[${'{},'.repeat(600)}{}]}`,
      `{${Array.from({ length: 1_002 }, (_, index) => `"${index}":1`).join(',')}}`,
    ]) {
      expect(told(() => scan(body))).toMatch(
        /has more than 1000 lists, objects and members besides its inputs$/,
      );
    }
    expect(told(() => scan(`{"inputs":{"a":${many(50_000)}}}`))).toHaveProperty('value.inputs');
    const file = { name: 'a', text: '' };
    expect(
      told(() => scan(JSON.stringify({ script: '', inputs: {}, files: Array(256).fill(file) }))),
    ).toHaveProperty('value.files.255');
  });
});

/** A body that may be right. */
function someBody(random: Random): string {
  const fields: readonly (() => string)[] = [
    () => `"script":${writtenString(random, someText(random, 6))}`,
    () => `"mode":${writtenString(random, oneOf(random, ['function', 'script', 'x']))}`,
    () => `"limits":{"timeoutMs":${oneOf(random, ['1', '1.5', '1e3', 'null', '{}', '"5"'])}}`,
    () => `"limits":{"timeoutMs":1,"${oneOf(random, ['memoryMb', 'timeoutMs', 'x'])}":64}`,
    () => `"limits":${writtenValue(random, 1)}`,
    () =>
      `"${oneOf(random, ['x', '__proto__', 'constructor', 'inputs', 'script'])}":${writtenValue(random, 2)}`,
  ];
  const members = Array.from({ length: below(random, 4) }, () => oneOf(random, fields)());
  const body = `{${members.join(', ')}}`;
  return random() < 0.1 ? body.slice(0, below(random, body.length)) : body;
}

describe('The slices of BodyScanner', () => {
  const SLICE = 10_000;
  const SIZE = 2_000_000;
  const fill = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length));

  it.each([
    ['a text', `{"stdin":"${fill('a')}"}`],
    ['escapes', `{"stdin":"${fill('\\u00e9')}"}`],
    ['base64', `{"files":[{"name":"a","base64":"${fill('AAAA')}"}]}`],
    ['a script', `{"script":"${fill('\\"')}"}`],
    ['white space', `{${fill(' ')}"script":"x"}`],
    ['a number', `{"mode":${fill('1')}}`],
    ['a name', `{"${fill('a')}":1}`],
    ['an unknown field', `{"x":"${fill('a')}"}`],
    ['keys of inputs', `{"inputs":{${Array.from({ length: 200_000 }, (_, key) => `"${key}":1`).join(',')}}}`],
    [
      'keys with escapes',
      `{"inputs":{${Array.from({ length: 99_000 }, (_, key) => `"\\n${key}":1`).join(',')}}}`,
    ],
    ['a key of inputs', `{"inputs":{"${fill('a')}":1}}`],
    ['a key of inputs with escapes', `{"inputs":{"${fill('\\n')}":1}}`],
    ['objects in inputs', `{"inputs":{"a":[${fill('{"a":{}},')}1]}}`],
    ['lists in inputs', `{"inputs":{"a":[${fill('[],')}1]}}`],
    ['a string in inputs', `{"inputs":{"a":"${fill('a')}"}}`],
    ['a number in inputs', `{"inputs":{"a":${fill('1')}}}`],
    ['white space in inputs', `{"inputs":{${fill(' ')}}}`],
  ])('are short, whatever there is much of: %s', (_what, body) => {
    const scanner = new BodyScanner(Buffer.from(body), { ...LIMITS, maxInputsBytes: 2 * SIZE }, SLICE);
    const { pauses } = finish(scanner.scan(ExecuteRequestDto));
    // One pass at least, of which each slice is that short.
    expect(pauses).toBeGreaterThanOrEqual(Math.floor(body.length / SLICE) - 1);
  });

  it('cost no more than a few times what JSON.parse does', () => {
    const bodies = [`{"stdin":"${fill('a\\n')}"}`, `{"inputs":{"a":[${fill('{"a":1},')}1]}}`];
    const time = (work: () => unknown): number => {
      const times = Array.from({ length: 5 }, () => {
        const { user, system } = process.cpuUsage();
        work();
        const { user: userAfter, system: systemAfter } = process.cpuUsage();
        return userAfter + systemAfter - user - system;
      });
      return Math.min(...times);
    };
    for (const body of bodies) {
      const limits = { ...LIMITS, maxInputsBytes: 2 * SIZE };
      const scanned = time(() => scan(body, undefined, limits));
      expect(scanned).toBeLessThan(25 * time(() => JSON.parse(body) as unknown) + 20_000);
    }
  });
});

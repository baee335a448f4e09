import { readableResult, wellFormedJson } from './readable-result';

const readable = (json: string): string => readableResult(Buffer.from(json)).toString();
const nested = (depth: number): string => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

describe('readableResult', () => {
  it.each([
    '"x"',
    '{"n":12345678901234567890,"x":1.0,"é":["[[{",-0.5e-7,true,null]}',
    '"\\ud83d\\ude00"',
    '"\\uD83D\\uDE00\\uE000\\u00e9"',
    '"\\\\ud83d"',
    '"\\\\\\\\ud83d \\" \\\\"',
    '"ud83d"',
    '"\\ud7ff\\ue000"',
    `[${'[],'.repeat(200)}${'{"a":1},'.repeat(200)}0]`,
    nested(100),
    '9'.repeat(4_300),
    `"${'9'.repeat(5_000)}"`,
    `"${'['.repeat(500)}"`,
  ])('leaves %.60s as it is', (json) => {
    expect(readable(json)).toBe(json);
  });

  it('does not copy what it leaves as it is', () => {
    const json = Buffer.from('{"a":"\\ud83d\\ude00"}');
    expect(readableResult(json)).toBe(json);
  });

  it.each([
    ['"\\ud83d"', '"\\ufffd"'],
    ['["\\udcff.csv","b"]', '["\\ufffd.csv","b"]'],
    ['{"\\uD83D":"\\uDCFF"}', '{"\\ufffd":"\\ufffd"}'],
    ['"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
    ['"\\ude00\\ud83d"', '"\\ufffd\\ufffd"'],
    ['"\\ud83dude00"', '"\\ufffdude00"'],
    ['"\\ud83d\\\\ude00"', '"\\ufffd\\\\ude00"'],
    ['"\\\\\\ud83d\\""', '"\\\\\\ufffd\\""'],
  ])('writes %s as %s', (json, expected) => {
    const given = Buffer.from(json);
    expect(readableResult(given).toString()).toBe(expected);
    expect(given.toString()).toBe(json);
  });

  it.each([nested(102), '['.repeat(101) + ']'.repeat(101), '9'.repeat(4_301), `[-0.${'1'.repeat(5_000)}]`])(
    'has what parsers do not take in a string: %.40s',
    (json) => {
      expect(JSON.parse(readable(json))).toBe(json);
    },
  );
});

describe('wellFormedJson', () => {
  it('leaves nothing that is half a character, however deep', () => {
    const value = { 'a\ud83d': ['\udcff', '😀', '\\ud83d'], deep: JSON.parse(nested(150)) as unknown };
    expect(JSON.parse(wellFormedJson(JSON.stringify(value)))).toEqual({
      'a\ufffd': ['\ufffd', '😀', '\\ud83d'],
      deep: value.deep,
    });
  });
});

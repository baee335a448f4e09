import { parseJson } from './read-json';

describe('parseJson', () => {
  it.each([
    '123456789012345678901',
    '-9007199254740993',
    '{"n": 12345678901234567890, "m": [1, 2.5, -0, 1e3, 12345678901234567890123]}',
    '[{"a":{}},[],{"b":[[1180591620717411303424]]},"x",null,true,false]',
  ])('keeps every digit of integers in %s', (text) => {
    const withDigits = (value: unknown): string =>
      JSON.stringify(value, (_key, member: unknown) =>
        typeof member === 'bigint' ? `big ${member}` : member,
      );
    const read = parseJson(text, 'bigint');
    const expected = text.replace(/-?\d{16,}/g, (digits) => `"big ${digits}"`);
    expect(withDigits(read)).toBe(JSON.stringify(JSON.parse(expected)));
  });

  it('makes a bigint only of what a number cannot hold', () => {
    expect(parseJson('[9007199254740991, 9007199254740992, 0.12345678901234567, 1.0]', 'bigint')).toEqual([
      9007199254740991,
      9007199254740992n,
      Number('0.12345678901234567'),
      1,
    ]);
  });

  it('rounds them where numbers are asked for', () => {
    expect(parseJson('[9007199254740993]', 'number')).toEqual([9007199254740992]);
  });

  it('leaves digits in strings and names alone, however they are quoted', () => {
    const text = '{"12345678901234567890":"\\"98765432109876543210\\\\","s":"1","n":12345678901234567890}';
    expect(parseJson(text, 'bigint')).toEqual({
      '12345678901234567890': '"98765432109876543210\\',
      s: '1',
      n: 12345678901234567890n,
    });
  });

  it('takes __proto__ for a name like any other', () => {
    const read = parseJson('{"__proto__":{"big":12345678901234567890}}', 'bigint') as object;
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect((read as { big?: unknown }).big).toBeUndefined();
  });

  it('reads what is nested deeper than calls can be', () => {
    const depth = 20_000;
    const text = `${'['.repeat(depth)}12345678901234567890${']'.repeat(depth)}`;
    let value: unknown = parseJson(text, 'bigint');
    while (Array.isArray(value)) {
      value = value[0];
    }
    expect(value).toBe(12345678901234567890n);
  });

  it.each(['', '12345678901234567890,', '{"a":12345678901234567890', '[012345678901234567890]', 'NaN'])(
    'refuses %j, which is no JSON',
    (text) => {
      expect(() => parseJson(text, 'bigint')).toThrow(SyntaxError);
    },
  );
});

import { ExactNumber, parseExactly, stringifyExactly, withoutExactNumbers } from './exact-numbers';

describe('JSON whose digits count', () => {
  it.each([
    '{"a":12345678901234567890,"b":[-9007199254740993,1.0,-0.0,1e-05,1E400],"c":"12345678901234567890 \\" 1.0"}',
    '{"a":1,"b":[1.5,null,true,"x"],"c":{}}',
    '100000000000000000000000000000000000000000',
    '"number: \\\\"',
    '{"1.0":1.0,"12345678901234567890":[[[[-12345678901234567890]]]]}',
    `{"__proto__":1.0,"\\u0000":${'9'.repeat(4_000)}}`,
  ])('comes out as it went in: %.60s', (json) => {
    const value = parseExactly(json);
    expect(stringifyExactly(value)).toBe(json);
    expect(stringifyExactly({ in: [value] })).toBe(`{"in":[${json}]}`);
  });

  it('is what JSON.parse makes of it, but for those numbers', () => {
    expect(parseExactly('[1,1.5,"1.0",9007199254740992]')).toEqual([1, 1.5, '1.0', 9007199254740992]);
    const parsed = parseExactly('{"n":[9007199254740993]}') as { readonly n: readonly unknown[] };
    expect(parsed.n[0]).toBeInstanceOf(ExactNumber);
    // Who does not know of it rounds, as before.
    expect(JSON.stringify(parsed)).toBe('{"n":[9007199254740992]}');
    expect(withoutExactNumbers(parsed, (text) => `<${text}>`)).toEqual({ n: ['<9007199254740993>'] });
  });

  it('is refused where it is no JSON', () => {
    expect(() => parseExactly(`"${'\\'.repeat(100_001)}`)).toThrow(SyntaxError);
    expect(() => parseExactly('[1.0')).toThrow(SyntaxError);
  });

  it('takes a megabyte without much ado', () => {
    const began = process.cpuUsage();
    const json = JSON.stringify({
      text: '\\"1.0'.repeat(100_000),
      list: Array.from({ length: 50_000 }, () => 1.5),
    });
    expect(stringifyExactly(parseExactly(json))).toBe(json);
    const { user } = process.cpuUsage(began);
    // Some tens of milliseconds; a search that goes back again and again would not end.
    expect(user / 1_000).toBeLessThan(2_000);
  });
});

import { parseJson, JsonParser, JsonSyntaxError } from './json-parser';
import { pathTo, pythonPath } from './json-path';

describe('parseJson', () => {
  it('keeps the digits of every number', () => {
    const json = parseJson('[123456789012345678901234567890, 1.0, -0.0, 1e400, 1E+2]');
    expect(json.children(0).map((node) => json.raw(node))).toEqual([
      '123456789012345678901234567890',
      '1.0',
      '-0.0',
      '1e400',
      '1E+2',
    ]);
  });

  it('keeps the order of keys, also of those that look like numbers, and double ones', () => {
    const json = parseJson('{"b": 1, "2": 2, "1": 3, "b": 4}');
    expect(json.children(0).map((node) => [json.key(node), json.raw(node)])).toEqual([
      ['b', '1'],
      ['2', '2'],
      ['1', '3'],
      ['b', '4'],
    ]);
  });

  it('reads escapes in texts and keys', () => {
    const json = parseJson(String.raw`{"a\"\\": "x\n\u00e9\ud83d\ude00"}`);
    expect(json.key(1)).toBe('a"\\');
    expect(json.plain(1)).toBe('x\né😀');
  });

  it('tells what each value is, how many it holds and what follows it', () => {
    const json = parseJson('{"a": [1, {"b": null}], "c": true, "d": {}, "e": "s"}');
    const kinds = Array.from({ length: json.count }, (_, node) => json.kind(node));
    expect(kinds).toEqual(['object', 'array', 'number', 'object', 'null', 'boolean', 'object', 'string']);
    expect([json.size(0), json.size(1), json.size(6)]).toEqual([4, 2, 0]);
    expect(json.next(1)).toBe(5);
    expect(json.depth(4)).toBe(3);
    expect(json.raw(1)).toBe('[1, {"b": null}]');
    expect(json.nodeAt(json.start(4) + 2)).toBe(4);
  });

  it.each(['null', ' 1 ', '"text"', '[]', '{}', '[[]]'])('reads %s', (text) => {
    expect(parseJson(text).raw(0)).toBe(text.trim());
  });

  it.each([
    '',
    ' ',
    '[',
    '[1',
    '[1,]',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '[1}',
    '1 2',
    '01',
    '1.',
    '.5',
    '1e',
    '-',
    '+1',
    'nul',
    'NaN',
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"a\nb"',
    ']',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(JsonSyntaxError);
  });

  it('reads nesting deeper than any result has, and refuses what is deeper still', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(1_000)).count).toBe(1_000);
    expect(() => parseJson(nested(1_001))).toThrow(JsonSyntaxError);
  });

  it('says the same when it reads in small steps', () => {
    const text = '{"a": [1, "x", {"b": [null, true]}], "c": -1.5e3}';
    const parser = new JsonParser(text);
    while (!parser.advance(1)) continue;
    expect(parser.document().count).toBe(parseJson(text).count);
    expect(parser.document().raw(3)).toBe('"x"');
  });
});

describe('pythonPath', () => {
  it('leads to a value in Python', () => {
    const json = parseJson('{"rows": [{"a \\"b\\"": 1}]}');
    expect(pythonPath(pathTo(json, 3))).toBe('result["rows"][0]["a \\"b\\""]');
    expect(pythonPath(pathTo(json, 0))).toBe('result');
  });
});

import { parseJson } from '../json/json-parser';
import { JsonSearch } from '../json/json-search';
import { IndentedJson, JsonAsSent } from './json-text';
import { spansOf } from '../text/styled-text';

function indented(text: string): string | undefined {
  const writer = new IndentedJson(parseJson(text));
  while (!writer.advance(1)) continue;
  return writer.text()?.text;
}

describe('IndentedJson', () => {
  it('gives each value a line, and keeps every number and key as it was written', () => {
    expect(indented('{"b":1.0,"a":{"x":12345678901234567890,"x":1e400},"e":[],"f":{},"g":"\\u00e9"}')).toBe(
      [
        '{',
        '  "b": 1.0,',
        '  "a": {',
        '    "x": 12345678901234567890,',
        '    "x": 1e400',
        '  },',
        '  "e": [],',
        '  "f": {},',
        '  "g": "\\u00e9"',
        '}',
      ].join('\n'),
    );
  });

  it('leaves short lists of plain values in one line', () => {
    expect(indented('{"a":[1,2,3],"b":[[1,2],[{"c":[]}]]}')).toBe(
      [
        '{',
        '  "a": [1, 2, 3],',
        '  "b": [',
        '    [1, 2],',
        '    [',
        '      {',
        '        "c": []',
        '      }',
        '    ]',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  it('writes plain results too', () => {
    expect(['null', '1', '"x"', '[]', '[1]'].map(indented)).toEqual(['null', '1', '"x"', '[]', '[1]']);
  });

  it('says the same as the result, value by value', () => {
    const text = JSON.stringify({ a: [{ b: [1, [2, [3]]] }, null], c: 'x'.repeat(100), d: [[], {}, [[]]] });
    expect(JSON.parse(indented(text) ?? '')).toEqual(JSON.parse(text));
  });

  it('gives up what would become too long by its indentation', () => {
    const depth = 150;
    const values = Array.from({ length: 100_000 }, () => '""').join(',');
    expect(indented('['.repeat(depth) + values + ']'.repeat(depth))).toBeUndefined();
  });
});

describe('JsonAsSent', () => {
  it('leaves the text as it is and knows its pieces', () => {
    const text = '{"a": [1.0, null],"b":"x"}';
    const reader = new JsonAsSent(parseJson(text));
    while (!reader.advance(1)) continue;
    const styled = reader.text();
    expect(styled.text).toBe(text);
    expect(
      spansOf(styled, 0, text.length).map(({ text: piece, style }) => `${piece} ${style.className}`),
    ).toEqual([
      '{ json-punctuation',
      '"a" json-key',
      ': [ json-punctuation',
      '1.0 json-number',
      ',  json-punctuation',
      'null json-word',
      '], json-punctuation',
      '"b" json-key',
      ': json-punctuation',
      '"x" json-string',
      '} json-punctuation',
    ]);
  });
});

describe('JsonSearch', () => {
  it('finds keys and plain values, whatever the case, also behind escapes', () => {
    const json = parseJson(
      '{"Name": "x", "b": ["my NAME", {"c": "\\u006eame"}], "d": 12, "n": {"name": {}}}',
    );
    const search = (query: string): string[] => {
      const run = new JsonSearch(json, query);
      while (!run.advance(2)) continue;
      return run.results().map((node) => json.raw(node));
    };
    expect(search('name')).toEqual(['"x"', '"my NAME"', '"\\u006eame"', '{}']);
    expect(search('12')).toEqual(['12']);
    expect(search('nothing')).toEqual([]);
  });
});

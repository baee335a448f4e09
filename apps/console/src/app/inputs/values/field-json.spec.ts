import type { InputKind } from '../../script/run-setup';
import { jsonOfText, textOfJson } from './field-json';

const ACCEPTED: readonly (readonly [InputKind, string, string])[] = [
  ['integer', '1180591620717411303424', '1180591620717411303424'],
  ['integer', ' +007 ', '7'],
  ['integer', '-0', '-0'],
  ['number', '1.0', '1.0'],
  ['number', '2', '2'],
  ['number', '.5', '0.5'],
  ['number', '-.5', '-0.5'],
  ['number', '1.', '1.0'],
  ['number', '1.e5', '1.0e5'],
  ['number', '00.10', '0.10'],
  ['number', '1e400', '1e400'],
  ['text', ' "a"\n', '" \\"a\\"\\n"'],
  ['date', '2024-02-29', '"2024-02-29"'],
  ['date-time', '2024-02-29T12:00', '"2024-02-29T12:00"'],
  ['boolean', 'true', 'true'],
  ['choice', '1.0', '1.0'],
  ['list', ' [1.0, 2] ', '[1.0, 2]'],
  ['object', '{"a": 1.0}', '{"a": 1.0}'],
  ['table', 'a,b\n1.0,x\n', '[{"a":1.0,"b":"x"}]'],
  ['table', '[{"a": 1.0}]', '[{"a": 1.0}]'],
  ['any', 'Oslo', '"Oslo"'],
  ['any', ' 1.0 ', '1.0'],
  ['any', '"7"', '"7"'],
  ['any', '1.2.3', '"1.2.3"'],
  ['any', 'None', '"None"'],
  ['any', 'null', 'null'],
  ['any', '[1]', '[1]'],
];
const REFUSED: readonly (readonly [InputKind, string, RegExp])[] = [
  ['integer', '1.0', /^must be a whole number$/],
  ['integer', '1_000', /^must be a whole number$/],
  ['integer', '٣', /^must be a whole number$/],
  ['number', '1,5', /^must be a number/],
  ['number', 'NaN', /^must be a number/],
  ['number', '1.2.3', /^must be a number/],
  ['list', '{"a": 1}', /^must be a JSON list/],
  ['list', '[1,', /^must be a JSON list.*JSON/],
  ['object', '[1]', /^must be a JSON object/],
  ['table', 'a\n"x', /^is no CSV\. The quote that opens on line 2 is not closed/],
  ['table', '[1', /^is neither CSV nor JSON/],
  ['any', '[1', /^is not JSON/],
  ['any', '"x', /^is not JSON/],
];

describe('what was typed', () => {
  it.each(ACCEPTED)('in a field for %s, %p, is sent as %s', (kind, text, json) => {
    expect(jsonOfText(kind, text)).toEqual({ json });
    JSON.parse(json);
  });

  it.each(REFUSED)('in a field for %s, %p, is refused with a reason', (kind, text, problem) => {
    expect(jsonOfText(kind, text)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  it.each(ACCEPTED)('in a field for %s comes back from its JSON: %p', (kind, _, json) => {
    const text = textOfJson(kind, json);
    expect(jsonOfText(kind, text)).toEqual({ json });
  });

  it.each<InputKind>(['integer', 'text', 'date', 'boolean', 'list', 'table'])(
    'in a field for %s is nothing where the JSON is null',
    (kind) => {
      expect(textOfJson(kind, 'null')).toBe('');
    },
  );
});

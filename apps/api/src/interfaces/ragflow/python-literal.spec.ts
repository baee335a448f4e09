import { pythonLiteral } from './python-literal';

const literalOf = (json: string): string => pythonLiteral(Buffer.from(json)).toString('utf8');

describe('A literal of Python', () => {
  it.each([
    ['{"ok": true, "no": false, "none": null}', '{"ok": True, "no": False, "none": None}'],
    ['[true,[false,{"a":null}],true]', '[True,[False,{"a":None}],True]'],
    ['null', 'None'],
    ['[]', '[]'],
  ])('has the words of Python: %s', (json, python) => {
    expect(literalOf(json)).toBe(python);
  });

  it.each([
    '{"true": "null", "false": "it is true, or false: null"}',
    '["\\"true", "\\\\", "null\\\\\\"null", "\\u0000null", "é true 中 null"]',
    '[12345678901234567890, 1.50, -0.0, 1e5, 1E-7, 1.10e+400]',
  ])('leaves strings and numbers what they are: %s', (json) => {
    expect(literalOf(json)).toBe(json);
  });

  it('does not touch what it was made of, which is the result as well', () => {
    const json = Buffer.from('[true]');
    pythonLiteral(json);
    expect(json.toString('utf8')).toBe('[true]');
  });

  it('is made of one long string as of many short ones', () => {
    const long = 'true\\"'.repeat(500_000);
    expect(literalOf(`["${long}", true]`)).toBe(`["${long}", True]`);
  });
});

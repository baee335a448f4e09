import { findResultFlaw } from './result-check';

const DEPTH = 200;
const flawOf = (text: string | Buffer): string | null => findResultFlaw(Buffer.from(text as string), DEPTH);

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

describe('findResultFlaw', () => {
  it.each([
    'null',
    'true',
    '0',
    '-1.5e300',
    '""',
    '[]',
    '{}',
    ' {"a":\t[1, 2]} ',
    '1606938044258990275541962092341162602522202993782792835301376',
    '"\\ud800"',
    '"é 😀 \u2028"',
    '{"a": 1, "a": 2}',
    '{"__proto__": null}',
  ])('accepts %s', (text) => {
    expect(flawOf(text)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['only white space', ' \n'],
    ['trailing text', '1,"execution":{"isolation":"nsjail"}'],
    ['a trailing comma', '1,'],
    ['a closing brace that ends our answer', '1}'],
    ['two values', '{} {}'],
    ['two values on two lines', '1\n2'],
    ['a byte order mark', '\ufeff1'],
    ['NaN', 'NaN'],
    ['Infinity', '[-Infinity]'],
    ['a comment', '1 // one'],
    ['single quotes', "'a'"],
    ['a raw line feed in a string', '"a\nb"'],
    ['a NUL', '1\0'],
    ['a leading zero', '01'],
    ['a hex number', '0x1'],
    ['a no-break space', '1\u00a0'],
    ['an unclosed list', '[1'],
    ['an unopened list', '1]'],
    ['brackets that cross', '[{]}'],
    ['an unclosed string', '"abc'],
    ['a string that ends in a backslash', '"abc\\'],
    ['an unknown escape', '"\\x41"'],
    ['a key that is not a string', '{1: 2}'],
  ])('refuses %s', (_, text) => {
    expect(flawOf(text)).toBe('result is not one JSON value');
  });

  it.each(['{}\n', '\r1', '[1,\n2]', '{"a"\r:1}', '{"a\\n": "b\\r"}\r\n'])(
    'refuses a line end outside of strings: %j',
    (text) => {
      expect(flawOf(text)).toBe('result is not in one line');
    },
  );

  it('does not repeat what the script wrote', () => {
    expect(flawOf('<script>alert(1)</script>')).not.toContain('alert');
  });

  it.each([
    ['a byte that starts nothing', [0x22, 0xff, 0x22]],
    ['half a character', [0x22, 0xc3, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
  ])('refuses %s', (_, bytes) => {
    expect(flawOf(Buffer.from(bytes))).toBe('result is not UTF-8');
  });

  it('accepts nesting of exactly the limit', () => {
    expect(flawOf(nested(DEPTH))).toBeNull();
    expect(flawOf(`${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`)).toBeNull();
  });

  it('refuses nesting of one level more, closed or not', () => {
    const flaw = `result nests deeper than ${DEPTH}`;
    expect(flawOf(nested(DEPTH + 1))).toBe(flaw);
    expect(flawOf('['.repeat(1_000_000))).toBe(flaw);
    expect(flawOf('{"a":'.repeat(DEPTH + 1))).toBe(flaw);
  });

  it('does not count brackets in strings', () => {
    expect(flawOf(JSON.stringify('['.repeat(10_000)))).toBeNull();
    expect(flawOf(JSON.stringify({ [']{"\\'.repeat(1000)]: ['"[', '\\"[[', '\\\\'] }))).toBeNull();
    expect(flawOf(`["\\\\", ${nested(DEPTH - 1)}]`)).toBeNull();
  });

  it('counts brackets after a string that ends in an escaped backslash', () => {
    expect(flawOf(`["\\\\", ${nested(DEPTH)}]`)).toBe(`result nests deeper than ${DEPTH}`);
  });

  it('counts no further than it was opened: closing brackets buy no depth', () => {
    expect(flawOf(`${']'.repeat(DEPTH)}${nested(DEPTH + 1)}`)).not.toBeNull();
  });

  it('looks at each byte a bounded number of times', () => {
    // Quadratic work would take minutes here; the test framework's own limit is the judge.
    expect(flawOf(`[${'"\\"[",'.repeat(1_000_000)}1]`)).toBeNull();
    expect(flawOf('"'.repeat(4_000_001))).not.toBeNull();
    expect(flawOf(`"${'\\'.repeat(4_000_001)}`)).not.toBeNull();
    expect(flawOf('[]'.repeat(2_000_000))).not.toBeNull();
  });
});

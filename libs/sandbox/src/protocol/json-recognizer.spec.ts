import { JsonRecognizer } from './json-recognizer';
import { numbersFrom } from './numbers-from.contract';

const recognize = (text: string): string => new JsonRecognizer(Buffer.from(text), 100).recognize();

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"a"',
  '"\\u00e9"',
  '\\',
  '1',
  '-',
  '0',
  '.',
  'e',
  '+',
  'true',
  'null',
  'n',
  ' ',
  '\n',
  '\t',
  '\v',
  '\u00a0',
  'é',
];

describe('JsonRecognizer', () => {
  it('agrees with JSON.parse on texts put together at random', () => {
    const random = numbersFrom(1);
    let valid = 0;
    for (let round = 0; round < 100_000; round++) {
      const length = 1 + Math.floor(random() * 8);
      const text = Array.from({ length }, () => TOKENS[Math.floor(random() * TOKENS.length)]).join('');
      const expected = parses(text);
      valid += expected ? 1 : 0;
      expect([text, recognize(text) === 'one-value']).toEqual([text, expected]);
    }
    expect(valid).toBeGreaterThan(1_000);
  });

  it('agrees with JSON.parse on real values with one character changed', () => {
    const random = numbersFrom(2);
    const original = JSON.stringify({ a: [1, -2.5e-3, true, null, { 'b\n"': ['', 'é😀'] }], c: {} });
    for (let round = 0; round < 20_000; round++) {
      const at = Math.floor(random() * original.length);
      const token = TOKENS[Math.floor(random() * TOKENS.length)] ?? '';
      const text = original.slice(0, at) + token + original.slice(at + Math.floor(random() * 2));
      // Half of a surrogate pair has no UTF-8 form; that is for the caller's check of the bytes.
      if (text.isWellFormed()) {
        expect([text, recognize(text) === 'one-value']).toEqual([text, parses(text)]);
      }
    }
  });

  it('tells what nests too deep from what is no JSON', () => {
    expect(recognize('['.repeat(100) + ']'.repeat(100))).toBe('one-value');
    expect(recognize('['.repeat(101) + ']'.repeat(101))).toBe('too-deep');
    expect(recognize('['.repeat(1_000_000))).toBe('too-deep');
    expect(recognize('{"a":'.repeat(101))).toBe('too-deep');
    expect(recognize('['.repeat(99))).toBe('not-one-value');
  });
});

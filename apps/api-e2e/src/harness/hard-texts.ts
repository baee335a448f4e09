import { seededRandom } from '../../../../tools/prove/seed.cjs';

/** What Python texts are made of, and what is none: by repetition of a few of these parsers become slow. */
const TOKENS = [
  ...Array.from('()[]{}:;,.@=*-+~^&|<>!?$`%/\\#\'"_0x '),
  ...[
    '\n',
    '\n ',
    '\n  ',
    '\n\t',
    '\f',
    '\r',
    '\\\n',
    '"""',
    "'''",
    '**',
    '//',
    '->',
    ':=',
    '==',
    '...',
    '<>',
    '!=',
  ],
  ...[
    'f"',
    "f'",
    'f"""',
    'rb"',
    '{x!r:',
    '}}',
    '{{',
    '%s',
    '0b',
    '1e',
    '1_',
    '0777',
    '1j',
    'é',
    '𝐨',
    '😀',
    '\u2028',
    '\ufdfa',
  ],
  ...['\0', '\x1b', '\u0085', '\ufeff', '\ud800', '\udc00'],
  ...[
    'def ',
    'class ',
    'lambda ',
    'lambda:',
    'not ',
    'not',
    'and ',
    'or ',
    'in ',
    'is ',
    'if ',
    'else ',
    'elif ',
    'else:',
  ],
  ...[
    'for ',
    'while ',
    'try:',
    'except ',
    'except:',
    'except*',
    'finally:',
    'with ',
    'as ',
    'async ',
    'await ',
    'yield ',
  ],
  ...[
    'return ',
    'raise ',
    'import ',
    'from ',
    'global ',
    'nonlocal ',
    'del ',
    'assert ',
    'pass',
    'match ',
    'case ',
    'case _:',
  ],
  ...[
    'type ',
    'print ',
    'exec ',
    'print >>',
    'x',
    'open',
    'a if b else ',
    'a=',
    'a:=',
    '(a,',
    '*a,',
    '**a,',
    '@a\n',
    'x[1:',
    'x(y=',
  ],
  ...[
    'def f(',
    'class A(',
    'if x:\n ',
    'match x:\n case [',
    '[x for x in ',
    '{**a,',
    'except E as open:',
    'global open\n',
    'x: int = ',
  ],
] as const;

/** Texts that were found to be hard; each is repeated. */
export const KNOWN_FRAGMENTS = [
  'not:',
  '\n  not :',
  'not ::',
  '\\\n',
  'lambda:',
  '(',
  '([{',
  'f"{',
  "f'{x:",
  "'''",
  "\\'''",
  '"\\"',
  ':=',
  'def class if ',
  'a if b else ',
  'match x:\n case [',
  'x = 1\r',
  'import a\n',
  'import os\n',
  '\x01',
  '😀',
  '\ufdfa',
  'open(',
  'try: pass\nexcept E as open: open\n',
] as const;

/** One text: `fragment` up to `length` UTF-16 units. */
export function repeated(fragment: string, length: number): string {
  return fragment.repeat(Math.ceil(length / fragment.length)).slice(0, length);
}

/** `count` texts of `length`, the same for the same seed: 1 to 8 tokens repeated, nested, or followed by others. */
export function hardTexts(count: number, length: number, seed: number): string[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const fragment = (): string =>
    Array.from({ length: 1 + below(8) }, () => TOKENS[below(TOKENS.length)] ?? '').join('');
  return Array.from({ length: count }, () => {
    const first = fragment();
    switch (below(4)) {
      case 0:
        return repeated(first, length);
      case 1:
        return repeated(first, length / 2) + repeated(fragment(), length / 2);
      case 2:
        return `x = ${repeated(first, length - 5)}\n`.slice(0, length);
      default: {
        const open = repeated('([{'[below(3)] ?? '(', below(200));
        return (open + repeated(first + fragment(), length)).slice(0, length);
      }
    }
  });
}

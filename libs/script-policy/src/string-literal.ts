import type { SyntaxNode } from './syntax-node';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;

/**
 * The value of a string literal or of several side by side.
 *
 * @returns null where the value is not plain to see: other expressions, bytes, interpolations, `\N{...}`
 */
export function readStringLiteral(node: SyntaxNode, text: string): string | null {
  const parts = node.type === 'concatenated_string' ? node.children : [node];
  let value = '';
  for (const part of parts) {
    const read = part.type === 'string' ? readPart(part, text) : null;
    if (read === null) return null;
    value += read;
  }
  return value;
}

function readPart(node: SyntaxNode, text: string): string | null {
  const opening = node.children.find((child) => child.type === 'string_start');
  const closing = node.children.find((child) => child.type === 'string_end');
  if (!opening || !closing || node.children.some((child) => child.type === 'interpolation')) return null;
  const prefix = text.slice(opening.start, opening.end).toLowerCase();
  const content = text.slice(opening.end, closing.start);
  if (prefix.includes('b')) return null;
  if (prefix.includes('r') || !content.includes('\\')) return content;
  return content.includes('\\N') ? null : content.replace(ESCAPE, unescape);
}

function unescape(whole: string, x?: string, u?: string, long?: string, octal?: string, simple = ''): string {
  const hex = x ?? u ?? long;
  if (hex === undefined && octal === undefined) return SIMPLE_ESCAPES[simple] ?? whole;
  const codePoint = hex === undefined ? parseInt(octal ?? '', 8) : parseInt(hex, 16);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
}

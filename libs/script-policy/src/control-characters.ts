import type { Finding } from './policy-violation';

/**
 * C0, DEL and C1, without white space: tab, line feed, vertical tab, form feed, carriage return, the separators from
 * U+001C on, next line. Text has those now and then, Python takes them in strings, and no terminal obeys them.
 */
// eslint-disable-next-line no-control-regex -- these characters are what is looked for
const CONTROL_CHARACTER = /[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]/g;

/**
 * Every control character of a script, also inside strings and comments: NUL ends the text for a C program that
 * reads it, and others make a terminal or a log show something else than what runs.
 */
export function findControlCharacters(script: string): Finding[] {
  return Array.from(script.matchAll(CONTROL_CHARACTER), ({ 0: character, index }) => ({
    rule: 'control-character',
    message: `Control character ${codePointName(character)} is not allowed in a script`,
    start: index,
    end: index + 1,
  }));
}

function codePointName(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * What Python has of a program that is started from a file with arguments: the arguments in `sys.argv`, and the folder of the
 * file on the import path. The engine gives its scripts neither, so that statements in front of the script make them.
 */

const BLANK_LINE = /[ \t\f]*(?:#[^\n]*)?\r?\n/y;
const LINE_END = /[ \t\f]*(?:#[^\n]*)?(?:\r?\n|$)/y;
/** Those that can be the text of a program on itself. */
const QUOTE = /[rRuU]?("""|'''|"|')/y;
/** Must be among the first statements of a program, so that none may stand in front. */
const FUTURE = /from[ \t]+__future__\b/y;
/** Those that stand in one line, behind which others may follow. */
const FUTURE_LINE = /from[ \t]+__future__[ \t]+import[ \t]*(?:\([^()\n]*\)|\b\w[\w \t,]*)/y;
/** How Python names a place in the script. */
const PLACE = /(File "script\.py", line )(\d{1,9})/g;

/** A script with a prelude. */
export interface Preluded {
  readonly script: string;
  /** Lines that its author does not know, in front of it. */
  readonly addedLines: 0 | 1;
}

/** Returns the script with a prelude; null where there is no place for one. @param needsFolder whether files beside it can be imported */
export function withPrelude(script: string, args: readonly string[], needsFolder: boolean): Preluded | null {
  const folder = needsFolder ? '_pycell_sys.path.insert(0, ""); ' : '';
  // The strings of JSON are strings of Python; a half of a pair, which UTF-8 cannot hold, is escaped in it.
  const prelude = `import sys as _pycell_sys; ${folder}_pycell_sys.argv[1:] = ${JSON.stringify(args)}; del _pycell_sys`;
  const place = placeIn(script);
  if (place === null) {
    return null;
  }
  return place > 0
    ? { script: `${script.slice(0, place)}; ${prelude}${script.slice(place)}`, addedLines: 0 }
    : { script: `${prelude}\n${script}`, addedLines: 1 };
}

/** Returns where a prelude can stand: behind the text of a program on itself, which `__doc__` is, and imports of the future; 0: in front. */
function placeIn(script: string): number | null {
  const text = endOfText(script, pastBlankLines(script, 0));
  let place = text ?? 0;
  for (;;) {
    const at = pastBlankLines(script, place && (endOf(LINE_END, script, place) ?? place));
    if (endOf(FUTURE, script, at) === null) {
      return place;
    }
    const end = endOf(FUTURE_LINE, script, at);
    if (end === null || endOf(LINE_END, script, end) === null) {
      return null;
    }
    place = end;
  }
}

/** Returns the end of a string that is a statement of its own; null where none begins here. */
function endOfText(script: string, at: number): number | null {
  QUOTE.lastIndex = at;
  const [opening = '', quote = ''] = QUOTE.exec(script) ?? [];
  const isOneLine = quote.length === 1;
  for (let index = at + opening.length; quote !== '' && index < script.length; index++) {
    if (script[index] === '\\') {
      index++;
    } else if (script.startsWith(quote, index)) {
      const end = index + quote.length;
      return endOf(LINE_END, script, end) === null ? null : end;
    } else if (isOneLine && script[index] === '\n') {
      return null;
    }
  }
  return null;
}

/** One after the other: a pattern that repeats lines has no end of memory for them. */
function pastBlankLines(script: string, start: number): number {
  let at = start;
  for (let end: number | null = at; end !== null; end = endOf(BLANK_LINE, script, at)) {
    at = end;
  }
  return at;
}

function endOf(pattern: RegExp, script: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(script) ? pattern.lastIndex : null;
}

/** Returns what Python wrote of such a script with the lines that its author knows. */
export function withoutPrelude(text: string): string {
  return text.replace(
    PLACE,
    (_place, before: string, line: string) => `${before}${Math.max(1, Number(line) - 1)}`,
  );
}

import type { ForeignOutcome } from './foreign-outcome';

/** Not read by the runner, which takes a script without. */
const BYTE_ORDER_MARKS = /^\uFEFF+/;
// A line ends as Python has it: with LF, CR or both.
const BLANK_LINE = /[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)/y;
const LINE_END = /[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
/** Those that can be the text of a program on itself. */
const QUOTE = /[rRuU]?("""|'''|"|')/y;
/** Must be among the first statements of a program, so that none may stand in front. */
const FUTURE = /from[ \t]+__future__\b/y;
/** Those that stand in one line, behind which others may follow. */
const FUTURE_LINE = /from[ \t]+__future__[ \t]+import[ \t]*(?:\([^()\r\n]*\)|\b\w[\w \t,]*)/y;
/** How Python names a place in the script: in a traceback, and in front of a warning. */
const PLACE = /(File "script\.py", line |(?<![\w./\\-])script\.py:(?=\d{1,9}: ))(\d{1,9})/g;
/** How a message ends that names its line. What an author's own text says of lines stands in front of it. */
const LINE_OF_MESSAGE = /(\(line )(\d{1,9})(?=(?:, column \d{1,9})?\)$)/;
/** How hints begin that name a line: of what ran when the time was over, and of a main() that is none. */
const LINE_OF_HINT = /^(Line |main in line )(\d{1,9})(?= )/;

/** A script with statements that are not its author's in front of it. */
export interface Fronted {
  readonly script: string;
  /** Lines that its author does not know, in front of it. */
  readonly addedLines: 0 | 1;
}

/**
 * Returns the script with statements in front; null where there is no place for any.
 * @param statements one line of Python; not judged apart from the script
 */
export function withFrontLine(script: string, statements: string): Fronted | null {
  const text = script.replace(BYTE_ORDER_MARKS, '');
  const place = placeIn(text);
  if (place === null) {
    return null;
  }
  return place > 0
    ? { script: `${text.slice(0, place)}; ${statements}${text.slice(place)}`, addedLines: 0 }
    : { script: `${statements}\n${text}`, addedLines: 1 };
}

/** Returns the outcome of such a script with the lines that its author knows, in whatever tells of them. */
export function knownLines<O extends ForeignOutcome>(outcome: O, addedLines: 0 | 1): O {
  if (addedLines === 0) {
    return outcome;
  }
  const stderr = withKnownLine(outcome.stderr, PLACE);
  if (outcome.kind === 'completed') {
    return { ...outcome, stderr };
  }
  const { message, hint, traceback, line } = outcome;
  return {
    ...outcome,
    stderr,
    message: withKnownLine(message, LINE_OF_MESSAGE),
    ...(hint !== undefined && { hint: withKnownLine(hint, LINE_OF_HINT) }),
    ...(traceback !== undefined && { traceback: withKnownLine(traceback, PLACE) }),
    ...(line !== undefined && { line: Math.max(1, line - 1) }),
  };
}

/** Returns a text with the lines that the author knows. @param place what is in front of a line, and the line */
function withKnownLine(text: string, place: RegExp): string {
  return text.replace(
    place,
    (_place, before: string, line: string) => `${before}${Math.max(1, Number(line) - 1)}`,
  );
}

/** Returns where they can stand: behind the text of a program on itself, which `__doc__` is, and imports of the future; 0: in front. */
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
    } else if (isOneLine && (script[index] === '\n' || script[index] === '\r')) {
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

/**
 * What Python has of a program that is started from a file with arguments: the arguments in `sys.argv`, and the folder of the
 * file on the import path. The engine gives its scripts neither, so that statements in front of the script make them.
 */

/** Must be the first statements of a program, so that no line may stand in front. */
const FUTURE = /^[ \t]*from[ \t]+__future__\b/m;
/** Those that stand in one line, behind which others may follow. */
const FUTURE_LINE = /^from[ \t]+__future__[ \t]+import[ \t]*(?:\([^()\n]*\)|\b\w[\w \t,]*)/gm;
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
  const last = [...script.matchAll(FUTURE_LINE)].at(-1);
  if (last) {
    const end = last.index + last[0].length;
    return { script: `${script.slice(0, end)}; ${prelude}${script.slice(end)}`, addedLines: 0 };
  }
  return FUTURE.test(script) ? null : { script: `${prelude}\n${script}`, addedLines: 1 };
}

/** Returns what Python wrote of such a script with the lines that its author knows. */
export function withoutPrelude(text: string): string {
  return text.replace(
    PLACE,
    (_place, before: string, line: string) => `${before}${Math.max(1, Number(line) - 1)}`,
  );
}

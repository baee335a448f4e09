/**
 * What Python has of a program that is started from a file with arguments: the arguments in `sys.argv`, and the folder of the
 * file on the import path. The engine gives its scripts neither, so that a line in front of the script makes them.
 */

/** Must be the first statement of a program, so that no line may stand in front. */
const FUTURE = /^[ \t]*from[ \t]+__future__\b/m;
/** How Python names a place in the script. */
const PLACE = /(File "script\.py", line )(\d{1,9})/g;

/** Whether a line may stand in front of a script. */
export function mayHavePrelude(script: string): boolean {
  return !FUTURE.test(script);
}

/** Returns the script with a line in front. @param needsFolder whether files beside it can be imported */
export function withPrelude(script: string, args: readonly string[], needsFolder: boolean): string {
  // The strings of JSON are strings of Python; a half of a pair, which UTF-8 cannot hold, is escaped in it.
  const folder = needsFolder ? '_pycell_sys.path.insert(0, ""); ' : '';
  return `import sys as _pycell_sys; ${folder}_pycell_sys.argv[1:] = ${JSON.stringify(args)}; del _pycell_sys\n${script}`;
}

/** Returns what Python wrote of such a script with the lines that its author knows. */
export function withoutPrelude(text: string): string {
  return text.replace(
    PLACE,
    (_place, before: string, line: string) => `${before}${Math.max(1, Number(line) - 1)}`,
  );
}

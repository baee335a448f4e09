/**
 * What Python has of a program that is started from a file with arguments: the arguments in `sys.argv`, and the folder of the
 * file on the import path. The engine gives its scripts neither, so that statements in front of the script make them.
 */
import { type Fronted, withFrontLine } from '../door/front-line';

/** Returns the script with a prelude; null where there is no place for one. @param needsFolder whether files beside it can be imported */
export function withPrelude(script: string, args: readonly string[], needsFolder: boolean): Fronted | null {
  const folder = needsFolder ? '_pycell_sys.path.insert(0, ""); ' : '';
  // The strings of JSON are strings of Python; a half of a pair, which UTF-8 cannot hold, is escaped in it.
  return withFrontLine(
    script,
    `import sys as _pycell_sys; ${folder}_pycell_sys.argv[1:] = ${JSON.stringify(args)}; del _pycell_sys`,
  );
}

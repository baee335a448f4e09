/**
 * What Python has of a program that is started from a file with arguments: the arguments in `sys.argv`, the folder of the file on the
 * import path, and modules in it before those of the same name that Python has. The engine gives its scripts none of it, so that
 * statements in front of the script make them.
 */
import { type Fronted, withFrontLine } from '../door/front-line';

/** A module in the folder of the program, or a package: the file that an import of its name runs. */
const MODULE = /^([^/]+?)(?:\/__init__)?\.py$/;

/**
 * What CPython itself has loaded before a program begins: nothing in the folder of the program takes the place of these. The same
 * holds for modules that are built into it, which a run knows.
 */
const LOADED_AT_START: ReadonlySet<string> = new Set([
  '__main__',
  '_collections_abc',
  '_frozen_importlib',
  '_frozen_importlib_external',
  '_sitebuiltins',
  'abc',
  'codecs',
  'encodings',
  'genericpath',
  'io',
  'os',
  'posixpath',
  'site',
  'stat',
  'zipimport',
]);

/**
 * Returns the script with a prelude; null where there is no place for one.
 * @param modules the files of Python beside it, by their paths; where there is none, the import path stays as it is
 */
export function withPrelude(
  script: string,
  args: readonly string[],
  modules: readonly string[],
): Fronted | null {
  // The strings of JSON are strings of Python; a half of a pair, which UTF-8 cannot hold, is escaped in it.
  const statements = [
    'import sys as _pycell_sys',
    ...(modules.length > 0 ? ['_pycell_sys.path.insert(0, "")', ...withoutPreloaded(modules)] : []),
    `_pycell_sys.argv[1:] = ${JSON.stringify(args)}`,
    'del _pycell_sys',
  ];
  return withFrontLine(script, statements.join('; '));
}

/**
 * Statements that forget modules which are loaded here already, and with a program of its own process are not: the next import of such
 * a name finds the file. Whoever has imported them before, such as pandas, keeps them.
 */
function withoutPreloaded(modules: readonly string[]): readonly string[] {
  const names = new Set(modules.map((path) => MODULE.exec(path)?.[1]));
  const own = [...names].filter((name) => name !== undefined && !LOADED_AT_START.has(name));
  return own.length === 0
    ? []
    : [
        // With what lies in them, or a package of the same name would be made of both.
        `[_pycell_sys.modules.pop(_pycell_name) for _pycell_name in [*_pycell_sys.modules] if _pycell_name.partition(".")[0] in ${pythonSet(own)} and _pycell_name not in _pycell_sys.builtin_module_names]`,
      ];
}

function pythonSet(names: readonly (string | undefined)[]): string {
  return `{${JSON.stringify(names).slice(1, -1)}}`;
}

import type { PolicyRule } from './policy-rules';

/** What is open instead of a blocked module; one sentence for the person who wrote the script. */
const MODULES: Readonly<Record<string, string>> = {
  os: 'Use pathlib for paths and files: Path.cwd(), Path("/tmp/data.txt").read_text(), sorted(Path("/tmp").iterdir()). A run has no arguments and no settings in its environment.',
  sys: 'Use print() or logging for messages, platform.python_version() for the version, and return from main() instead of sys.exit(). There is no standard input: put the values into the script. Recursion goes 1,000 levels deep: write what goes deeper as a loop.',
  subprocess:
    'A run cannot start other programs: do the work in Python, with the standard library or the packages that GET / lists.',
  shutil:
    'For files use pathlib: read_bytes() and write_bytes() copy, rename() moves, unlink() removes; zipfile and tarfile make archives.',
};

/** The same of a blocked built-in function. */
const NAMES: Readonly<Record<string, string>> = {
  eval: 'To read a value from text use ast.literal_eval() or json.loads(); to choose between functions use a dict.',
  exec: 'Write the code in the script itself, or put functions into a dict and choose by name.',
  compile: 'Write the code in the script itself; re.compile() is open.',
  open: 'Use pathlib: Path("/tmp/data.txt").read_text() and .write_text(), .read_bytes() and .write_bytes(). Only /tmp can be written.',
  file: 'Use pathlib: Path("/tmp/data.txt").read_text() and .write_text().',
  input:
    'There is no standard input: put the values into the script, as variables or as a text that it splits.',
  raw_input:
    'There is no standard input: put the values into the script, as variables or as a text that it splits.',
  exit: 'Return from main() instead; raise an exception to report a failure.',
  quit: 'Return from main() instead; raise an exception to report a failure.',
  __import__: 'Write an import statement, or use importlib.import_module().',
  reload: 'A run begins anew each time: no module has to be loaded again.',
};

const CONTROL_CHARACTER =
  'Delete the character: it is invisible, and often comes with text that was copied. In a string write it as an escape, such as "\\x1b".';

/** @param name the blocked module or name; empty for rules that are about none */
export function hintFor(rule: PolicyRule, name: string): string | undefined {
  switch (rule) {
    case 'blocked-import':
      return MODULES[name];
    case 'blocked-name':
      return NAMES[name];
    case 'control-character':
      return CONTROL_CHARACTER;
    case 'too-complex':
      return undefined; // its message says what to do
    default:
      return rule satisfies never;
  }
}

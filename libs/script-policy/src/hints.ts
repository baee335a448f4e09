import type { ExecutionMode } from '@pycell/contracts';
import type { PolicyRule } from './policy-rules';

/** What differs between the modes, so that each hint is true in both. */
interface Ways {
  /** how a script ends itself */
  readonly end: string;
  /** a sentence on ending early and on failing */
  readonly exit: string;
  /** what the request's `inputs` become */
  readonly inputs: string;
}

const WAYS: Readonly<Record<ExecutionMode, Ways>> = {
  function: {
    end: 'return from main()',
    exit: 'Return from main() instead; raise an exception to report a failure.',
    inputs: 'the arguments of main()',
  },
  script: {
    end: 'raise SystemExit',
    exit: 'Write raise SystemExit instead, which ends the script; raise an exception to report a failure.',
    inputs: 'global names of the script',
  },
};

type Hints = Readonly<Record<string, string>>;

/** What is open instead of a blocked module; a few sentences for the person who wrote the script. */
function moduleHints({ end, inputs }: Ways): Hints {
  return {
    os: `Use pathlib for paths and files: Path("data/sales.csv").read_text() for a file that is sent in "files" with the request, Path("output/report.csv").write_text("...") for what is to be kept, Path.cwd(), sorted(Path("output").iterdir()). A run has no arguments and no settings in its environment: send values as "inputs", which become ${inputs}.`,
    sys: `Use print() or logging for messages, platform.python_version() for the version, and ${end} instead of sys.exit(). What sys.stdin should have is sent as "stdin" with the request: read it by fileinput.input(), or in a jail by input(), which is open then. Values instead of sys.argv are sent as "inputs". Recursion goes 1,000 levels deep: write what goes deeper as a loop.`,
    subprocess:
      'A run cannot start other programs: do the work in Python, with the standard library or the packages that GET / lists.',
    shutil:
      'For files use pathlib: read_bytes() and write_bytes() copy, rename() moves, unlink() removes; zipfile and tarfile make archives.',
  };
}

/** The same of a blocked built-in function. */
function nameHints({ exit, inputs }: Ways): Hints {
  const input = `Send the text as "stdin" with the request: in a jail input() is open then. Or send values as "inputs": they become ${inputs}.`;
  return {
    eval: 'To read a value from text use ast.literal_eval() or json.loads(); to choose between functions use a dict.',
    exec: 'Write the code in the script itself, or put functions into a dict and choose by name.',
    compile: 'Write the code in the script itself; re.compile() is open.',
    open: 'Use pathlib: Path("data/sales.csv").read_text() or .read_bytes() for a file that is sent in "files" with the request, Path("output/report.csv").write_text("...") or .write_bytes() for what is to be kept. Only /tmp can be written, where the working directory is. In a jail open() is open when "files" are sent, and input() when "stdin" is.',
    file: 'Use pathlib: Path("data/sales.csv").read_text() for a file that is sent in "files" with the request, Path("output/report.csv").write_text("...") for what is to be kept.',
    input,
    raw_input: `Python 3 calls it input(). ${input}`,
    exit,
    quit: exit,
    __import__: 'Write an import statement, or use importlib.import_module().',
    reload: 'A run begins anew each time: no module has to be loaded again.',
  };
}

/** Made once: a check looks them up for each violation. */
const HINTS = {
  function: { modules: moduleHints(WAYS.function), names: nameHints(WAYS.function) },
  script: { modules: moduleHints(WAYS.script), names: nameHints(WAYS.script) },
} as const satisfies Record<ExecutionMode, unknown>;

const CONTROL_CHARACTER =
  'Delete the character: it is invisible, and often comes with text that was copied. In a string write it as an escape, such as "\\x1b".';

/**
 * @param name the blocked module or name; empty for rules that are about none
 * @param mode of the script: what is open instead may depend on it
 */
export function hintFor(
  rule: PolicyRule,
  name: string,
  mode: ExecutionMode = 'function',
): string | undefined {
  switch (rule) {
    case 'blocked-import':
      return HINTS[mode].modules[name];
    case 'blocked-name':
      return HINTS[mode].names[name];
    case 'control-character':
      return CONTROL_CHARACTER;
    case 'too-complex':
      return undefined; // its message says what to do
    default:
      return rule satisfies never;
  }
}

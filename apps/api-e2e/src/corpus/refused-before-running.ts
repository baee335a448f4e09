import { MAIN_MISSING_MESSAGE } from '@pycell/contracts';
import { type CorpusCase, type CorpusTheme, python } from './corpus-case';

function syntax(
  name: string,
  script: string,
  error: string | RegExp,
  line: number,
  column: number | 'any',
): CorpusCase {
  return { name, script, answer: { code: 'SYNTAX_ERROR', error, line, column } };
}

function mainMissing(name: string, script: string, stdout?: string): CorpusCase {
  return {
    name,
    script,
    answer: { code: 'MAIN_MISSING', error: MAIN_MISSING_MESSAGE, ...(stdout !== undefined && { stdout }) },
  };
}

export const SYNTAX_ERRORS: CorpusTheme = {
  theme: 'SYNTAX_ERROR with the words and the place of CPython',
  cases: [
    syntax(
      'a missing colon',
      'class A:\n  def f(self)\n    pass',
      "SyntaxError: expected ':' (line 2, column 14)",
      2,
      14,
    ),
    syntax(
      'a bracket that is never closed',
      'x = (1,\ndef main():\n    return 1',
      "SyntaxError: '(' was never closed (line 1, column 5)",
      1,
      5,
    ),
    syntax(
      'a string that is never closed',
      'def main():\n    return "abc\n',
      'SyntaxError: unterminated string literal (detected at line 2) (line 2, column 12)',
      2,
      12,
    ),
    syntax(
      'a bad parameter list',
      'def main(:\n    pass',
      'SyntaxError: invalid syntax (line 1, column 10)',
      1,
      10,
    ),
    syntax(
      'a body that is not indented',
      'def main():\nreturn 1',
      'IndentationError: expected an indented block after function definition on line 1 (line 2, column 1)',
      2,
      1,
    ),
    syntax(
      'an indentation that matches none',
      'def main():\n    if 1:\n        return 1\n  return 2',
      /^IndentationError: unindent does not match any outer indentation level \(line 4/,
      4,
      'any',
    ),
    syntax(
      'tabs and spaces mixed',
      'def main():\n\tif 1:\n        return 2',
      /^TabError: inconsistent use of tabs and spaces in indentation \(line 3/,
      3,
      'any',
    ),
    syntax(
      'print without parentheses, as in Python 2',
      'def main():\n    print "hi"',
      "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)? (line 2, column 5)",
      2,
      5,
    ),
    syntax(
      'return outside a function',
      'x = 1\nreturn x\ndef main(): pass',
      "SyntaxError: 'return' outside function (line 2, column 1)",
      2,
      1,
    ),
    syntax(
      'a forgotten comma',
      'def main():\n    return [1 2]',
      'SyntaxError: invalid syntax. Perhaps you forgot a comma? (line 2, column 13)',
      2,
      13,
    ),
    syntax(
      'await outside an async function',
      'def main():\n    await f()',
      "SyntaxError: 'await' outside async function (line 2, column 5)",
      2,
      5,
    ),
    syntax(
      'prose instead of code',
      'Here is the code you asked for:\n',
      /^SyntaxError: invalid syntax \(line 1/,
      1,
      'any',
    ),
    syntax(
      'a Markdown fence around the code',
      '```python\ndef main():\n    return 1\n```',
      /^SyntaxError: invalid syntax/,
      1,
      1,
    ),
    syntax(
      'a script that does not parse is told so even where it names something blocked',
      'import os\ndef main(:\n    pass',
      'SyntaxError: invalid syntax (line 2, column 10)',
      2,
      10,
    ),
    {
      name: 'the traceback shows the line and a caret',
      script: 'def main():\n    x = 5 +\n',
      answer: {
        code: 'SYNTAX_ERROR',
        error: 'SyntaxError: invalid syntax (line 2, column 12)',
        line: 2,
        column: 12,
        traceback: /x = 5 \+\n\s+\^\nSyntaxError: invalid syntax$/,
      },
    },
    {
      name: 'a script nested too deep for the compiler is an answer, not a crash',
      script: `x = ${'('.repeat(500)}1${')'.repeat(500)}\ndef main(): return 1`,
      answer: { code: 'SYNTAX_ERROR', error: /too many nested parentheses/, line: 1, column: 'any' },
    },
  ],
};

export const MAIN_MISSING: CorpusTheme = {
  theme: 'MAIN_MISSING',
  cases: [
    mainMissing('an empty script', ''),
    mainMissing('a comment alone', '# def main(): pass\n'),
    mainMissing('a script without main', 'print("body ran")\nx = 1'),
    mainMissing('main in a string', 'code = """\ndef main():\n    return 1\n"""'),
    mainMissing('a main that is only a method', 'class App:\n    def main(self):\n        return 1'),
    mainMissing(
      'a main that is only nested',
      'def outer():\n    def main():\n        return 1\n    return main\nouter()',
    ),
    mainMissing('a main in another case', 'def Main():\n    return 1'),
    mainMissing('a main that is not callable', 'print("body ran")\nmain = 42', 'body ran\n'),
    mainMissing('a main that is deleted again', 'def main():\n    return 1\ndel main'),
    mainMissing(
      'a main that is defined in a branch not taken',
      'if False:\n    def main():\n        return 1',
    ),
    {
      name: 'an error of the module body before main comes first',
      script: python`
        value = int("x")

        def main():
            return value
      `,
      answer: {
        code: 'SCRIPT_ERROR',
        error: "ValueError: invalid literal for int() with base 10: 'x' (line 1)",
        line: 1,
        column: 9,
      },
    },
  ],
};

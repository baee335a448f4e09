import { type CorpusCase, type CorpusTheme, python } from './corpus-case';

function raises(
  name: string,
  script: string,
  error: string | RegExp,
  line: number,
  column: number | 'any',
  more: { readonly stdout?: string; readonly traceback?: string | RegExp } = {},
): CorpusCase {
  return { name, script, answer: { code: 'SCRIPT_ERROR', error, line, column, ...more } };
}

export const SCRIPT_ERRORS: CorpusTheme = {
  theme: 'SCRIPT_ERROR with type, message and the line of the user',
  cases: [
    raises(
      'an error in main',
      'def main():\n    return 1 / 0',
      'ZeroDivisionError: division by zero (line 2)',
      2,
      12,
      {
        traceback:
          'Traceback (most recent call last):\n  File "script.py", line 2, in main\n    return 1 / 0\n           ~~^~~\nZeroDivisionError: division by zero',
      },
    ),
    raises(
      'an error keeps what was printed before',
      'def main():\n    print("start")\n    raise ValueError("bad")',
      'ValueError: bad (line 3)',
      3,
      5,
      { stdout: 'start\n' },
    ),
    raises(
      'an error in the module body',
      '\nx = 1\ny = x.upper()\ndef main(): pass',
      /^AttributeError: 'int' object has no attribute 'upper' \(line 3\)$/,
      3,
      5,
    ),
    raises(
      'a missing module',
      'import requests\ndef main():\n    return 1',
      "ModuleNotFoundError: No module named 'requests' (line 1)",
      1,
      1,
    ),
    raises(
      'a KeyError keeps the quotes of its key',
      'def main():\n    return {"a": 1}["b"]',
      "KeyError: 'b' (line 2)",
      2,
      12,
    ),
    raises(
      'a NameError',
      'def main():\n    return undefined_thing',
      "NameError: name 'undefined_thing' is not defined (line 2)",
      2,
      12,
    ),
    raises('an error without a message', 'def main():\n    raise ValueError', 'ValueError (line 2)', 2, 5),
    raises(
      'an error with a message of several lines',
      'def main():\n    raise ValueError("a\\nb")',
      'ValueError: a\nb (line 2)',
      2,
      5,
    ),
    raises(
      'a failed assertion',
      'def main():\n    assert 1 + 1 == 3, "math"',
      'AssertionError: math (line 2)',
      2,
      'any',
    ),
    raises(
      'an exception class of the script is named without a module',
      python`
        class InsufficientFunds(Exception):
            def __init__(self, needed):
                super().__init__(f"{needed} more needed")

        def main():
            raise InsufficientFunds(5)
      `,
      'InsufficientFunds: 5 more needed (line 6)',
      6,
      5,
      { traceback: /\nInsufficientFunds: 5 more needed$/ },
    ),
    raises(
      'an exception class of a library is named with its module',
      'import json\ndef main():\n    return json.loads("{")',
      /^json\.decoder\.JSONDecodeError: .* \(line 3\)$/,
      3,
      12,
    ),
    raises(
      'a chained error tells both',
      python`
        def load():
            return {}["config"]

        def main():
            try:
                load()
            except KeyError as error:
                raise RuntimeError("no config") from error
      `,
      'RuntimeError: no config (line 8)',
      8,
      9,
      {
        traceback:
          /KeyError: 'config'\n\nThe above exception was the direct cause .*\n\n[\s\S]*RuntimeError: no config$/,
      },
    ),
    raises(
      'the line is that of the innermost frame of the script',
      python`
        def inner(value):
            return len(value)

        def outer(value):
            return inner(value)

        def main():
            return outer(None)
      `,
      "TypeError: object of type 'NoneType' has no len() (line 2)",
      2,
      12,
      { traceback: /line 8, in main[\s\S]*line 5, in outer[\s\S]*line 2, in inner/ },
    ),
    raises(
      'an error deep in pandas has the line of the user, and only frames of the script',
      python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": [1]})
            return df["missing"].sum()
      `,
      "KeyError: 'missing' (line 5)",
      5,
      12,
      {
        traceback:
          /^(?![\s\S]*(site-packages|dist-packages|packages\/pandas|runner))[\s\S]*File "script.py", line 5, in main/,
      },
    ),
    raises(
      'an error deep in numpy has the line of the user',
      'import numpy as np\ndef main():\n    a = np.ones((2, 3))\n    return a @ a',
      /^ValueError: matmul: .* \(line 4\)$/,
      4,
      12,
    ),
    raises(
      'an error in a callback that a library calls has the line of the callback',
      'def key(x):\n    return x["n"]\ndef main():\n    return sorted([{"n": 1}, {}], key=key)',
      "KeyError: 'n' (line 2)",
      2,
      12,
    ),
    raises(
      'endless recursion',
      'def f(n):\n    return f(n + 1)\ndef main():\n    return f(0)',
      /^RecursionError: maximum recursion depth exceeded.* \(line 2\)$/,
      2,
      'any',
    ),
    raises(
      'an exception group with its parts',
      'def main():\n    raise ExceptionGroup("several", [ValueError("a"), TypeError("b")])',
      'ExceptionGroup: several (2 sub-exceptions) (line 2)',
      2,
      5,
      { traceback: /ValueError: a[\s\S]*TypeError: b/ },
    ),
    raises(
      'an error in async main',
      'async def main():\n    raise LookupError("async")',
      'LookupError: async (line 2)',
      2,
      5,
    ),
    raises(
      'KeyboardInterrupt is the script’s own error',
      'def main():\n    raise KeyboardInterrupt',
      'KeyboardInterrupt (line 2)',
      2,
      5,
    ),
    raises(
      'an exception that cannot be shown still has its type and line',
      'class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError\ndef main():\n    raise Odd()',
      /^Odd: .*\(line 5\)$/,
      5,
      5,
    ),
    raises(
      'a line after CRLF line ends',
      'def main():\r\n    x = 1\r\n    return x + "a"\r\n',
      /^TypeError: unsupported operand/,
      3,
      12,
    ),
    raises(
      'a line separator inside a string is no line end, nor is a form feed',
      'def main():\n    s = "a\u2028b\u2029c\f"\n    x = "é"; y = 1 / 0\n    return s\n',
      'ZeroDivisionError: division by zero (line 3)',
      3,
      18,
      { traceback: /line 3, in main\n {4}x = "é"; y = 1 \/ 0\n/ },
    ),
    raises(
      'the line inside a statement of several lines',
      'def main():\n    return [\n        1,\n        1 / 0,\n    ]',
      'ZeroDivisionError: division by zero (line 4)',
      4,
      9,
    ),
    {
      name: 'a very long message is shortened, not cut off at its end',
      script: 'def main():\n    raise ValueError("a" * 100_000 + "END")',
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^ValueError: a{100}[\s\S]{0,8000}END \(line 2\)$/,
        line: 2,
        column: 5,
      },
    },
  ],
};

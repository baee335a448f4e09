import { type CorpusCase, type CorpusTheme, python } from './corpus-case';

/** A script that is refused for `what`, at the place where that stands. */
function refused(name: string, script: string, what: string, line: number, column: number): CorpusCase {
  const error = `Dangerous operation detected: ${what}`;
  return { name, script, answer: { code: 'POLICY_VIOLATION', error, line, column } };
}

const MODULES = ['os', 'sys', 'subprocess', 'shutil'];

const NAMES = [
  ...[
    '__import__',
    'eval',
    'exec',
    'compile',
    'open',
    'file',
    'input',
    'raw_input',
    'exit',
    'quit',
    'reload',
  ],
];

export const POLICY_VIOLATIONS: CorpusTheme = {
  theme: 'POLICY_VIOLATION with the place of what is refused',
  cases: [
    ...MODULES.map((module) =>
      refused(`import ${module}`, `import ${module}\ndef main():\n    return 1`, `import ${module}`, 1, 8),
    ),
    ...NAMES.map((name) =>
      refused(`a call of ${name}`, `def main():\n    return ${name}("1")`, `${name}(`, 2, 12),
    ),
    refused(
      'a submodule under another name',
      'import os.path as p\ndef main():\n    return 1',
      'import os',
      1,
      8,
    ),
    refused('a module among others', 'import json, sys\ndef main():\n    return 1', 'import sys', 1, 14),
    refused('a name from a module', 'from os import path\ndef main():\n    return 1', 'import os', 1, 6),
    refused(
      'a name from a submodule',
      'from os.path import join\ndef main():\n    return 1',
      'import os',
      1,
      6,
    ),
    refused(
      'an import inside a function',
      'def main():\n    import shutil\n    return 1',
      'import shutil',
      2,
      12,
    ),
    refused(
      'an import inside try',
      'try:\n    import subprocess as sp\nexcept ImportError:\n    sp = None\ndef main(): return 1',
      'import subprocess',
      2,
      12,
    ),
    refused(
      'importlib.import_module with a literal',
      'import importlib\ndef main():\n    return importlib.import_module("os")',
      'import os',
      3,
      36,
    ),
    refused(
      'import_module under another name',
      'from importlib import import_module as load\ndef main():\n    return load("sub" "process")',
      'import subprocess',
      3,
      17,
    ),
    refused(
      '__import__ of a harmless module too',
      'json = __import__("json")\ndef main(): return 1',
      '__import__(',
      1,
      8,
    ),
    refused('an alias by assignment', 'e = eval\ndef main():\n    return e("1")', 'eval(', 1, 5),
    refused('an alias in a container', 'tools = {"run": exec}\ndef main(): return 1', 'exec(', 1, 17),
    refused('an alias as a default argument', 'def main(f=open):\n    return 1', 'open(', 1, 12),
    refused('a name handed to a function', 'def main():\n    return list(map(eval, ["1"]))', 'eval(', 2, 21),
    refused('a call inside an f-string', 'def main():\n    return f"{eval(\'1 + 1\')}"', 'eval(', 2, 15),
    refused('a call inside a lambda', 'main = lambda: compile("1", "x", "eval")', 'compile(', 1, 16),
    refused(
      'a call inside a comprehension',
      'def main():\n    return [eval(x) for x in "12"]',
      'eval(',
      2,
      13,
    ),
    refused('a decorator', '@exec\ndef main():\n    return 1', 'exec(', 1, 2),
    refused(
      'a nested function',
      'def main():\n    def inner():\n        return open("/x")\n    return inner()',
      'open(',
      3,
      16,
    ),
    refused(
      'full-width letters, which Python reads as the plain ones',
      'def main():\n    return ｅｖａｌ("1")',
      'eval(',
      2,
      12,
    ),
    refused('full-width letters in an import', 'import ｏｓ\ndef main(): return 1', 'import os', 1, 8),
    refused(
      'an import behind a lone carriage return in a comment',
      '# note\rimport os\rdef main(): return 1',
      'import os',
      2,
      8,
    ),
    refused('an import after a semicolon', 'x = 1; import os\ndef main(): return 1', 'import os', 1, 15),
    refused(
      'an import behind a line continuation',
      'import \\\n  os\ndef main(): return 1',
      'import os',
      2,
      3,
    ),
    refused('the first of several', 'def main():\n    eval("1")\n    exec("2")', 'eval(', 2, 5),
    refused(
      'a column after astral characters',
      'x = "😀😀"; import sys\ndef main(): return 1',
      'import sys',
      1,
      18,
    ),
    refused('a blocked name before the missing main', 'open("x")', 'open(', 1, 1),
    {
      name: 'a NUL in the script',
      script: 'def main():\n    return 1 # \0\n',
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Control character U+0000 is not allowed in a script',
        line: 2,
        column: 16,
      },
    },
  ],
};

export const POLICY_FALSE_ALARMS: CorpusTheme = {
  theme: 'what only looks blocked runs',
  cases: [
    {
      name: 'methods with blocked names: df.eval, df.query, re.compile',
      script: python`
        import re
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
            return [df.eval("a + b"), re.compile("x+").pattern, len(df.query("a > 1"))]
      `,
      answer: { result: '[{"0":4,"1":6},"x+",1]' },
    },
    {
      name: "an object's own open, exit, eval and input",
      script: python`
        class Model:
            def open(self): return "opened"
            def eval(self): return self
            def exit(self): return "left"
            input = "field"

        def main():
            model = Model()
            return [model.open(), model.eval().exit(), model.input, getattr(model, "open")()]
      `,
      answer: { result: '["opened","left","field","opened"]' },
    },
    {
      name: 'blocked words in strings, comments and docstrings',
      script: python`
        # import os; eval("1")
        def main():
            """import sys
            open("file")
            """
            return ["import os", 'eval("1")', f"exec({1})", r"open(\d)", b"import subprocess"]
      `,
      answer: { result: String.raw`["import os","eval(\"1\")","exec(1)","open(\\d)","import subprocess"]` },
    },
    {
      name: 'parameters and keywords with blocked names',
      script: python`
        import io

        def save(file, input=None, *, compile=False):
            file.write("saved")
            return [input, compile]

        def main():
            buffer = io.StringIO()
            print("printed", file=buffer)
            return [save(buffer, input=1, compile=True), buffer.getvalue()]
      `,
      answer: { result: '[[1,true],"printed\\nsaved"]' },
    },
    {
      name: 'variables, functions and loop names that the script binds itself',
      script: python`
        input = [1, 2, 3]

        def open(door):
            return f"{door} is open"

        def main():
            exit = False
            while not exit:
                exit = True
            files = [file for file in ("a", "b")]
            return [sum(input), open("door"), files, exit]
      `,
      answer: { result: '[6,"door is open",["a","b"],true]' },
    },
    {
      name: 'longer names and modules that begin alike',
      script: python`
        import posixpath
        import sysconfig

        def reopen(x): return x
        def evaluate(x): return x
        osmosis = 1

        def main():
            return [reopen(1), evaluate(2), osmosis, posixpath.join("a", "b"), bool(sysconfig.get_python_version())]
      `,
      answer: { result: '[1,2,1,"a/b",true]' },
    },
    {
      name: 'keys, attributes and variables named like blocked modules',
      script: python`
        from types import SimpleNamespace

        def main():
            os = {"sys": 1}
            machine = SimpleNamespace(os="linux", sys=2)
            return [os["sys"], machine.os, machine.sys]
      `,
      answer: { result: '[1,"linux",2]' },
    },
    {
      name: 'modern syntax: match with blocked words as captures, walrus, type hints, decorators',
      script: python`
        from typing import Callable

        def main():
            match {"file": "a.txt", "n": 2}:
                case {"file": file, "n": int(n)}:
                    pass
            if (input := n * 2) > 3:
                reload: Callable = lambda: input
            return [file, reload()]
      `,
      answer: { result: '["a.txt",4]' },
    },
  ],
};

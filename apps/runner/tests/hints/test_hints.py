"""What the author of a failed script is told to do instead, row by row of the tables in pycell_runner/hints."""

from __future__ import annotations

import sys
import unittest
from typing import Final

from ..runner_case import RunnerCase

MAIN: Final = "def main():\n    "

#: A script, and a piece of its hint; None where none fits.
ROWS: Final = (
    # Modules and names.
    (f"{MAIN}import scipy_of_nobody", "scipy_of_nobody is not installed here, and a script cannot install it"),
    (f"{MAIN}import no_such_thing_at_all.sub", "the standard library"),
    (f"{MAIN}import pytz", "Use zoneinfo.ZoneInfo"),
    (f"{MAIN}import statistic", "Did you mean statistics?"),
    (f"{MAIN}import Json", "Did you mean json?"),
    (f"{MAIN}import json.loader", "json is there, but it has no module json.loader"),
    (f"{MAIN}import _winreg", "is not installed here"),
    (f"{MAIN}raise ModuleNotFoundError('x', name='tkinter_x')", "tkinter_x is not installed"),
    (f"{MAIN}raise AttributeError(\"The '.style' accessor requires nobodys_jinja2\")", "nobodys_jinja2 is not installed"),
    (f"{MAIN}raise ImportError('`Import tabulate` failed.  Use pip')", "Use DataFrame.to_string()"),
    (f"{MAIN}raise ImportError('Trying to import the above failed: `Import nobodys_arrow` failed.')", "nobodys_arrow is not installed"),
    (f"{MAIN}from itertools import no_such_name", "whose itertools has no such name"),
    (f"{MAIN}import math\n    math.no_such", "whose math has no such name"),
    (f"{MAIN}import random\n    random.choise([1])", None),
    (f"{MAIN}return np.mean([1])", "Add import numpy as np"),
    (f"{MAIN}return math.pi", "Add import math"),
    (f"{MAIN}return true", "Python writes True."),
    (f"{MAIN}raise type('TclError', (Exception,), {{}})('no display name')", "no display and no terminal"),
    (f"{MAIN}return unknown_thing", None),
    # Network, processes, input, files.
    (f"{MAIN}import urllib.request\n    urllib.request.urlopen('http://nobody.invalid')", "no network"),
    (f"{MAIN}import socket\n    socket.gethostbyname('nobody.invalid')", "no network"),
    (f"{MAIN}raise PermissionError(1, 'Operation not permitted') # s.connect(", "no network"),
    (f"{MAIN}raise PermissionError(1, 'Operation not permitted')", None),
    (f"{MAIN}raise PermissionError(1, 'a script may not start processes: x')", "A run is one process"),
    (f"{MAIN}import socket\n    socket.gethostbyname('nobody.invalid')", 'as "inputs" or "files"'),
    (f"{MAIN}return input()", 'what the request sends as "stdin"'),
    ("async def main():\n    return await input('name? ')", 'what the request sends as "stdin"'),
    (f"{MAIN}import getpass\n    return getpass.getpass()", 'what the request sends as "stdin"'),
    (f"import sys\n{MAIN}return int(sys.stdin.readline())", 'send there what the script expects'),
    (f"import sys\n{MAIN}return sys.stdin.read().split()[0]", 'which is what the request sends as "stdin"'),
    (f"{MAIN}n, m = map(int, open(0).read().split())", 'which is what the request sends as "stdin"'),
    (f"{MAIN}return int('')", None),
    (f"{MAIN}return [][0]", None),
    (f"{MAIN}breakpoint()", "leave the breakpoint out"),
    (f"{MAIN}return open('data.csv')", 'that the request sends in "files"'),
    (f"{MAIN}return open('/content/drive/data.csv')", "under the relative name"),
    (f"{MAIN}return open('C:\\\\Users\\\\me\\\\data.csv')", "under the relative name"),
    (f"{MAIN}from pathlib import Path\n    return Path('data.json').read_text()", 'sends in "files"'),
    (f"{MAIN}from pathlib import Path\n    return list(Path('data').iterdir())", 'sends in "files"'),
    (f"{MAIN}import zipfile\n    return zipfile.ZipFile('a.zip')", 'sends in "files"'),
    (f"{MAIN}import shutil\n    return shutil.copy('a.csv', 'b.csv')", 'sends in "files"'),
    (f"{MAIN}import sqlite3\n    return sqlite3.connect('data/a.db')", 'sends in "files"'),
    (f"{MAIN}raise FileNotFoundError('data.txt not found.')", 'sends in "files"'),
    (f"{MAIN}from pathlib import Path\n    Path('reports/a.csv').write_text('x')", "The folder does not exist: write to output/"),
    (f"{MAIN}return open('reports/a.csv', 'w')", "The folder does not exist: write to output/"),
    (f"{MAIN}return open('reports/a.csv', mode='ab')", "The folder does not exist: write to output/"),
    (f"{MAIN}import logging\n    logging.basicConfig(filename='logs/a.log')", "The folder does not exist: write to output/"),
    (f"{MAIN}return open('reports/a.csv', 'rb')", 'sends in "files"'),
    (f"{MAIN}raise OSError(\"Cannot save file into a non-existent directory: 'reports'\")", "make the folder before"),
    (f"{MAIN}raise OSError(30, 'Read-only file system', '/x')", "to output/, as in Path(\"output/report.csv\")"),
    (f"{MAIN}raise PermissionError(13, 'Permission denied', '/x') # f.to_csv('/x')", "in /tmp, and nowhere else"),
    (f"{MAIN}raise PermissionError(13, 'Permission denied', '/x')", 'sends in "files"'),
    (f"{MAIN}import os; os.access = lambda *_: False; raise OSError(30, 'Read-only file system', '/x')", "can write no file"),
    # Limits that ran out inside.
    (f"{MAIN}raise RuntimeError(\"can't start new thread\")", "32 threads at once, the main thread among them (MAX_THREADS)"),
    (f"{MAIN}raise OSError(24, 'Too many open files')", "64 files open at once (MAX_OPEN_FILES)"),
    (f"{MAIN}raise OSError(27, 'File too large')", "A file may have 16 MB at most (TMP_SIZE_MB)"),
    (f"{MAIN}raise OSError(28, 'No space left on device')", "room for 16 MB (TMP_SIZE_MB)"),
    (f"{MAIN}return main()", "calls itself without an end"),
    # main.
    # What is called is the wrapper, which takes anything.
    ("def any(f):\n    return lambda *a: f(*a)\n@any\ndef main(data): return data", "Send 'data' in \"inputs\""),
    ("async def main():\n    import asyncio\n    asyncio.run(main())", "write await instead of asyncio.run()"),
    ("main = 5", "main is a value of type int"),
    ("class A:\n    def main(self): pass", "main in line 2 belongs to a class or to another function"),
    ("def Main(): return 1", "The function is called Main: rename it"),
    ("def mian(): return 1", "The function is called mian: rename it"),
    ("if __name__ == '__main__':\n    print(1)", "does not run here: put it into def main()"),
    ("def solve(n): return n", "Call solve from a function main"),
    ("x = 1", "Put the code into a function called main"),
    # Pasted text, other languages, newer Python.
    ("```python\ndef main(): return 1\n```", "Leave out the ``` lines"),
    (">>> 1 + 1", "Leave out the prompts"),
    ("In [1]: x = 1", "of the notebook"),
    ("$ python x.py", "a command of a shell"),
    ("%matplotlib inline", "commands of a notebook"),
    ("!ls", "commands for a shell"),
    ("!pip install x", "cannot install packages"),
    ("pip install x", "cannot install packages"),
    ("x = 1\nreturn x", "Put the code into a function"),
    ("await x", "async def main()"),
    ("def main(): return “a”", "Write straight quotes"),
    ("def main():\u00a0return 1", "Write a plain space"),
    ("def main():\n\tif 1:\n        return 1", "Indent with spaces only"),
    ("def main():\n    return 1 && 2", "Python writes and, or and not"),
    ("def main():\n    if 1: pass\n    else if 2: pass", "Python writes elif"),
    ("def main():\n    x = 1\n    x++", "Python writes x += 1"),
    ("const x = 1", "another language"),
    ("def main(:", None),
)  # fmt: skip


class Hints(RunnerCase):
    def test_row_by_row(self) -> None:
        for script, expected in ROWS:
            with self.subTest(script):
                failure = self.execute(script, threads=32, openFiles=64, fileBytes=16 << 20).failure
                if expected is None:
                    self.assertNotIn("hint", failure)
                else:
                    self.assertIn(expected, failure.get("hint", ""), failure)

    @unittest.skipIf(sys.version_info < (3, 13), "this Python still has them")
    def test_says_which_version_took_a_module_away(self) -> None:
        for name, expected in (
            ("imp", "Python 3.12 took imp out of the standard library; this service runs Python 3."),
            ("distutils.core", "Python 3.12 took distutils out"),
            ("cgi", "Python 3.13 took cgi out"),
            ("asyncore", "Use asyncio."),
        ):
            with self.subTest(name):
                self.assertIn(expected, self.execute(f"{MAIN}import {name}").failure["hint"])

    def test_names_the_installed_packages(self) -> None:
        hint = self.execute(f"import sys; sys.path.append('/tmp')\n{MAIN}import nothing_like_it").failure["hint"]
        self.assertRegex(hint, r"Installed are \S+ \d\S*(, | and the standard library)|Only the standard library is installed")
        self.assertLessEqual(len(hint), 600)

    def test_what_is_hostile_costs_the_hint_only(self) -> None:
        script = (
            "class E(ImportError):\n"
            "    def __str__(self): raise SystemExit\n"
            "    name = property(lambda self: 1 / 0)\n"
            "def main():\n    raise E('x')"
        )
        failure = self.execute(script).failure
        self.assertEqual((failure["status"], "hint" in failure), ("SCRIPT_ERROR", False))


class NewerSyntax(RunnerCase):
    def test_says_which_python_runs(self) -> None:
        import sys

        for script, since in (
            ("def first[T](x: T) -> T:\n    return x", (3, 12)),
            ("type A = int", (3, 12)),
            ("def main():\n    d = {'a': 1}\n    return f'{d['a']}'", (3, 12)),
            ("x = t'{1}'", (3, 14)),
        ):
            if sys.version_info[:2] >= since:
                continue
            with self.subTest(script):
                self.assertIn(f"Python {sys.version_info[0]}.{sys.version_info[1]}", self.execute(script).failure["hint"])


if __name__ == "__main__":
    unittest.main()

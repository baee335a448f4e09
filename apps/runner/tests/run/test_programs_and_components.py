"""Programs, of which nobody wants a value or files, and components, which are called as they are elsewhere. Local mode."""

from __future__ import annotations

import unittest

from .. import folders
from ..conversation import Parts
from ..report import Report
from ..runner_case import WarmCase

#: A module that looks like matplotlib's to who gathers figures.
_FIGURE = """import sys, types
class Figure:
    def savefig(self, *_, **__): print('drawn')
helpers = types.ModuleType('helpers')
helpers.Gcf = types.SimpleNamespace(figs={1: types.SimpleNamespace(num=1, canvas=types.SimpleNamespace(figure=Figure()))})
sys.modules['matplotlib'] = types.SimpleNamespace(rcParams={'savefig.format': 'png'})
sys.modules['matplotlib._pylab_helpers'] = helpers
"""


class Programs(WarmCase):
    def program(self, script: str, **limits: int) -> Report:
        return self.execute(script, mode="program", **limits)

    def test_the_value_of_the_last_expression_is_dropped(self) -> None:
        for last in ("1", "print", "(i for i in [1])", "b'x' * 100", "'x' * 200"):
            with self.subTest(last):
                report = self.program(f"print('ok')\n{last}", resultBytes=100)
                self.assertEqual((report.result, report.stdout), (None, "ok\n"))

    def test_nothing_of_its_value_is_asked(self) -> None:
        script = "class A(dict):\n    def items(self): print('asked')\n    def __iter__(self): print('asked'); return iter(())\nA(a=1)"
        self.assertEqual(self.program(script).stdout, "")
        self.assertIn("asked", self.execute(script, mode="script").stdout)

    def test_what_it_leaves_in_files_is_not_read(self) -> None:
        for left in ("open('output/a', 'wb').write(bytes(2_000))", "[open(f'output/{n}', 'w') for n in range(9)]"):
            with self.subTest(left):
                report = self.program(f"{left}\nprint('ok')", files=8, artifactBytes=1_000)
                self.assertEqual((report.artifacts, report.result, report.stdout, report.stderr), ([], None, "ok\n", ""))

    def test_figures_that_it_leaves_open_are_not_drawn(self) -> None:
        self.assertEqual(self.execute(_FIGURE, mode="script").stdout, "drawn\n")
        report = self.program(_FIGURE)
        self.assertEqual((report.stdout, report.artifacts, report.result), ("", [], None))

    def test_it_ends_as_other_programs_do(self) -> None:
        self.assertEqual(self.program("import atexit, sys; atexit.register(print, 'end'); sys.exit(0)").stdout, "end\n")
        self.assertEqual(self.program("import sys; sys.exit(3)").failure["exitCode"], 3)
        self.assertEqual(self.program("print(__name__)\n1 / 0").failure["line"], 2)
        self.assertEqual(self.program("def").failure["status"], "SYNTAX_ERROR")

    def test_inputs_are_its_global_names(self) -> None:
        self.assertEqual(self.execute_with(Parts(inputs=b'{"a":1.50}'), "print(a)", "program").stdout, "1.5\n")

    def test_warnings_of_the_compiler_come_once_and_with_their_line(self) -> None:
        script = "import re\nprint(re.findall('\\d', 'a1'))\nassert 1 is 1\n'\\d' is 1"
        for mode in ("program", "script"):
            with self.subTest(mode):
                stderr = self.execute(script, mode=mode).stderr
                # Python's own number of them, whatever it is: it compiles the text once.
                self.assertEqual(stderr.count("script.py:2:"), 1, stderr)
                self.assertEqual(stderr.count("script.py:3:"), 1, stderr)
                self.assertIn("print(re.findall('\\d', 'a1'))", stderr)


class Components(WarmCase):
    def component(self, script: str, inputs: bytes | None = None, **limits: int) -> Report:
        return self.execute_with(Parts(inputs=inputs), script, "component", **limits)

    def test_main_gets_its_arguments_as_they_were_sent(self) -> None:
        script = "from datetime import date, datetime\nfrom decimal import Decimal\ndef main(a: datetime, b: date, c: 'Decimal'): return [a, b, c]"
        inputs = b'{"a":"2024-01-02","b":"","c":1.50}'
        self.assertEqual(self.component(script, inputs).result, ["2024-01-02", "", 1.5])
        self.assertEqual(self.execute_with(Parts(inputs=inputs), script).failure["status"], "INVALID_INPUTS")

    def test_arguments_that_do_not_fit_are_named(self) -> None:
        failure = self.component("def main(a): return a", b'{"b":1}').failure
        self.assertEqual((failure["status"], "main(a)" in failure["message"]), ("INVALID_INPUTS", True))

    def test_it_has_no_warnings_that_python_shows_of_programs_only(self) -> None:
        script = "import re, warnings\ndef main():\n    re.findall('\\d', '1'); '\\400'\n    warnings.warn('old', DeprecationWarning)\n    return 1"
        self.assertEqual((self.component(script).result, self.component(script).stderr), (1, ""))
        self.assertIn("DeprecationWarning: old", self.execute(script).stderr)

    def test_other_warnings_are_shown_and_those_that_it_asks_for(self) -> None:
        stderr = self.component("import warnings\ndef main():\n    warnings.warn('mind')\n    return 1 is 1").stderr
        self.assertIn("UserWarning: mind", stderr)
        self.assertIn("SyntaxWarning", stderr)
        asked = "import warnings\nwarnings.simplefilter('always')\ndef main(): warnings.warn('old', DeprecationWarning)"
        self.assertIn("DeprecationWarning: old", self.component(asked).stderr)

    def left(self, body: str, **limits: int) -> tuple[list[str], str]:
        report = self.component(f"import os\ndef main():\n    {body}\n    return 7", **limits)
        self.assertEqual(report.result, 7)
        return [name for name, _ in report.artifacts], report.stderr

    def test_files_that_fit_are_kept_without_a_word(self) -> None:
        self.assertEqual(self.left("[open(f'output/{n}', 'wb').write(bytes(10)) for n in range(4)]", files=4, artifactBytes=40), (list("0123"), ""))

    def test_a_file_that_is_too_large_is_left_out_and_told(self) -> None:
        names, stderr = self.left("open('output/a', 'wb').write(bytes(41)); open('output/b', 'wb').write(bytes(40))", files=4, artifactBytes=40)
        self.assertEqual(names, ["b"])
        self.assertIn("at most 4, of 40 bytes together", stderr)
        self.assertIn("output/a, which has 41 bytes", stderr)
        self.assertEqual(stderr.count("\n"), 1)

    def test_files_beyond_the_most_are_left_out_and_told(self) -> None:
        body = "os.mkdir('output/5'); [open(f'output/{n}', 'w') for n in ('1', '2', '3', '5/1', '5/2', '6')]"
        names, stderr = self.left(body, files=4, artifactBytes=40)
        self.assertEqual(names, ["1", "2", "3", "5/1"])
        self.assertIn("there are more files", stderr)

    def test_names_of_files_cannot_break_what_is_told(self) -> None:
        body = r"open(os.fsencode('output/') + b'\xff\n', 'wb').write(bytes(99)); [open('output/' + 'x' * 200 + str(n), 'wb').write(bytes(99)) for n in range(40)]"
        names, stderr = self.left(body, files=64, artifactBytes=40)
        self.assertEqual(names, [])
        self.assertLess(len(stderr), 2_200)
        self.assertEqual(stderr.count("\n"), 1)

    def test_what_is_told_does_not_keep_a_result_that_has_closed_stderr(self) -> None:
        self.assertEqual(self.left("open('output/a', 'wb').write(bytes(41)); os.close(2)", files=4, artifactBytes=40), ([], ""))

    def test_a_failure_keeps_what_fits(self) -> None:
        report = self.component("def main():\n    open('output/a', 'w').write('x'); open('output/b', 'wb').write(bytes(99))\n    1 / 0", files=4, artifactBytes=40)
        self.assertEqual((report.failure["status"], report.artifacts), ("SCRIPT_ERROR", [("a", b"x")]))

    def test_figures_that_cannot_be_kept_are_left_out(self) -> None:
        imports = "import matplotlib.pyplot as plt\n"
        for body, told in (
            (r"plt.title('$\\foo{x$')", "could not be drawn"),
            ("plt.subplots(figsize=(400, 400))", "MemoryError"),
        ):
            with self.subTest(body):
                script = f"{imports}def main():\n    open('output/a', 'w').write('x'); {body}; plt.figure()\n    return 7"
                runner = self.runner("--packages", folders.packages_folder(), memoryBytes=256 << 20)
                report = runner.execute(script, "component", "packages")
                self.assertEqual((report.result, [name for name, _ in report.artifacts]), (7, ["a", "figure-2.png"]), report.stderr)
                self.assertIn(told, report.stderr)
                self.assertEqual(report.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()

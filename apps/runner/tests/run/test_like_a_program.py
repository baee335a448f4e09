"""What a script may expect because CPython gives it to every program."""

from __future__ import annotations

import subprocess
import sys
import unittest

from ..runner_case import RunnerCase, WarmCase

_DEEPEST = "def deep(n=1):\n    try: return deep(n + 1)\n    except RecursionError: return n\ndef main(): return deep()"


class LikeAProgram(RunnerCase):
    def test_recursion_goes_as_deep(self) -> None:
        printed = subprocess.run([sys.executable, "-c", f"{_DEEPEST}\nprint(main())"], capture_output=True, check=True)
        self.assert_result(_DEEPEST, int(printed.stdout))

    def test_the_stream_of_output_may_be_wrapped_anew(self) -> None:
        for wrap in (
            "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')",
            "sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding='utf-8')",
            "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, line_buffering=True)",
            "sys.stdout = codecs.getwriter('utf-8')(sys.stdout.buffer)",
            "sys.stdout.reconfigure(encoding='utf-8')",
            "sys.stdout = open(1, 'w', closefd=False)",
            "sys.stderr = io.TextIOWrapper(sys.stderr.buffer, encoding='utf-8')",
        ):
            with self.subTest(wrap):
                report = self.assert_result(f"import codecs, io, sys\n{wrap}\ndef main():\n    print('é')\n    return 1", 1)
                self.assertEqual(report.stdout, "é\n")

    def test_streams_say_that_they_cannot_seek(self) -> None:
        self.assert_result("import sys\ndef main(): return [sys.stdout.seekable(), sys.stderr.seekable()]", [False, False])

    def test_help_explains(self) -> None:
        self.assertIn("Return the number of items", self.assert_result("def main(): help(len)", None).stdout)

    def test_warnings_of_its_own_are_shown(self) -> None:
        report = self.assert_result("import warnings\ndef main():\n    warnings.warn('soon gone', DeprecationWarning)\n    return 1", 1)
        self.assertIn("DeprecationWarning: soon gone", report.stderr)

    def test_exit_and_quit_end_the_script(self) -> None:
        for name in ("exit", "quit"):
            self.assert_failure(f"def main(): {name}(3)", "SCRIPT_EXITED")

    def test_there_is_a_home_and_a_user(self) -> None:
        script = "import getpass, os, pathlib\ndef main(): return [pathlib.Path.home() == pathlib.Path.cwd(), getpass.getuser(), os.path.expanduser('~/x') == os.getcwd() + '/x']"
        self.assert_result(script, [True, "sandbox", True])

    def test_frames_of_code_that_the_script_compiled_are_shown(self) -> None:
        script = "def main():\n    exec(compile('def f():\\n    raise ValueError(3)\\n', '<student>', 'exec'), ns := {})\n    ns['f']()"
        failure = self.assert_failure(script, "SCRIPT_ERROR", "ValueError: 3 (line 3)").failure
        self.assertIn('File "<student>", line 2, in f', failure["traceback"])

    def test_frames_of_the_library_are_not(self) -> None:
        failure = self.assert_failure("import json\ndef main(): json.loads('{')", "SCRIPT_ERROR").failure
        self.assertEqual(failure["traceback"].count("  File "), 1)


class Suggestions(RunnerCase):
    def test_are_those_of_cpython_in_message_and_traceback(self) -> None:
        for script, suggestion in (
            ("def main():\n    total = 1\n    return totl", "NameError: name 'totl' is not defined. Did you mean: 'total'?"),
            ("def main(): return [].appendd", "AttributeError: 'list' object has no attribute 'appendd'. Did you mean: 'append'?"),
            ("class A:\n    length = 1\ndef main(): return A().lenght", "AttributeError: 'A' object has no attribute 'lenght'. Did you mean: 'length'?"),
        ):
            with self.subTest(script):
                failure = self.execute(script).failure
                line = f" (line {failure['line']})"
                self.assertEqual(failure["message"], suggestion + line)
                self.assertTrue(failure["traceback"].endswith(suggestion), failure["traceback"])

    def test_nothing_is_added_where_there_is_none(self) -> None:
        self.assert_failure("def main(): return nothing_like_it_at_all", "SCRIPT_ERROR", "NameError: name 'nothing_like_it_at_all' is not defined (line 1)")
        self.assert_failure("def main(): raise NameError('x. Did you mean: \\'y\\'?')", "SCRIPT_ERROR", "NameError: x. Did you mean: 'y'? (line 1)")


class Columns(RunnerCase):
    def test_within_f_strings_are_those_of_the_line(self) -> None:
        failure = self.execute('def main():\n    a = b = 1\n    return f"{a b}"').failure
        self.assertEqual((failure["line"], failure.get("column")), (3, 15))
        failure = self.execute('def main():\n    return f"{a b}{a b}"').failure
        self.assertEqual(failure["line"], 2)
        self.assertIn(failure.get("column"), (None, 15))  # up to 3.11 it cannot be known


class WarmLikeAProgram(WarmCase, LikeAProgram):
    pass


if __name__ == "__main__":
    unittest.main()

"""How scripts end, end to end: results, exceptions, exits, syntax, memory."""

from __future__ import annotations

import unittest

from ..driver import MIB
from ..runner_case import RunnerCase


class Results(RunnerCase):
    def test_a_run_says_its_outcome_and_the_supervisor_tells_output_and_end_in_this_order(self) -> None:
        report = self.assert_result('def main():\n    print("hi")\n    return {"a": 1}', {"a": 1})
        self.assertEqual(report.run_order, ["READY", "OUTCOME"])
        self.assertEqual(report.order, ["STDOUT", "ENDED", "GONE"])
        self.assertEqual(report.from_run[1].run, 0)
        self.assertEqual(report.stdout, "hi\n")
        ended = report.ended
        self.assertEqual((ended["exitCode"], ended["signal"]), (None, None))
        self.assertGreater(ended["runMs"], 0)

    def test_what_it_used_is_reported_in_totals_from_before_the_script_on(self) -> None:
        script = "def main():\n    x = bytearray(50 << 20)\n    return sum(range(2_000_000)) and len(x)"
        report = self.assert_result(script, 50 << 20)
        self.assertGreater(report.ended["cpuMs"], report.ready["cpuMs"])
        grown = report.ended["peakResidentBytes"] - report.ready["residentBytes"]
        self.assertTrue(45 * MIB < grown < 80 * MIB, grown)

    def test_main_may_be_anything_that_can_be_called(self) -> None:
        self.assert_result("main = lambda: 1", 1)
        self.assert_result("class main:\n    def __new__(cls): return 2", 2)
        self.assert_result("import functools\nmain = functools.partial(int, '3')", 3)
        self.assert_result("main = int", 0)
        self.assertGreater(self.execute("from os import getpid as main").result, 0)

    def test_no_main_is_reported_after_the_module_body_has_run(self) -> None:
        message = "Script must contain a main() function"
        for script in ("", "x = 1", "main = 1", "class A:\n    def main(self): pass", "def main(): pass\ndel main"):
            self.assert_failure(script, "MAIN_MISSING", message)
        self.assertEqual(self.assert_failure("print('body')", "MAIN_MISSING").stdout, "body\n")

    def test_a_main_that_is_defined_by_any_means_counts(self) -> None:
        self.assert_result("globals()['main'] = lambda: 1", 1)
        self.assert_result("exec('def main(): return 2')", 2)

    def test_an_async_main_is_awaited(self) -> None:
        self.assert_result("import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 1", 1)
        self.assert_result("async def f(): return 2\ndef main(): return f()", 2)
        self.assert_failure("async def main():\n    1 / 0", "SCRIPT_ERROR", "ZeroDivisionError: division by zero (line 2)")
        self.assert_failure("async def main():\n    yield 1", "RESULT_NOT_SERIALIZABLE", "...async_generator...")

    def test_the_main_guard_does_not_run_main_twice(self) -> None:
        script = 'def main():\n    print("once")\n    return __name__\nif __name__ == "__main__":\n    main()'
        self.assertEqual(self.assert_result(script, "script").stdout, "once\n")

    def test_classes_of_the_script_work_with_what_looks_their_module_up(self) -> None:
        script = (
            "from __future__ import annotations\n"
            "import dataclasses, pickle, typing, inspect, doctest, enum\n"
            "@dataclasses.dataclass(slots=True)\nclass P:\n    x: int\n    n: typing.ClassVar[int] = 1\n"
            "class N(typing.NamedTuple):\n    a: int\n"
            "class T(typing.TypedDict):\n    a: P\n"
            "def f():\n    '''\n    >>> f()\n    1\n    '''\n    return 1\n"
            "def main():\n"
            "    hints = typing.get_type_hints(T)['a'] is P and typing.get_type_hints(P)['x'] is int\n"
            "    source = inspect.getsource(f).startswith('def f')\n"
            "    return [pickle.loads(pickle.dumps([P(1), N(2)])), hints, source, doctest.testmod().attempted]\n"
        )
        self.assert_result(script, [[{"x": 1}, [2]], True, True, 1])

    def test_the_runner_is_not_there_to_be_imported(self) -> None:
        script = "def main():\n    try:\n        import pycell_runner\n    except ImportError as e:\n        return str(e)"
        self.assert_result(script, "No module named 'pycell_runner'")

    def test_the_script_sees_no_arguments_and_of_the_environment_only_its_home_and_its_user(self) -> None:
        script = "import os, sys\ndef main(): return [sorted(os.environ), {os.environ['TMPDIR'], os.environ['HOME']} == {os.getcwd()}, sys.argv]"
        self.assert_result(script, [["HOME", "TMPDIR", "USER"], True, ["script.py"]])

    def test_standard_input_is_empty(self) -> None:
        self.assert_failure("def main(): input()", "SCRIPT_ERROR", "EOFError: EOF when reading a line (line 1)")
        self.assert_result("import sys\ndef main(): return [sys.stdin.read(), sys.__stdin__.read()]", ["", ""])

    def test_a_result_of_exactly_the_limit_passes_and_one_byte_more_does_not(self) -> None:
        self.assert_result("def main(): return 'x' * 98", "x" * 98, resultBytes=100)
        report = self.assert_failure("def main(): return 'x' * 99", "RESULT_TOO_LARGE", resultBytes=100)
        self.assertEqual(report.failure["message"], "it has 101")

    def test_a_large_result_comes_whole(self) -> None:
        self.assert_result("def main(): return 'é' * 2_000_000", "é" * 2_000_000)

    def test_a_result_without_json_form_is_named_with_its_path(self) -> None:
        script = "class Thing: pass\ndef main(): return {'rows': [1, Thing()]}"
        message = 'Return value cannot become JSON: result["rows"][1] is a Thing, which has no JSON form'
        self.assert_failure(script, "RESULT_NOT_SERIALIZABLE", message)

    def test_a_path_of_any_length_makes_a_bounded_message(self) -> None:
        report = self.assert_failure("def main(): return {'k' * 3_000_000: len}", "RESULT_NOT_SERIALIZABLE", resultBytes=10)
        self.assertLess(len(report.failure["message"]), 5000)

    def test_a_result_whose_methods_end_the_program_is_not_a_result(self) -> None:
        for statement in ("raise SystemExit", "raise KeyboardInterrupt", "raise GeneratorExit", "1 / 0"):
            script = f"class L(list):\n    def __iter__(self):\n        {statement}\ndef main(): return [L()]"
            self.assert_failure(script, "RESULT_NOT_SERIALIZABLE", "...raised...")


class Exceptions(RunnerCase):
    def test_an_exception_is_reported_with_its_place_and_the_output_before_it(self) -> None:
        report = self.assert_failure("print('start')\ndef main():\n    return 1 / 0", "SCRIPT_ERROR")
        self.assertEqual(report.stdout, "start\n")
        self.assertEqual((report.failure["line"], report.failure["column"]), (3, 12))
        self.assertNotIn("pycell_runner", report.failure["traceback"])

    def test_every_way_to_exit_is_reported_as_an_exit(self) -> None:
        for call, status in (
            ("sys.exit()", ""), ("sys.exit(0)", "0"), ("sys.exit(3)", "3"), ("sys.exit('bye')", "'bye'"), ("exit(1)", "1"),
            ("raise SystemExit", ""), ("raise SystemExit((1, 2))", "(1, 2)"),
        ):  # fmt: skip
            site = "import sys, _sitebuiltins, builtins\nbuiltins.exit = _sitebuiltins.Quitter('exit', '')\n"
            message = f"Script called sys.exit({status}) instead of returning from main() (line 4)"
            self.assert_failure(f"{site}def main():\n    {call}", "SCRIPT_EXITED", message)

    def test_an_exit_with_an_object_that_cannot_be_shown_is_still_an_exit(self) -> None:
        script = "class C:\n    def __repr__(self): 1 / 0\ndef main(): raise SystemExit(C())"
        self.assert_failure(script, "SCRIPT_EXITED", "...sys.exit(C)...")

    def test_exceptions_outside_of_exception_are_errors_of_the_script(self) -> None:
        for name in ("KeyboardInterrupt", "GeneratorExit", "BaseException", "StopIteration"):
            self.assert_failure(f"def main(): raise {name}", "SCRIPT_ERROR", f"{name} (line 1)")
        self.assert_failure("import asyncio\nasync def main(): raise asyncio.CancelledError", "SCRIPT_ERROR")

    def test_an_exception_in_a_finalizer_is_printed_and_does_not_stop_the_run(self) -> None:
        report = self.assert_result("class A:\n    def __del__(self): 1 / 0\ndef main():\n    A()\n    return 1", 1)
        self.assertIn("ZeroDivisionError", report.stderr)

    def test_recursion_without_end_is_an_error_of_the_script(self) -> None:
        self.assert_failure("def main(): return main()", "SCRIPT_ERROR", "...RecursionError: maximum recursion depth...")

    def test_warnings_go_to_stderr(self) -> None:
        report = self.assert_result("def main():\n    import warnings\n    warnings.warn('w')\n    return 1 is 1", True)
        self.assertIn("SyntaxWarning", report.stderr)
        self.assertIn("UserWarning: w", report.stderr)

    def test_lines_are_python_s_whatever_else_breaks_a_line_elsewhere(self) -> None:
        for text in ("# \u2028 \x0c \x1c \x85\n", "\f\n", "'\u2029'\n"):
            self.assertEqual(self.assert_failure(f"{text}def main():\n    1 / 0", "SCRIPT_ERROR").failure["line"], 3)
        report = self.assert_failure("x = 1\r\ndef main():\r\n    1 / 0\r\n", "SCRIPT_ERROR")
        self.assertEqual((report.failure["line"], report.failure["column"]), (3, 5))
        self.assertIn("    1 / 0", report.failure["traceback"])

    def test_a_coding_cookie_is_only_a_comment(self) -> None:
        self.assert_result("# -*- coding: latin-1 -*-\ndef main(): return 'é'", "é")


class Syntax(RunnerCase):
    def test_what_python_does_not_accept_is_reported_in_its_words(self) -> None:
        report = self.assert_failure("def main(:", "SYNTAX_ERROR", "SyntaxError: invalid syntax (line 1, column 10)")
        self.assertEqual((report.failure["line"], report.failure["column"]), (1, 10))
        self.assertEqual(report.run_order, ["READY", "OUTCOME"])

    def test_null_bytes_and_unpaired_surrogates_are_syntax_errors(self) -> None:
        self.assert_failure("x = 1\0", "SYNTAX_ERROR", "...null bytes...")
        self.assert_failure("x = '\ud800'", "SYNTAX_ERROR", "...surrogates not allowed...")

    def test_what_is_too_deep_for_the_compiler_is_a_syntax_error(self) -> None:
        deep = ("(" * 300 + ")" * 300, "-" * 20_000 + "1", "x" + ".a" * 20_000, "x = " + "[" * 150 + "]" * 150)
        for script in (*deep[:3], "\n".join(" " * i + "if 1:" for i in range(120))):
            self.assert_failure(script, "SYNTAX_ERROR")

    def test_compiling_executes_nothing_of_the_script(self) -> None:
        report = self.execute("print('no')\n1 / 0", mode="compile")
        self.assertEqual((report.result, report.stdout, report.status), (None, "", "OK"))
        report = self.execute("import os; os._exit(3)", mode="compile")
        self.assertEqual((report.result, report.status), (None, "OK"))

    def test_compiling_tells_syntax_errors_and_warnings(self) -> None:
        self.assertEqual(self.execute("def", mode="compile").failure["status"], "SYNTAX_ERROR")
        self.assertIn("SyntaxWarning", self.execute("1 is 1", mode="compile").stderr)


class Memory(RunnerCase):
    def assert_memory_limit(self, body: str, memory_mib: int = 64) -> None:
        report = self.assert_failure(body, "MEMORY_LIMIT", memoryBytes=memory_mib * MIB)
        self.assertIn("MemoryError", report.failure["message"])

    def test_one_large_object_is_too_much(self) -> None:
        self.assert_memory_limit("def main(): return bytearray(1 << 30)")
        self.assert_memory_limit("def main(): return 'x' * (1 << 30)")
        self.assert_memory_limit("def main(): return [0] * (1 << 28)")
        self.assert_memory_limit("import mmap\ndef main():\n    try:\n        mmap.mmap(-1, 1 << 30)\n    except OSError:\n        raise MemoryError")

    def test_many_small_objects_are_too_much(self) -> None:
        self.assert_memory_limit("def main():\n    x = []\n    while True:\n        x.append([])")
        self.assert_memory_limit("def main():\n    x = {}\n    while True:\n        x[len(x)] = str(len(x))")
        self.assert_memory_limit("def main():\n    x = None\n    while True:\n        x = (x,)")

    def test_memory_filled_to_the_last_byte_can_still_be_told(self) -> None:
        fill = "x = []\nsize = 1 << 24\nwhile size > 16:\n    try:\n        x.append(bytes(size))\n    except MemoryError:\n        size //= 2\n"
        self.assert_memory_limit(f"{fill}def main():\n    y = []\n    while True: y.append(object())")

    def test_a_result_returned_with_the_memory_full_is_reported_or_refused_for_it(self) -> None:
        fill = "x = []\nsize = 1 << 24\nwhile size > 16:\n    try:\n        x.append(bytes(size))\n    except MemoryError:\n        size //= 2\n"
        report = self.execute(f"{fill}def main(): return 1", memoryBytes=64 * MIB)
        self.assertEqual(report.status, "OK")
        report = self.execute("x = ['abc'] * 4_000_000\ndef main(): return x", memoryBytes=64 * MIB)
        self.assertEqual(report.failure["status"], "MEMORY_LIMIT")

    def test_a_recursion_that_takes_all_the_memory_is_reported(self) -> None:
        script = "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1)\ndef main(): return f(0)"
        report = self.execute(script, memoryBytes=64 * MIB)
        if report.status == "OK":
            self.assertIn(report.failure["status"], ("MEMORY_LIMIT", "SCRIPT_ERROR"))
        else:  # an interpreter whose calls take the C stack meets its end first
            self.assertEqual((report.status, report.ended["signal"]), ("SCRIPT_CRASHED", "SIGSEGV"))

    def test_a_memory_error_that_the_script_handles_changes_nothing(self) -> None:
        script = "def main():\n    try:\n        bytearray(1 << 30)\n    except MemoryError:\n        return 'handled'"
        self.assert_result(script, "handled")

    def test_the_limit_counts_what_the_script_takes_not_what_the_interpreter_has(self) -> None:
        self.assert_result("def main(): return len(bytearray(50 << 20))", 50 << 20, memoryBytes=64 * MIB)


if __name__ == "__main__":
    unittest.main()

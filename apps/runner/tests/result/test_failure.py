"""How a failure of a script is described: position, message and traceback. End to end cases: test_outcomes.py."""

from __future__ import annotations

import traceback
import unittest
from typing import Any
from unittest import mock

from pycell_runner.protocol.outcome import payload_start
from pycell_runner.result.failure import Failure, describe, describe_compiler_limit, describe_syntax_error
from pycell_runner.result.source_text import source_lines

from ..report import split_payload


def fail(script: str) -> Failure:
    """Execute a script that raises and return its description."""
    namespace: dict[str, Any] = {"__name__": "script"}
    try:
        exec(compile(script, "script.py", "exec", dont_inherit=True), namespace)
    except BaseException as error:
        return describe(error, source_lines(script))
    raise AssertionError("the script did not raise")


def reject(script: str) -> Failure:
    """Compile a script that does not parse and return its description."""
    try:
        compile(script, "script.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return describe_syntax_error(error, script, source_lines(script))
    raise AssertionError("the script does compile")


class Positions(unittest.TestCase):
    def test_line_and_column_are_those_of_the_failing_expression(self) -> None:
        failed = fail("x = 1\ny = x + (x / 0)\n")
        self.assertEqual((failed.line, failed.column), (2, 10))
        self.assertEqual(failed.message, "ZeroDivisionError: division by zero (line 2)")

    def test_columns_count_characters_not_bytes(self) -> None:
        self.assertEqual(fail('é = "日本😀"; 1 / 0').column, 12)
        self.assertEqual(fail("ñ = 0\nif True:\n\tñ, 1 / ñ").column, 5)

    def test_the_innermost_frame_of_the_script_counts_not_that_of_a_library(self) -> None:
        failed = fail("import json\ndef f():\n    return json.loads('{')\nf()\n")
        self.assertEqual((failed.line, failed.column), (3, 12))
        self.assertEqual(str(failed.traceback).count("File "), 2)
        self.assertNotIn("json/decoder", str(failed.traceback))

    def test_an_exception_that_never_met_the_script_has_no_position(self) -> None:
        failed = describe(ValueError("x"), [])
        self.assertEqual((failed.line, failed.column, failed.message), (None, None, "ValueError: x"))

    def test_only_what_ends_a_line_for_python_ends_one_here(self) -> None:
        self.assertEqual(source_lines("a\fb\n\x0bc\x1cd\r\ne\u2028f\rg\x85h\n"), ["a\fb", "\x0bc\x1cd", "e\u2028f", "g\x85h", ""])
        failed = fail("s = '\u2028 \f \x1c'\nt = 'é'; 1 / 0\n")
        self.assertEqual((failed.line, failed.column), (2, 10))

    def test_an_expression_over_several_lines_is_placed_where_it_begins(self) -> None:
        failed = fail("x = (\n    1\n    /\n    0\n)\n")
        self.assertEqual((failed.line, failed.column), (2, 5))


class SyntaxErrors(unittest.TestCase):
    def test_python_s_own_words_line_and_column_are_kept(self) -> None:
        failed = reject("x = 1\ndef main(:\n")
        self.assertEqual((failed.status, failed.line, failed.column), ("SYNTAX_ERROR", 2, 10))
        self.assertEqual(failed.message, "SyntaxError: invalid syntax (line 2, column 10)")
        self.assertIn("def main(:", str(failed.traceback))

    def test_columns_count_characters_whoever_found_the_error(self) -> None:
        for script in ("é = 'é'; x = )", "é = 'é'; return", "é = 'é'; await x"):
            with self.subTest(script):
                expected = 14 if script.endswith(")") else 10
                self.assertEqual(reject(script).column, expected)
        self.assertEqual(reject("def f(é, é): pass").line, 1)
        self.assertEqual(reject("é = 1; x = 'abc").column, 12)
        self.assertEqual(reject("é = 1; x = $").column, 12)

    def test_errors_of_indentation_have_a_line(self) -> None:
        self.assertEqual(reject("def f():\nreturn 1").line, 2)
        self.assertEqual(reject("if 1:\n\tx\n        y").line, 3)
        self.assertEqual(reject("  x = 1").line, 1)

    def test_an_error_at_the_end_of_the_script_has_a_line(self) -> None:
        self.assertEqual(reject("x = (1,\n").line, 1)
        self.assertGreaterEqual(reject('x = """abc\n\n').line or 0, 1)

    def test_names_that_are_not_strings_of_ours_are_no_trouble(self) -> None:
        self.assertIsNone(describe_syntax_error(SyntaxError("m"), "", []).line)

    def test_what_the_compiler_gives_up_on_is_a_syntax_error(self) -> None:
        self.assertIn("nests too deeply", describe_compiler_limit(MemoryError()).message)
        self.assertIn("nests too deeply", describe_compiler_limit(RecursionError("x")).message)
        self.assertEqual(describe_compiler_limit(ValueError("null bytes")).message, "ValueError: null bytes")


class Tracebacks(unittest.TestCase):
    def test_it_reads_as_python_writes_it(self) -> None:
        failed = fail("def f():\n    raise ValueError('no')\nf()\n")
        lines = str(failed.traceback).splitlines()
        self.assertEqual(lines[0], "Traceback (most recent call last):")
        self.assertIn('  File "script.py", line 3, in <module>', lines)
        self.assertIn('  File "script.py", line 2, in f', lines)
        self.assertEqual(lines[-1], "ValueError: no")

    def test_frames_of_the_runner_and_of_libraries_are_left_out(self) -> None:
        failed = fail("import json\njson.loads('x')\n")
        self.assertEqual(str(failed.traceback).count('File "'), 1)

    def test_causes_and_contexts_are_shown(self) -> None:
        failed = fail("try:\n    1 / 0\nexcept Exception as e:\n    raise KeyError('k') from e\n")
        self.assertIn("ZeroDivisionError: division by zero", str(failed.traceback))
        self.assertIn("direct cause", str(failed.traceback))
        self.assertEqual((failed.line, failed.message), (4, "KeyError: 'k' (line 4)"))
        failed = fail("try:\n    1 / 0\nexcept Exception:\n    {}['k']\n")
        self.assertIn("During handling", str(failed.traceback))

    def test_groups_are_shown_with_their_members(self) -> None:
        failed = fail(
            "class Mine(Exception): pass\ndef f():\n    raise Mine('inner')\n"
            "try:\n    f()\nexcept Mine as e:\n    raise ExceptionGroup('all', [e, TypeError('t')])\n"
        )
        self.assertEqual(failed.message, "ExceptionGroup: all (2 sub-exceptions) (line 7)")
        self.assertIn("| Mine: inner", str(failed.traceback))
        self.assertIn("| TypeError: t", str(failed.traceback))
        self.assertNotIn(__file__, str(failed.traceback))

    def test_notes_are_shown(self) -> None:
        self.assertIn("\na note", str(fail("e = ValueError('x')\ne.add_note('a note')\nraise e").traceback))

    def test_classes_of_the_script_are_shown_without_its_module_name(self) -> None:
        script = (
            "class Outer:\n    class Mine(Exception): pass\n"
            "try:\n    raise Outer.Mine('a')\nexcept Exception as e:\n    raise Outer.Mine('b') from e\n"
        )
        failed = fail(script)
        self.assertEqual(failed.message, "Outer.Mine: b (line 6)")
        self.assertNotIn("script.Outer", str(failed.traceback))

    def test_classes_of_libraries_are_shown_with_theirs(self) -> None:
        failed = fail("import json\njson.loads('x')\n")
        self.assertTrue(failed.message.startswith("json.decoder.JSONDecodeError: Expecting value"), failed.message)

    def test_lines_of_a_message_are_not_altered(self) -> None:
        failed = fail("raise ValueError('a\\nscript.py is missing\\nscript.x')")
        self.assertTrue(str(failed.traceback).endswith("ValueError: a\nscript.py is missing\nscript.x"))
        self.assertEqual(failed.message, "ValueError: a\nscript.py is missing\nscript.x (line 1)")

    def test_a_recursion_is_folded(self) -> None:
        failed = fail("def f(): f()\nf()\n")
        self.assertIn("Previous line repeated", str(failed.traceback))
        self.assertLess(len(str(failed.traceback)), 2000)


class HostileExceptions(unittest.TestCase):
    def test_a_long_message_is_shortened_in_its_middle(self) -> None:
        failed = fail("raise ValueError('a' * 1000000 + 'end')")
        self.assertLess(len(failed.message), 5000)
        self.assertLess(len(str(failed.traceback)), 40_000)
        self.assertIn("characters left out", failed.message)
        self.assertTrue(failed.message.endswith("end (line 1)"))

    def test_an_exception_whose_str_raises_still_has_a_type_and_a_position(self) -> None:
        for body in ("1 / 0", "raise KeyboardInterrupt", "raise SystemExit", "return 5", "raise self"):
            failed = fail(f"class Bad(Exception):\n    def __str__(self):\n        {body}\nraise Bad()\n")
            self.assertEqual(failed.message, "Bad: (its message cannot be shown) (line 4)")
            self.assertIn('File "script.py", line 4', str(failed.traceback))

    def test_a_str_that_returns_a_lying_subclass_is_taken_at_its_text(self) -> None:
        script = (
            "class Liar(str):\n    def __len__(self): return 0\n    def __getitem__(self, i): return 5\n"
            "    def __format__(self, s): raise ValueError\n    def __str__(self): return 5\n"
            "class Bad(Exception):\n    def __str__(self): return Liar('the text')\nraise Bad()\n"
        )
        self.assertEqual(fail(script).message, "Bad: the text (line 8)")

    def test_a_class_that_lies_about_its_name_does_no_harm(self) -> None:
        for line in ("__module__ = 5", "__module__ = 'x' * 100000", "__qualname__ = 'y' * 100000"):
            failed = fail(f"class Bad(Exception):\n    {line}\nraise Bad('m')\n")
            self.assertEqual(failed.line, 3)
            self.assertLess(len(failed.message), 5000)
        meta = "class M(type):\n    def __getattribute__(cls, n): raise ValueError(n)\nclass Bad(Exception, metaclass=M): pass\n"
        self.assertEqual(fail(f"{meta}raise Bad()").status, "SCRIPT_ERROR")

    def test_chains_and_groups_of_any_length_are_described(self) -> None:
        chain = "e = None\nfor i in range(20000):\n    n = ValueError(i)\n    n.__cause__ = e\n    e = n\nraise e\n"
        failed = fail(chain)
        self.assertEqual(failed.message, "ValueError: 19999 (line 6)")
        self.assertLess(len(str(failed.traceback)), 40_000)
        group = "e = ValueError(0)\nfor i in range(500):\n    e = ExceptionGroup('g', [e])\nraise e\n"
        self.assertEqual(fail(group).line, 4)

    def test_a_chain_that_bites_its_tail_is_described(self) -> None:
        failed = fail("a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a\n")
        self.assertEqual(failed.message, "ValueError: a (line 3)")

    def test_the_message_survives_a_traceback_module_that_the_script_broke(self) -> None:
        with mock.patch.object(traceback.TracebackException, "format", side_effect=ValueError):
            failed = fail("1 / 0")
        self.assertEqual((failed.message, failed.traceback), ("ZeroDivisionError: division by zero (line 1)", None))

    def test_the_payload_is_ascii_whatever_the_message(self) -> None:
        outcome = fail("raise ValueError('é\\ud800\\0\"\\\\')").to_outcome()
        payload = payload_start(outcome, ())
        payload[4:].decode("ascii")  # before it the length, which is no text
        self.assertEqual(outcome[1], b"")
        self.assertEqual(split_payload(payload)[0]["message"], 'ValueError: é\ud800\0"\\ (line 1)')

    def test_facts_that_are_not_known_are_left_out_of_the_payload(self) -> None:
        head, _ = split_payload(payload_start(Failure("MAIN_MISSING", "m").to_outcome(), ()))
        self.assertEqual(head, {"status": "MAIN_MISSING", "message": "m", "sections": []})


if __name__ == "__main__":
    unittest.main()

"""Scripts described as a whole: refused ones, hostile ones, and that nothing of them is executed."""

from __future__ import annotations

import json
import sys
import unittest
import warnings
from typing import Any, Final
from unittest import mock

from pycell_runner.validation import validate as module
from pycell_runner.validation.validate import validate

from .described import describe, parameters

NOTHING: Final[dict[str, list[str]]] = {"known": [], "missing": []}
#: More than any answer should have: some 1 MB of script decide it.
MAX_ANSWER_BYTES = 1_000_000


class Refused(unittest.TestCase):
    def refused(self, script: str) -> Any:
        described = describe(script)
        self.assertEqual((described["imports"], described["main"]), (NOTHING, None))
        return described["syntaxError"]

    def test_in_cpython_s_words_with_line_and_column(self) -> None:
        self.assertEqual(
            self.refused("x = 1\ndef main(:\n"),
            {"error": "SyntaxError: invalid syntax (line 2, column 10)", "line": 2, "column": 10, "hint": None},
        )

    def test_for_what_only_the_compiler_finds(self) -> None:
        self.assertEqual(self.refused("é = 'é'; return 1")["column"], 10)
        self.assertIn("duplicate argument", self.refused("def main(a, a): pass")["error"])

    def test_with_the_hint_that_a_run_gives(self) -> None:
        self.assertIn("Leave out the ``` lines", self.refused("```python\ndef main(): pass\n```")["hint"])

    def test_for_null_bytes_and_unpaired_surrogates(self) -> None:
        self.assertIn("null bytes", self.refused("\0")["error"])
        self.assertTrue(self.refused("x = '\ud800'")["error"])

    def test_for_what_the_compiler_gives_up_on(self) -> None:
        for script in ("(" * 100_000, "x = " + "-" * 900_000 + "1", "x = " + "[" * 300 + "]" * 300, "x = a" + ".b" * 400_000):
            with self.subTest(script[:20]):
                self.assertTrue(self.refused(script)["error"])

    def test_where_a_part_of_ours_fails(self) -> None:
        for error, text in (
            (RecursionError(), "nests too deeply"),
            (MemoryError(), "too large"),
            (KeyError("x"), "KeyError: the script could not be described"),
        ):
            with mock.patch.object(module, "describe_main", side_effect=error):
                self.assertIn(text, self.refused("def main(): pass")["error"])


class NothingIsExecuted(unittest.TestCase):
    def test_of_module_decorators_defaults_annotations_and_classes(self) -> None:
        loud = "__import__('sys').modules.__setitem__('executed', 1)"
        script = (
            f"{loud}\nclass A(metaclass=print({loud})): x = {loud}\n"
            f"@print({loud})\ndef main(a: {loud} = {loud}, b: '{loud.replace(chr(39), chr(34))}' = 1, *, c=({loud},)) -> {loud}: pass\n"
        )
        described = describe(script)
        self.assertEqual(list(described["main"]["parameters"]["properties"]), ["a", "b", "c"])
        self.assertNotIn("executed", sys.modules)

    def test_and_no_warning_is_shown(self) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.assertIsNone(describe("x = '\\d'\nx is 1\n")["syntaxError"])
        self.assertEqual(caught, [])


class Modes(unittest.TestCase):
    def test_a_script_without_main_has_none(self) -> None:
        self.assertEqual(describe("x = 1"), {"syntaxError": None, "imports": NOTHING, "main": None})

    def test_in_mode_script_main_is_nothing_special(self) -> None:
        described = json.loads(validate("import json\ndef main(a): pass", "script"))
        self.assertEqual(described, {"syntaxError": None, "imports": {"known": ["json"], "missing": []}, "main": None})


class Hostile(unittest.TestCase):
    def assert_bounded(self, script: str) -> Any:
        text = validate(script, "function")
        self.assertLess(len(text), MAX_ANSWER_BYTES)
        return json.loads(text)

    def test_many_and_long_names_are_bounded(self) -> None:
        many = ", ".join(f"a{number}=1" for number in range(50_000))
        schema = self.assert_bounded(f"def main({many}): pass")["main"]["parameters"]
        self.assertEqual((len(schema["properties"]), schema["additionalProperties"]), (200, True))
        long = self.assert_bounded(f"def main(a, {'b' * 900_000}): pass")["main"]["parameters"]
        self.assertEqual((list(long["properties"]), long["additionalProperties"]), (["a"], True))

    def test_long_docs_defaults_and_choices_are_bounded(self) -> None:
        described = self.assert_bounded(f"def main(a='{'x' * 500_000}'):\n    '''{'y' * 400_000}'''")["main"]
        self.assertEqual(described["parameters"]["properties"], {"a": {}})
        self.assertEqual((len(described["doc"]), described["doc"][-4:]), (4_000, "y..."))
        choices = ", ".join(f"'{number:0100}'" for number in range(90))
        many = ", ".join(f"a{number}: Literal[{choices}]" for number in range(100))
        self.assert_bounded(f"def main({many}): pass")

    def test_types_that_lead_to_themselves_or_multiply_are_bounded(self) -> None:
        doubling = "\n".join(f"A{number} = dict[A{number + 1}, A{number + 1}] | list[A{number + 1}]" for number in range(200))
        for before, annotation in (
            (doubling, "A0"),
            ("A = B\nB = A", "A"),
            ("A = 'A'", "A"),
            ("@dataclass\nclass A:\n    a: 'A'\n    b: 'list[A]'", "A"),
            ("class A(B): pass\nclass B(A): pass", "A"),
            (f"class A({'A,' * 50_000}): pass", "A"),
            ("@dataclass\nclass A:\n" + "    a: A\n" * 20_000, "A"),
            ("class A(B, B, B, B): pass\nclass B(A, A, A, A): pass", "A"),
            ("@dataclass\nclass A(B, B, B):\n    a: int\n@dataclass\nclass B(A, A, A):\n    b: int", "A"),
            ("", "list[" * 90 + "int" + "]" * 90),
            ("", " | ".join(["int"] * 2_000)),
            ("", "int" + ".x" * 2_000),
            ("", f"'{'(' * 190}'"),
        ):
            with self.subTest(before[:40] + annotation[:40]):
                self.assertIn("x", self.assert_bounded(f"{before}\ndef main(x: {annotation}): pass")["main"]["parameters"]["properties"])

    def test_deep_statements_are_walked(self) -> None:
        chain = "if a: pass\n" + "elif a: import json\n" * 1_500 + "else:\n    def main(x): pass\n"
        described = self.assert_bounded(chain)
        if described["syntaxError"] is None:  # how deep it may be, CPython's compiler decides
            self.assertEqual(list(described["main"]["parameters"]["properties"]), ["x"])
            self.assertEqual(described["imports"]["known"], ["json"])
        self.assertEqual(list(parameters("if a: pass\n" + "elif a: pass\n" * 90 + "else:\n    def main(x): pass\n")["properties"]), ["x"])

    def test_a_surrogate_in_a_literal_is_written(self) -> None:
        schema = parameters("def main(a='\\ud800'): pass")
        self.assertEqual(schema["properties"]["a"]["default"], "\ud800")


if __name__ == "__main__":
    unittest.main()

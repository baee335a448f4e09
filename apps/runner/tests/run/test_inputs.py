"""Inputs as the arguments of main, or as global names."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import unittest
from decimal import Decimal
from typing import Any

from pycell_runner.run.inputs import InvalidInputs, globals_for, needs_no_binding, parse_inputs

from ..driver import RUNNER
from .inputs_case import InputsCase, bind, namespace_of


class Parsing(unittest.TestCase):
    def test_keeps_integers_floats_and_the_order_of_members(self) -> None:
        parsed = parse_inputs(b' {"z": 1180591620717411303424, "a": 1.0, "m": [1e2, -0.0, 0, true, null, {"y": 1, "b": "\\u00e9"}]}\n')
        self.assertEqual(
            repr(parsed), "{'z': 1180591620717411303424, 'a': 1.0, 'm': [100.0, -0.0, 0, True, None, {'y': 1, 'b': 'é'}]}"
        )

    def test_reads_integers_of_any_size_and_leaves_the_limit_as_it_was(self) -> None:
        limit = sys.get_int_max_str_digits()
        self.assertEqual(parse_inputs(b'{"n": 1' + b"0" * 10_000 + b"}"), {"n": 10**10_000})
        with self.assertRaises(InvalidInputs):
            parse_inputs(b"{")
        self.assertEqual(sys.get_int_max_str_digits(), limit)

    def test_reads_surrogates(self) -> None:
        self.assertEqual(parse_inputs(b'{"a": "\\ud800", "b": "\xed\xa0\x80"}'), {"a": "\ud800", "b": "\ud800"})

    def test_refuses_what_is_no_object_of_json(self) -> None:
        for text in (b"", b"[]", b"1", b"null", b"{", b'{"a": NaN}', b'{"a": -Infinity}', b"{} {}", b'{"a": 1,}', b"\xff", b"[" * 100_000):
            with self.subTest(text[:20]), self.assertRaises(InvalidInputs) as caught:
                parse_inputs(text)
            self.assertTrue(caught.exception.message.startswith("inputs "), caught.exception.message)


class Bound(InputsCase):
    def test_to_whatever_can_be_called(self) -> None:
        for script in (
            "def main(a, b=2): pass",
            "async def main(*, a, b=2): pass",
            "class main:\n    def __init__(self, a, b=2): pass",
            "class C:\n    def __call__(self, a, b=2): pass\nmain = C()",
            "class C:\n    def f(self, a, b=2): pass\nmain = C().f",
            "class C:\n    @classmethod\n    def f(cls, a, b=2): pass\nmain = C.f",
            "import functools\ndef f(x, a, b=2): pass\nmain = functools.partial(f, 1)",
            "import functools\ndef f(a, b): pass\nmain = functools.partial(f, b=2)",
            "import functools\n@functools.lru_cache\ndef main(a, b=2): pass",
            "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g(*p, **k): return f(*p, **k)\n    return g\n@d\ndef main(a, b=2): pass",
            "import dataclasses\n@dataclasses.dataclass\nclass main:\n    a: int\n    b: int = 2",
            "main = lambda a, b=2: 1",
        ):
            with self.subTest(script):
                self.assert_bound(script, '{"a": 1}', {"a": 1})
                self.assert_bound(script, '{"b": "x", "a": null}', {"b": "x", "a": None})
                self.assertIn('"a" is missing', self.refused(script, '{"b": 1}').message)
                self.assertIn('"c" is unknown', self.refused(script, '{"a": 1, "c": 1}').message)
                if "@functools" not in script:  # a wrapper may give what is required
                    self.assertIn('"a" is missing', self.refused(script, None).message)

    def test_as_they_are_where_there_is_no_signature(self) -> None:
        for main in ("dict", "max", "type", "5"):
            self.assert_bound(f"main = {main}", '{"a": 1}', {"a": 1})
            self.assert_bound(f"main = {main}", None, {})

    def test_to_double_stars_in_their_order(self) -> None:
        self.assertEqual(list(bind("def main(a=1, **kw): pass", '{"z": 1, "a": 2, "b c": 3, "": 4}')), ["z", "a", "b c", ""])

    def test_by_the_name_that_python_reads(self) -> None:
        self.assert_bound("def main(\u00b5, ﬁ=1): pass", '{"\u00b5": 1, "ﬁ": 2}', {"\u03bc": 1, "fi": 2})
        self.assertIn("is unknown", self.refused("def main(fi): pass", '{"fi": 1, "ﬁ": 2}').message)
        self.assert_bound("def main(fi, **kw): pass", '{"fi": 1, "ﬁ": 2}', {"fi": 1, "ﬁ": 2})


class Refused(InputsCase):
    def test_with_all_that_is_missing_or_unknown(self) -> None:
        self.assert_refused(
            "def main(city, days=7, *, unit): pass",
            '{"citty": 1, "xyz": 2}',
            'The inputs do not fit main(city, days=7, *, unit): "city" and "unit" are missing; '
            '"citty" (did you mean "city"?) and "xyz" are unknown',
            'Send "inputs": {"city": ..., "unit": ..., "days": ...}.',
        )

    def test_where_none_were_sent_and_some_are_required(self) -> None:
        self.assert_refused(
            "def main(data): pass",
            None,
            'The request has no inputs for main(data): "data" is missing',
            'Send "inputs": {"data": ...}, or give "data" a default value.',
        )
        self.assert_bound("def main(data=1, **kw): pass", None, {})

    def test_where_main_takes_none(self) -> None:
        self.assert_refused(
            "def main(): pass",
            '{"n": 1}',
            'The inputs do not fit main(): "n" is unknown',
            "main takes no inputs: leave them out, or give main a parameter n.",
        )
        self.assertIn("give main parameters", self.refused("def main(): pass", '{"a b": 1}').hint)

    def test_where_a_parameter_has_no_name_for_a_call(self) -> None:
        self.assert_refused(
            "def main(a, b=1, /, c=2): pass",
            '{"b": 1}',
            'The inputs do not fit main(a, b=1, /, c=2): "a" and "b" cannot be given by name, as inputs are',
            "Remove the / from the parameters of main: inputs are given by name, main(**inputs).",
        )
        self.assert_bound("def main(a=1, /): pass", None, {})
        self.assert_bound("def main(a=1, /, **kw): pass", '{"a": 1}', {"a": 1})
        self.assertIn("Remove the /", self.refused("def main(a, /): pass", None).hint)

    def test_a_signature_shows_defaults_that_are_literals_and_asks_the_others_nothing(self) -> None:
        script = (
            "class Evil:\n    def __repr__(self): raise SystemExit\n    __str__ = __eq__ = __hash__ = __repr__\n"
            "class Text(str):\n    __repr__ = Evil.__repr__\n"
            "def main(x, a=1, b=1.5, c='é', d=True, e=None, f=Evil(), g=Text(), h=(), i=10**5000, j='y' * 999, *args, **kw): pass"
        )
        self.assertEqual(
            self.refused(script, "{}").message,
            "The inputs do not fit main(x, a=1, b=1.5, c='é', d=True, e=None, f=..., g=..., h=..., i=..., "
            f"j='{'y' * 27}...{'y' * 10}', *args, **kw): \"x\" is missing",
        )

    def test_names_of_any_number_and_length_are_cut(self) -> None:
        many = json.dumps({f"key{number}" * 50: 1 for number in range(20_000)})
        long = ", ".join(f"{'p' * 1_000}{number}" for number in range(200))
        self.assertIn("19992 more are unknown", self.refused(f"def main({long}): pass", many).message)
        self.assertIn("4 more are missing", self.refused("def main(a, b, c, d, e, f, g, h, i, j, k, l): pass", "{}").message)
        self.refused(f"def main({long}): pass", None)
        self.refused("def main(): pass", json.dumps({"\0\x1b" * 100_000: 1}))

    def test_names_are_written_so_that_they_end_where_they_end(self) -> None:
        self.assertIn('"a\\" is fine; \\"b" is unknown', self.refused("def main(): pass", '{"a\\" is fine; \\"b": 1}').message)


class Decorated(InputsCase):
    """What is called is the wrapper; what it says of itself need not be true."""

    INJECTS = "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g(*p, **k): return f(1, *p, **k)\n    return g\n@d\ndef main(db, a=2): return db\n"

    def test_without_inputs_a_wrapper_may_give_what_is_required(self) -> None:
        main = namespace_of(self.INJECTS)["main"]
        self.assertTrue(needs_no_binding(main))
        self.assertEqual(main(**bind(self.INJECTS, None)), 1)

    def test_with_inputs_the_wrapped_function_counts(self) -> None:
        self.assertIn('main(db, a=2): "db" is missing', self.refused(self.INJECTS, '{"a": 1}').message)

    def test_where_the_wrapper_cannot_take_them_python_says_so(self) -> None:
        script = "import functools\ndef f(a): pass\n@functools.wraps(f)\ndef main(): pass"
        with self.assertRaises(TypeError):
            namespace_of(script)["main"](**bind(script, '{"a": 1}'))

    def test_a_signature_that_lies_is_believed(self) -> None:
        script = "import inspect\ndef main(a): pass\nmain.__signature__ = inspect.Signature([inspect.Parameter('b', 1)])"
        self.assert_bound(script, '{"b": 1}', {"b": 1})
        self.assertIn('"a" is unknown', self.refused(script, '{"a": 1, "b": 1}').message)


class Hostile(InputsCase):
    def test_what_raises_instead_of_telling_its_signature_is_called_as_it_is(self) -> None:
        raising = "class M(type):\n    def __getattribute__(cls, name): raise SystemExit\n"
        for script in (
            *(f"class C:\n    @property\n    def __signature__(self): raise {error}\n    def __call__(self): pass\nmain = C()"
              for error in ("ValueError", "SystemExit", "KeyboardInterrupt", "GeneratorExit")),
            "class C:\n    def __getattr__(self, name): return C()\n    def __call__(self): pass\nmain = C()",
            "class C:\n    __signature__ = 5\n    def __call__(self): pass\nmain = C()",
            "class C:\n    def __getattribute__(self, name): 1 / 0\n    def __call__(self): pass\nmain = C()",
            f"{raising}class main(metaclass=M): pass",
            "import inspect\nclass S(inspect.Signature):\n    parameters = {'a': 1}\nclass C:\n    __signature__ = S()\n    def __call__(self): pass\nmain = C()",
            "import inspect\nclass P(inspect.Parameter):\n    name = 5\nclass C:\n    __signature__ = inspect.Signature([P('a', 1)])\n    def __call__(self): pass\nmain = C()",
            "def main(): pass\nmain.__wrapped__ = main",
            "def main(): pass\nmain.__text_signature__ = '('\nmain.__signature__ = '('",
        ):  # fmt: skip
            with self.subTest(script):
                self.assert_bound(script, '{"zz": 1}', {"zz": 1})
                self.assert_bound(script, None, {})

    def test_memory_that_runs_out_is_told(self) -> None:
        with self.assertRaises(MemoryError):
            bind("class C:\n    @property\n    def __signature__(self): raise MemoryError\n    def __call__(self): pass\nmain = C()", "{}")

    def test_defaults_of_a_class_of_the_script_are_asked_nothing(self) -> None:
        script = (
            "class T(tuple):\n    def __len__(self): raise SystemExit\nclass D(dict):\n    def __len__(self): raise SystemExit\n"
            "def main(a=1): pass\nmain.__defaults__ = T((1,))\ndef other(*, a=1): pass\nother.__kwdefaults__ = D(a=1)"
        )
        namespace = namespace_of(script)
        self.assertFalse(needs_no_binding(namespace["main"]))
        self.assertFalse(needs_no_binding(namespace["other"]))
        self.assert_bound(script, '{"a": 1}', {"a": 1})

    def after_breaking(self, *modules: str) -> str:
        """Return what becomes of inputs in an interpreter where a script has emptied these modules."""
        script = (
            f"import decimal, sys, {', '.join(modules)}\nD = decimal.Decimal\ndef main(a, d: D, e=1): pass\n"
            f"for module in ({', '.join(modules)},): vars(module).clear()\n"
        )
        program = (
            f"import sys; sys.path.insert(0, {str(RUNNER)!r})\n"
            "import difflib, os\n"
            "from pycell_runner.run.inputs import InvalidInputs, arguments_for, parse_inputs\n"
            "def bind(text):\n"
            "    try: return arguments_for(namespace['main'], parse_inputs(text), text, namespace)\n"
            "    except InvalidInputs as error: return error.message\n"
            "write, show, namespace = os.write, repr, {}\n"
            f"exec({script!r}, namespace)\n"
            """write(1, show([bind(b'{"a": 1, "d": 1.50}'), bind(b'{"a": 1}')]).encode())\n"""
        )
        done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_built_in_names_and_modules_that_a_script_has_emptied_are_not_needed(self) -> None:
        broken = self.after_breaking("decimal", "difflib", "json", "json.scanner", "keyword", "re", "unicodedata", "builtins")
        message = "The inputs do not fit main(a, d, e=1): \"d\" is missing"
        self.assertEqual(broken, repr([{"a": 1, "d": Decimal("1.50")}, message]))

    def test_without_the_modules_that_read_signatures_main_is_called_as_it_is(self) -> None:
        for module in ("inspect", "typing", "functools", "types", "enum"):
            with self.subTest(module):
                self.assertIn("{'a': 1, 'd': ", self.after_breaking(module))


class Binding(unittest.TestCase):
    def test_is_not_needed_for_a_function_without_required_parameters(self) -> None:
        namespace = namespace_of("async def co(a=1): pass\ndef gen(*, a=1): yield")
        for main in (lambda: 1, lambda a=1, *args, b=2, **kw: 1, lambda a=1, /: 1, namespace["co"], namespace["gen"]):
            self.assertTrue(needs_no_binding(main))

    def test_is_needed_for_everything_else(self) -> None:
        functions: Any = (lambda a: 1, lambda a, /: 1, lambda a, b=1: 1, lambda *, a: 1, lambda *, a, b=1: 1)
        for main in (*functions, dict, 5, functools.partial(dict), print):
            self.assertFalse(needs_no_binding(main))


class GlobalNames(unittest.TestCase):
    def test_are_the_inputs(self) -> None:
        inputs: dict[str, Any] = {"city": "Oslo", "_x": 1, "match": 2, "é": 3, "__x": None, "print": 4}
        self.assertEqual(globals_for(inputs), inputs)
        self.assertEqual(globals_for({}), {})

    def test_are_read_as_python_reads_them(self) -> None:
        self.assertEqual(globals_for({"ﬁ": 1}), {"fi": 1})
        with self.assertRaises(InvalidInputs) as caught:
            globals_for({"ﬁ": 1, "fi": 2})
        self.assertIn('Two inputs are both called "fi"', caught.exception.message)

    def test_that_cannot_be_names_are_refused(self) -> None:
        for name in ("", "a b", "1a", "a.b", "a-b", "class", "None", "async", "__name__", "__builtins__", "__", "\ud800", "\u2118\ud800", "𝐝𝐞𝐟", "a\n"):
            with self.subTest(name), self.assertRaises(InvalidInputs) as caught:
                globals_for({"fine": 1, name: 1})
            self.assertIn(json.dumps(name, ensure_ascii=False), caught.exception.message)

    def test_that_are_many_or_long_are_cut(self) -> None:
        with self.assertRaises(InvalidInputs) as caught:
            globals_for({f"{number}{'x' * 1_000}": 1 for number in range(10_000)})
        self.assertIn("9992 more cannot be one", caught.exception.message)
        self.assertLessEqual(len(caught.exception.message), 4_000)


if __name__ == "__main__":
    unittest.main()

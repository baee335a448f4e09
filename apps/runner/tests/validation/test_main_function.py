"""Which `main` a script has, and what it takes."""

from __future__ import annotations

import sys
import unittest
from typing import Any

from .described import describe, parameters

ANYTHING = {"type": "object", "properties": {}, "required": [], "additionalProperties": True}


def names(script: str) -> list[str]:
    return list(parameters(script)["properties"])


class Found(unittest.TestCase):
    def test_is_the_last_one_that_the_module_binds(self) -> None:
        for script in (
            "def main(a): pass\ndef main(b): pass",
            "main = 5\ndef main(b): pass",
            "if x:\n    def main(a): pass\nelse:\n    def main(b): pass",
            "try:\n    def main(a): pass\nexcept E:\n    def main(b): pass",
            "with x:\n    for y in z:\n        def main(b): pass",
            "match x:\n    case 1:\n        def main(b): pass",
            "main = lambda a: 1\nmain: object = lambda b: 1\nmain: object",
            "f = main = lambda b: 1",
            "print(main := (lambda b: 1))",
            "[main := (lambda b: 1) for x in y]",
            "def main(b): pass\nif __name__ == '__main__':\n    main = print",
            "def main(b): pass\ndef other():\n    def main(a): pass\nclass A:\n    def main(self): pass\nf = lambda: (main := 1)",
            "def solve(b): pass\nmain = solve\nsolve = 5",
            "@cache\n@deco(1)\ndef main(b): pass",
            "import main\nfrom x import main\ndel main\ndef main(b): pass",
        ):
            with self.subTest(script):
                self.assertEqual(names(script), ["b"])

    def test_of_what_only_a_run_could_tell_takes_anything(self) -> None:
        for script in (
            "from solver import main",
            "import main.sub",
            "import x as main",
            "main = partial(f, 1)",
            "main = solver.solve",
            "main = print",
            "main += 1",
            "(main, a) = b",
            "[a, *main] = b",
            "for main in x: pass",
            "with x as main: pass",
            "match x:\n    case [*main]: pass",
            "match x:\n    case {'a': 1, **main}: pass",
            "match x:\n    case int() as main: pass",
            "class main(Base): pass",
            "class main(metaclass=M): pass",
            "@define\nclass main:\n    a: int",
        ):
            with self.subTest(script):
                self.assertEqual(describe(script)["main"], {"async": False, "doc": None, "parameters": ANYTHING})

    def test_is_none_where_there_is_none_or_it_cannot_be_called(self) -> None:
        for script in ("", "main = 5", "main = {}", "def main(): pass\ndel main", "def f():\n    def main(): pass", "main: int", "main = main"):
            with self.subTest(script):
                self.assertIsNone(describe(script)["main"])

    def test_has_its_kind_and_its_doc(self) -> None:
        described = describe("async def main():\n    '''\n    Fetch.\n\n      All of it.\n    '''")["main"]
        self.assertEqual((described["async"], described["doc"]), (True, "Fetch.\n\n  All of it."))


class Parameters(unittest.TestCase):
    def test_keep_their_order_and_say_what_is_required(self) -> None:
        schema = parameters("def main(b, a=1, *args, d, c=2): pass")
        self.assertEqual(list(schema["properties"]), ["b", "a", "d", "c"])
        self.assertEqual((schema["required"], schema["additionalProperties"]), (["b", "d"], False))

    def test_others_are_taken_by_double_stars(self) -> None:
        self.assertEqual(parameters("def main(**kw): pass"), ANYTHING)

    def test_without_a_name_are_listed_where_they_are_required(self) -> None:
        schema = parameters("def main(a, b=1, /, c=2): pass")
        self.assertEqual((list(schema["properties"]), schema["required"]), (["a", "c"], ["a"]))

    def test_have_the_defaults_that_are_literals(self) -> None:
        for default, schema in (
            ("7", {"type": "integer", "default": 7}),
            ("-7.5", {"type": "number", "default": -7.5}),
            ("True", {"type": "boolean", "default": True}),
            ("'é'", {"type": "string", "default": "é"}),
            ("None", {"default": None}),
            ("(1, [2])", {"type": "array", "items": {}, "default": [1, [2]]}),
            ("{'a': {1}}", {"type": "object", "default": {"a": [1]}}),
            ("2 ** 9", {}),
            ("f()", {}),
            ("f'{x}'", {}),
            ("b'x'", {}),
            ("1j", {}),
            ("-True", {}),
            ("...", {}),
            ("1e999", {}),
            ("{1: 2}", {}),
            ("{**x}", {}),
            ("0x" + "f" * 5_000, {}),
            (str(2**70), {"type": "integer", "default": 2**70}),
            ("[" * 20 + "]" * 20, {}),
        ):
            with self.subTest(default):
                found = parameters(f"def main(x={default}): pass")
                self.assertEqual((found["properties"]["x"], found["required"]), (schema, []))

    def test_types_come_from_annotations_before_docs_before_defaults(self) -> None:
        doc = '"""\n    Args:\n        x (str): A text.\n    """'
        for signature, schema in (
            ("x: int = 1.5", {"type": "integer", "default": 1.5, "description": "A text."}),
            ("x=1.5", {"type": "string", "default": 1.5, "description": "A text."}),
            ("x: 'list' = 1.5", {"type": "array", "items": {}, "default": 1.5, "description": "A text."}),
            ("x: Unknown = 1.5", {"default": 1.5, "description": "A text."}),
            ("x: int = None", {"type": ["integer", "null"], "default": None, "description": "A text."}),
        ):
            with self.subTest(signature):
                self.assertEqual(parameters(f"def main({signature}):\n    {doc}")["properties"]["x"], schema)


class Classes(unittest.TestCase):
    def test_take_what_their_init_takes(self) -> None:
        script = (
            "class main(Base):\n    '''Solve.\n\n    Args:\n        b: The b.\n    '''\n"
            "    def __init__(self, a, *, b: int = 1):\n        ''':param a: The a.'''\n"
        )
        described = describe(script)["main"]
        self.assertEqual(
            described["parameters"]["properties"],
            {"a": {"description": "The a."}, "b": {"type": "integer", "default": 1, "description": "The b."}},
        )
        self.assertEqual(described["parameters"]["required"], ["a"])
        self.assertEqual(names("class main:\n    def __new__(cls, /, a): pass"), ["a"])

    def test_without_one_take_nothing(self) -> None:
        nothing = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        self.assertEqual(parameters("class main(object): pass"), nothing)

    def test_that_are_dataclasses_take_their_fields(self) -> None:
        script = (
            "from dataclasses import dataclass, field, InitVar\nfrom typing import ClassVar\n"
            "@dataclass\nclass Base:\n    z: str\n    a: int\n"
            "@dataclass(frozen=True)\nclass main(Base):\n    a: float = 1.0\n    b: list = field(default_factory=list)\n"
            "    c: int = field(init=False)\n    d: ClassVar[int] = 3\n    e: InitVar[int] = field(default=2)\n    f = 5\n"
        )
        schema = parameters(script)
        self.assertEqual(
            schema["properties"],
            {
                "z": {"type": "string"},
                "a": {"type": "number", "default": 1.0},
                "b": {"type": "array", "items": {}},
                "e": {"type": "integer", "default": 2},
            },
        )
        self.assertEqual(schema["required"], ["z"])


@unittest.skipIf(sys.version_info < (3, 12), "this Python has no type parameters")
class TypeParameters(unittest.TestCase):
    def test_are_any_and_aliases_are_followed(self) -> None:
        found: Any = parameters("type Days = int | None\ndef main[T](a: T, b: Days): pass")["properties"]
        self.assertEqual(found, {"a": {}, "b": {"type": ["integer", "null"]}})


if __name__ == "__main__":
    unittest.main()

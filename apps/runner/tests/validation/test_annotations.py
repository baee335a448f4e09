"""What annotations say in JSON Schema."""

from __future__ import annotations

import unittest
from typing import Any

from .described import schema_of

MOMENT = {"type": "string", "format": "date-time"}
DECIMAL = {"type": ["number", "string"], "format": "decimal"}
ANY_ITEMS = {"type": "array", "items": {}}
FRAME = {"type": "array", "items": {"type": "object"}, "format": "dataframe"}


class Annotations(unittest.TestCase):
    def assert_schemas(self, rows: tuple[tuple[str, str, Any], ...]) -> None:
        for before, annotation, schema in rows:
            with self.subTest(f"{before}; {annotation}"):
                self.assertEqual(schema_of(annotation, before), schema)

    def test_of_plain_types(self) -> None:
        self.assert_schemas(
            (
                ("", "int", {"type": "integer"}),
                ("", "float", {"type": "number"}),
                ("", "str", {"type": "string"}),
                ("", "bool", {"type": "boolean"}),
                ("", "None", {"type": "null"}),
                ("", "list", ANY_ITEMS),
                ("", "set", ANY_ITEMS),
                ("", "tuple", ANY_ITEMS),
                ("", "list[list]", {"type": "array", "items": ANY_ITEMS}),
                ("", "list | None", {"type": ["array", "null"], "items": {}}),
                ("", "list | dict", {"anyOf": [ANY_ITEMS, {"type": "object"}]}),
                ("", "dict", {"type": "object"}),
                ("", "complex", {}),
                ("", "object", {}),
                ("from typing import Any", "Any", {}),
                ("", "Nobody", {}),
                ("", "f()", {}),
                ("", "5", {}),
                ("", "...", {}),
                ("", "int if x else str", {}),
            )
        )

    def test_of_types_of_the_standard_library_and_pandas(self) -> None:
        self.assert_schemas(
            (
                ("from datetime import datetime", "datetime", MOMENT),
                ("", "datetime", MOMENT),
                ("", "datetime.datetime", MOMENT),
                ("import datetime", "datetime.datetime", MOMENT),
                ("import datetime as d", "d.date", {"type": "string", "format": "date"}),
                ("from datetime import time as t", "t", {"type": "string", "format": "time"}),
                ("from decimal import Decimal as D", "D", DECIMAL),
                ("", "uuid.UUID", {"type": "string", "format": "uuid"}),
                ("from pathlib import Path", "Path", {"type": "string"}),
                ("import pandas as pd", "pd.DataFrame", FRAME),
                ("from pandas import DataFrame", "DataFrame", FRAME),
                ("import pandas", "pandas.DataFrame", FRAME),
                ("from decimal import *", "Decimal", DECIMAL),
                ("from numbers import Number", "Number", {"type": "number"}),
                ("import pandas as pd", "pd.Series", {}),
            )
        )

    def test_names_are_what_the_script_makes_of_them(self) -> None:
        self.assert_schemas(
            (
                ("import datetime", "datetime", {}),  # the module
                ("from mine import Decimal", "Decimal", {}),
                ("from .mine import Decimal", "Decimal", {}),
                ("class Path: pass", "Path", {}),
                ("def int(): pass", "int", {}),
                ("int = str", "int", {"type": "string"}),
                ("import typing as T", "T.List[int]", {"type": "array", "items": {"type": "integer"}}),
                ("try:\n    from decimal import Decimal\nexcept ImportError:\n    pass", "Decimal", DECIMAL),
                ("Id = NewType('Id', int)", "Id", {"type": "integer"}),
                ("Days = Optional[int]\nWeeks: object = Days", "Weeks", {"type": ["integer", "null"]}),
                ("x = 5", "x", {}),
                ("class A:\n    B = int", "A.B", {}),
            )
        )

    def test_of_containers(self) -> None:
        integers = {"type": "array", "items": {"type": "integer"}}
        self.assert_schemas(
            (
                ("", "list[int]", integers),
                ("from typing import List", "List[int]", integers),
                ("from collections.abc import Sequence", "Sequence[int]", integers),
                ("import collections.abc", "collections.abc.Iterable[int]", integers),
                ("", "set[int]", integers),
                ("", "tuple[int, ...]", integers),
                (
                    "", "tuple[int, str]",
                    {**ANY_ITEMS, "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
                ),
                ("", "dict[str, float]", {"type": "object", "additionalProperties": {"type": "number"}}),
                ("", "Mapping[str, list[int]]", {"type": "object", "additionalProperties": integers}),
                ("", "Counter[str]", {"type": "object", "additionalProperties": {}}),
                ("", "list[Nobody]", {"type": "array", "items": {}}),
                ("", "list[()]", {}),
                ("", "Nobody[int]", {}),
            )  # fmt: skip
        )

    def test_of_unions_and_wrappers(self) -> None:
        self.assert_schemas(
            (
                ("", "int | None", {"type": ["integer", "null"]}),
                ("", "Optional[datetime]", {"type": ["string", "null"], "format": "date-time"}),
                ("", "Optional[Decimal]", {**DECIMAL, "type": ["number", "string", "null"]}),
                ("", "Union[int, str, None]", {"type": ["integer", "string", "null"]}),
                ("", "int | str | int", {"type": ["integer", "string"]}),
                ("", "int | Nobody", {}),
                ("", "None | None", {"type": "null"}),
                ("", "int | list[int]", {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
                ("", "int + str", {}),
                ("import typing as t", "t.Annotated[int, 5]", {"type": "integer"}),
                ("from typing_extensions import Annotated", "Annotated[date, ...]", {"type": "string", "format": "date"}),
            )
        )

    def test_of_choices(self) -> None:
        self.assert_schemas(
            (
                ("", "Literal['a', 'b']", {"type": "string", "enum": ["a", "b"]}),
                ("", "Literal[1, -2]", {"type": "integer", "enum": [1, -2]}),
                ("", "Literal['a', None]", {"type": ["string", "null"], "enum": ["a", None]}),
                ("", "Optional[Literal['a']]", {"type": ["string", "null"], "enum": ["a", None]}),
                ("", "Literal['a', 1]", {"enum": ["a", 1]}),
                ("", "Optional[Literal['a', 1]]", {"anyOf": [{"enum": ["a", 1]}, {"type": "null"}]}),
                ("", "Literal[True, 1]", {"enum": [True, 1]}),
                ("", "Literal['a', 'a', 'b']", {"type": "string", "enum": ["a", "b"]}),
                ("", "Literal['a', None, None]", {"type": ["string", "null"], "enum": ["a", None]}),
                ("import enum\nclass C(enum.Enum):\n    A = 1\n    B = 1.0\n    D = True\n    E = 2", "C", {"enum": [1, True, 2]}),
                ("import enum\nclass C(enum.Enum):\n    A = 1\n    B = 1.0", "C", {"type": "integer", "enum": [1]}),
                ("", "Literal[Color.RED]", {}),
                ("", "Literal[b'a']", {}),
                ("from enum import Enum\nclass C(str, Enum):\n    A = 'a'\n    B = 'b'\n    _x = 1", "C", {"type": "string", "enum": ["a", "b"]}),
                ("import enum\nclass C(enum.IntEnum):\n    A = 1\n    def f(self): pass", "C", {"type": "integer", "enum": [1]}),
                ("import enum\nclass C(enum.Enum):\n    A = enum.auto()", "C", {}),
                ("import enum\nclass C(enum.Enum):\n    A = (1, 2)", "C", {}),
                ("import enum\nclass C(enum.Enum): pass", "C", {}),
            )
        )

    def test_that_are_text(self) -> None:
        self.assert_schemas(
            (
                ("", "'int'", {"type": "integer"}),
                ("", "' list[\"int\"] '", {"type": "array", "items": {"type": "integer"}}),
                ("", "'int | None'", {"type": ["integer", "null"]}),
                ("", "'not a type('", {}),
                ("", "'\\0'", {}),
                ("", "''", {}),
            )
        )

    def test_of_classes_of_the_script(self) -> None:
        point = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "number", "default": 2.0}}, "required": ["x"]}
        self.assert_schemas(
            (
                ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: 'float' = 2.0", "P", point),
                ("import dataclasses as d\n@d.dataclass(slots=True)\nclass P:\n    x: int\n    y: float = 2.0", "P", point),
                (
                    "class A(TypedDict):\n    a: str\nclass B(A, total=False):\n    b: int\n    c: Required[int]", "B",
                    {
                        "type": "object",
                        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "integer"}},
                        "required": ["a", "c"],
                    },
                ),
                ("class A(TypedDict):\n    a: NotRequired[int]", "A", {"type": "object", "properties": {"a": {"type": "integer"}}, "required": []}),
                (
                    "class A(TypedDict):\n    a: 'list[A]'", "A",
                    {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object"}}}, "required": ["a"]},
                ),
                (
                    "from dataclasses import KW_ONLY, dataclass\n@dataclass\nclass P:\n    x: int\n    _: KW_ONLY\n    y: float = 2.0", "P",
                    point,
                ),
                ("class A:\n    a: int", "A", {}),
                ("class A(NamedTuple):\n    a: int", "A", {}),
            )  # fmt: skip
        )


if __name__ == "__main__":
    unittest.main()

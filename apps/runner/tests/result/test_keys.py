"""What becomes of keys that are not strings: the table of keys in docs/conversion.md."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import ipaddress
import json
import pathlib
import uuid
from typing import Any, NamedTuple

from .conversion_case import ConversionCase, Number, Real, Text, to_json


class Colour(enum.Enum):
    RED = "red"
    FIRST = 1
    NOTHING = None
    DAY = datetime.date(2024, 5, 6)
    PAIR = (1, 2)


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    YES = "yes"


class Place(NamedTuple):
    row: int
    column: int


class Keys(ConversionCase):
    def test_what_json_takes_as_a_key_is_as_json_writes_it(self) -> None:
        for key in (None, True, False, 0, -7, 2**70, 1.0, 1.5, -0.0, 1e22, float("nan"), float("inf"), -float("inf"), Level.LOW, Word.YES):
            with self.subTest(key=key):
                self.assert_json({key: 1}, json.dumps({key: 1}))

    def test_subclasses_are_written_as_the_type_itself(self) -> None:
        self.assert_json({Text("a"): 1, Number(2): 3, Real(0.5): 4, Real("nan"): 5}, '{"a": 1, "2": 3, "0.5": 4, "NaN": 5}')

    def test_what_is_text_or_a_number_as_a_value_is_the_same_as_a_key(self) -> None:
        for key in (
            datetime.datetime(2024, 1, 2, 3, 4, tzinfo=datetime.timezone.utc),
            datetime.date(2024, 1, 2),
            datetime.time(3, 4),
            datetime.timedelta(minutes=1.5),
            decimal.Decimal("1.10"),
            fractions.Fraction(1, 3),
            uuid.UUID(int=1),
            pathlib.PurePosixPath("/a/b"),
            ipaddress.ip_address("10.0.0.1"),
            1 + 2j,
            "é".encode(),
        ):
            with self.subTest(key=key):
                (text,) = json.loads(to_json({key: 1}))
                self.assertEqual(text, str(json.loads(to_json(key))))

    def test_an_enum_is_its_value_or_else_its_name(self) -> None:
        value = dict.fromkeys(Colour, 1)
        self.assert_json(value, '{"red": 1, "1": 1, "null": 1, "2024-05-06": 1, "Colour.PAIR": 1}')

    def test_anything_else_is_str_of_it(self) -> None:
        self.assert_json({frozenset({1}): 1, int: 2}, '{"frozenset({1})": 1, "<class \'int\'>": 2}')

    def test_a_tuple_is_refused_and_the_hint_says_how_to_join_it(self) -> None:
        hint = (
            'Join the parts, {"_".join(map(str, k)): v for k, v in d.items()}, or return list(d.items()); with pandas, call'
            " reset_index() first."
        )
        problem = "has the tuple (1, 'b') as a key; JSON keys are strings"
        self.assert_refused({"a": {(1, "b"): 1}}, f'result["a"] {problem}', hint=hint)
        self.assert_refused({(): 1}, "result has the tuple () as a key; JSON keys are strings", hint=hint)
        self.assert_refused({Place(1, 2): 1}, "result has the tuple Place(row=1, column=2) as a key; JSON keys are strings")
        self.assert_refused(collections.Counter([(0, 0)]), "result has the tuple (0, 0) as a key; JSON keys are strings")

    def test_a_large_tuple_is_shown_in_part(self) -> None:
        with self.assertRaises(Exception) as caught:
            to_json({(*["x" * 1_000_000] * 50,): 1})
        self.assertLess(len(str(caught.exception)), 300)

    def test_keys_that_become_the_same_text_are_refused_by_name(self) -> None:
        hint = "Rename one of them, or return list(d.items())."
        self.assert_refused({1: "a", "1": "b"}, 'result has two keys that are both "1" in JSON', hint=hint)
        self.assert_refused([{None: 1, "null": 2}], 'result[0] has two keys that are both "null" in JSON', hint=hint)
        name = uuid.UUID(int=1)
        self.assert_refused({name: 1, str(name): 1}, f'result has two keys that are both "{name}" in JSON', hint=hint)

    def test_a_key_that_is_not_utf8_is_refused(self) -> None:
        self.assert_refused({"a": {b"\xff": 1}}, 'result["a"] has a key that is a bytes object that is not UTF-8 text (byte 0)')

    def test_a_key_whose_methods_raise_is_refused(self) -> None:
        class Key:
            def __str__(self) -> str:
                raise ValueError("no")

        class Day(datetime.date):
            def isoformat(self) -> Any:
                return ["no text"]

        self.assert_refused([{Key(): 1}], "result[0] is a dict, which raised ValueError while it was read")
        self.assert_refused([{Day(2024, 1, 1): 1}], "result[0] is a dict, which raised TypeError while it was read")

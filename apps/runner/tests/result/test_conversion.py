"""What becomes of return values of the standard library: each row of docs/conversion.md."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import pathlib
import uuid
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pycell_runner.result.conversion import Converter

from .conversion_case import MAX_DEPTH, ConversionCase, Number, Real, Text, to_json


class Colour(enum.Enum):
    RED = "red"
    PAIR = (1, 2)


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    YES = "yes"


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0
    tags: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(slots=True, frozen=True)
class Line:
    start: Point
    colour: Colour = Colour.RED


@dataclasses.dataclass
class Box:
    content: Any


class Pair(NamedTuple):
    a: int
    b: int


class Items(list[int]):
    pass


class JsonTypes(ConversionCase):
    def test_what_json_has_stays_as_it_is(self) -> None:
        for value in (None, True, False, 0, -1, 2**53 + 1, 1.5, -0.0, 1e300, "", "héllo 😀", [], {}, [1, [2]], {"a": {"b": 1}}):
            with self.subTest(value=value):
                self.assert_json(value, json.dumps(value, ensure_ascii=False))

    def test_text_is_escaped_as_json_wants_it(self) -> None:
        self.assert_json('"\\\n\x00\x1f\x7f', '"\\"\\\\\\n\\u0000\\u001f\x7f"')

    def test_the_order_of_keys_is_kept(self) -> None:
        self.assert_json({"b": 1, "a": 2}, '{"b": 1, "a": 2}')

    def test_an_integer_of_any_size_is_exact(self) -> None:
        self.assert_json(2**200, str(2**200))
        self.assert_json(-(10**4299), "-1" + "0" * 4299)

    def test_an_integer_that_python_does_not_write_is_refused_with_its_path(self) -> None:
        problem = "is an integer of more than 4300 digits, which is too large to write"
        hint = "Return it as text in base 16, hex(...), which has no such limit."
        self.assert_refused(10**4300, f"result {problem}", hint=hint)
        self.assert_refused({"rows": [1, {"n": 10**5000}]}, f'result["rows"][1]["n"] {problem}')

    def test_nan_and_infinities_are_null(self) -> None:
        self.assert_json([float("nan"), float("inf"), -float("inf"), 1.0], "[null, null, null, 1.0]")
        self.assert_json(float("nan"), "null")
        self.assert_json({"a": float("inf")}, '{"a": null}')

    def test_tuples_are_lists(self) -> None:
        self.assert_json((1, (2, ())), "[1, [2, []]]")
        self.assert_json(Pair(1, 2), "[1, 2]")

    def test_unpaired_surrogates_are_escaped(self) -> None:
        self.assert_json("\ud800", '"\\ud800"')
        self.assert_json({"\udfff": "é"}, '{"\\udfff": "\\u00e9"}')

    def test_subclasses_become_the_type_itself(self) -> None:
        self.assert_json([Text("a"), Number(2), Real(1.5), Real("nan")], '["a", 2, 1.5, null]')
        self.assert_json(collections.OrderedDict(a=1), '{"a": 1}')
        self.assert_json(collections.defaultdict(list, a=[1]), '{"a": [1]}')
        self.assert_json(collections.Counter("aab"), '{"a": 2, "b": 1}')
        self.assert_json(Items([1]), "[1]")
        self.assert_json({Text("key"): 1}, '{"key": 1}')


class StandardLibrary(ConversionCase):
    def test_moments_are_iso_8601(self) -> None:
        moment = datetime.datetime(2024, 2, 29, 13, 5, 7)
        self.assert_json(moment, '"2024-02-29T13:05:07"')
        self.assert_json(moment.replace(microsecond=5), '"2024-02-29T13:05:07.000005"')
        self.assert_json(moment.replace(tzinfo=datetime.timezone.utc), '"2024-02-29T13:05:07+00:00"')
        self.assert_json(moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-3.5))), '"2024-02-29T13:05:07-03:30"')
        self.assert_json(moment.date(), '"2024-02-29"')
        self.assert_json(moment.time(), '"13:05:07"')

    def test_spans_are_seconds(self) -> None:
        self.assert_json(datetime.timedelta(days=1, milliseconds=500), "86400.5")
        self.assert_json(datetime.timedelta(seconds=-3), "-3.0")

    def test_decimals_are_text_and_not_finite_ones_null(self) -> None:
        self.assert_json([decimal.Decimal("1.10"), decimal.Decimal("1E+3")], '["1.10", "1E+3"]')
        self.assert_json([decimal.Decimal(text) for text in ("NaN", "sNaN", "-Infinity")], "[null, null, null]")

    def test_uuids_and_paths_are_text(self) -> None:
        name = "12345678-1234-5678-1234-567812345678"
        self.assert_json(uuid.UUID(name), f'"{name}"')
        self.assert_json([pathlib.Path("/a/b"), pathlib.PureWindowsPath("c:\\d")], '["/a/b", "c:\\\\d"]')

    def test_sets_are_lists_sorted_where_sortable(self) -> None:
        self.assert_json({"sets": [{3, 1, 2}, frozenset("ba"), set()]}, '{"sets": [[1, 2, 3], ["a", "b"], []]}')
        self.assertEqual(sorted(json.loads(to_json({1, "a"})), key=str), [1, "a"])
        mixed = {decimal.Decimal("NaN"), decimal.Decimal(1)}
        self.assertCountEqual(json.loads(to_json(mixed)), [None, "1"])

    def test_dataclasses_are_objects(self) -> None:
        self.assert_json(Point(1.0, tags={"b", "a"}), '{"x": 1.0, "y": 0.0, "tags": ["a", "b"]}')
        self.assert_json(Line(Point(float("nan"))), '{"start": {"x": null, "y": 0.0, "tags": []}, "colour": "red"}')

    def test_a_dataclass_without_one_of_its_fields_is_refused(self) -> None:
        point = Point(1.0)
        del point.x
        self.assert_refused([point], f"result[0] is a {__name__}.Point, which raised AttributeError while it was read")

    def test_enums_are_their_value(self) -> None:
        self.assert_json([*Colour, Level.LOW, Word.YES], '["red", [1, 2], 1, "yes"]')
        self.assert_json(Rights.READ | Rights.WRITE, "3")
        self.assert_json({"nested": Colour.PAIR}, '{"nested": [1, 2]}')

    def test_bytes_are_utf8_text_or_refused(self) -> None:
        self.assert_json([b"h\xc3\xa9", bytearray(b"a"), b""], '["hé", "a", ""]')
        problem = "object that is not UTF-8 text (byte 1)"
        hint = "Return it encoded, for example as base64.b64encode(...).decode()."
        self.assert_refused({"a": b"a\xff"}, f'result["a"] is a bytes {problem}', hint=hint)
        self.assert_refused(bytearray(b"a\xff"), f"result is a bytearray {problem}")

    def test_zones_other_than_utc_keep_their_offset(self) -> None:
        try:
            zone = ZoneInfo("Europe/Berlin")
        except Exception as error:  # no zone data on this machine: the offset of a fixed zone is tested above
            self.assertIn("No time zone found", str(error))
            return
        self.assert_json(datetime.datetime(2024, 7, 1, tzinfo=zone), '"2024-07-01T00:00:00+02:00"')


class Refusals(ConversionCase):
    def test_other_types_are_named_with_their_path(self) -> None:
        def generator() -> Any:
            yield 1

        class Thing:
            pass

        Thing.__module__ = "script"
        Thing.__qualname__ = "Thing"
        problem = "which has no JSON form"
        for value, name in (
            (generator(), "a generator"),
            (len, "a builtin_function_or_method"),
            (generator, "a function"),
            (object(), "an object"),
            (Thing(), "a Thing"),
            (Thing, "a type"),
            (Point, "a type"),
            (json, "a module"),
            (ValueError(), "a ValueError"),
            (iter([]), "a list_iterator"),
        ):
            with self.subTest(name):
                self.assert_refused(value, f"result is {name}, {problem}")
                self.assert_refused({"rows": [0, 1, 2, value]}, f'result["rows"][3] is {name}, {problem}')

    def test_the_path_shows_every_kind_of_step(self) -> None:
        value = {'a"b': [({"c": Line(Point(1.0, tags={len}))},)]}  # type: ignore[arg-type]
        problem = "is a builtin_function_or_method, which has no JSON form"
        self.assert_refused(value, f'result["a\\"b"][0][0]["c"].start.tags[0] {problem}')

    def test_the_middle_of_a_long_path_is_left_out(self) -> None:
        value: Any = {"last": len}
        for level in range(30):
            value = {f"k{level}": value}
        shown = "".join(f'["k{level}"]' for level in range(29, 23, -1)) + '...["k1"]["k0"]["last"]'
        self.assert_refused(value, f"result{shown} is a builtin_function_or_method, which has no JSON form")

    def test_the_middle_of_a_long_key_is_left_out(self) -> None:
        shown = "k" * 70 + "..." + "k" * 23
        problem = "is a builtin_function_or_method, which has no JSON form"
        self.assert_refused([{"k" * 3_000_000: len}], f'result[0]["{shown}"] {problem}')

    def test_a_value_that_contains_itself_is_refused(self) -> None:
        items: list[Any] = [1]
        items.append({"again": items})
        self.assert_refused(items, 'result[1]["again"] contains itself', hint="Leave out what leads back to it.")
        point = Point(1.0)
        point.y = point  # type: ignore[assignment]
        self.assert_refused(point, "result.y contains itself")

    def test_the_same_value_twice_is_fine(self) -> None:
        shared = [1]
        self.assert_json([shared, shared, {"a": shared}], '[[1], [1], {"a": [1]}]')

    def test_a_value_may_nest_as_deep_as_the_limit_and_no_deeper(self) -> None:
        for wrap in (lambda value: [value], lambda value: {"a": value}, lambda value: (value,), Box):
            value: Any = Colour.RED
            for _ in range(MAX_DEPTH):
                value = wrap(value)
            to_json(value)
            with self.assertRaisesRegex(Exception, "nests deeper than 200 levels"):
                to_json(wrap(value))

    def test_the_depth_of_the_limit_is_measured_from_the_root(self) -> None:
        self.assert_json([[[1]]], "[[[1]]]")
        hint = "Return it with fewer lists and dicts inside each other."
        self.assert_refused([[[1]]], "result[0][0] nests deeper than 2 levels", max_depth=2, hint=hint)

    def test_nesting_far_too_deep_is_refused_like_nesting_too_deep(self) -> None:
        value: Any = 1
        for _ in range(50_000):
            value = [value]
        self.assert_refused(value, f"result[0][0][0][0][0][0]...[0][0][0] nests deeper than {MAX_DEPTH} levels")

    def test_a_method_of_the_value_that_raises_is_refused_with_its_path(self) -> None:
        class Items(list):  # type: ignore[type-arg]
            def __iter__(self) -> Any:
                raise KeyError("no")

        Items.__module__, Items.__qualname__ = "script", "Items"
        self.assert_refused({"a": Items()}, 'result["a"] is an Items, which raised KeyError while it was read')

    def test_an_enum_without_end_is_refused(self) -> None:
        class Endless(enum.Enum):
            ONE = 1

            @property
            def value(self) -> Any:
                return self

        with self.assertRaisesRegex(Exception, "raised RecursionError while it was read"):
            to_json(Endless.ONE)

    def test_a_converter_is_not_confused_by_a_stand_in_for_numpy(self) -> None:
        import sys
        import types
        from unittest import mock

        for stand_in in (None, "numpy", types.ModuleType("numpy")):
            with mock.patch.dict(sys.modules, numpy=stand_in, pandas=stand_in):
                self.assertEqual(Converter(3).plain({"a": [1.5]}), {"a": [1.5]})

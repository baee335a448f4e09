"""What becomes of return values of the standard library: each row of docs/conversion.md."""

from __future__ import annotations

import array
import collections
import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import json
import pathlib
import re
import sqlite3
import types
import uuid
import zoneinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pycell_runner.result.conversion import Converter
from pycell_runner.result.not_serializable import NotSerializable

from .conversion_case import MAX_DEPTH, ConversionCase, to_json


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
        problem = "is an integer of more than 4300 digits, which is too large to write; return str() of it"
        self.assert_refused(10**4300, f"result {problem}")
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
        class Text(str):
            def __str__(self) -> str:
                return "not this"

        class Number(int):
            def __repr__(self) -> str:
                return "not this"

        class Real(float):
            def __repr__(self) -> str:
                return "not this"

        self.assert_json([Text("a"), Number(2), Real(1.5), Real("nan")], '["a", 2, 1.5, null]')
        self.assert_json(collections.OrderedDict(a=1), '{"a": 1}')
        self.assert_json(collections.defaultdict(list, a=[1]), '{"a": [1]}')
        self.assert_json(collections.Counter("aab"), '{"a": 2, "b": 1}')
        self.assert_json(Items([1]), "[1]")
        self.assert_json({Text("key"): 1}, '{"key": 1}')


class OfTheStandardLibrary(ConversionCase):
    def test_what_is_shown_as_text(self) -> None:
        for value, text in (
            (fractions.Fraction(1, 3) + fractions.Fraction(1, 6), "1/2"),
            (1 + 2j, "(1+2j)"),
            (ipaddress.ip_address("10.0.0.1"), "10.0.0.1"),
            (ipaddress.ip_address("::1"), "::1"),
            (ipaddress.ip_network("10.0.0.0/8"), "10.0.0.0/8"),
            (ipaddress.ip_interface("10.0.0.1/8"), "10.0.0.1/8"),
            (zoneinfo.ZoneInfo("UTC"), "UTC"),
            (datetime.timezone(datetime.timedelta(hours=2)), "UTC+02:00"),
            (memoryview(b"text"), "text"),
        ):
            with self.subTest(text):
                self.assert_json([value], json.dumps([text]))

    def test_what_is_a_list(self) -> None:
        items = {"a": 1, "b": 2}
        for value, text in (
            (range(0, 10, 4), "[0, 4, 8]"),
            (items.keys(), '["a", "b"]'),
            (items.values(), "[1, 2]"),
            (items.items(), '[["a", 1], ["b", 2]]'),
            (collections.OrderedDict(b=1, a=2).keys(), '["b", "a"]'),
            (collections.deque([1, 2, 3], maxlen=2), "[2, 3]"),
            (array.array("d", [1, float("nan")]), "[1.0, null]"),
            (collections.UserList([1, {2}]), "[1, [2]]"),
        ):
            with self.subTest(text):
                self.assert_json(value, text)

    def test_what_is_an_object(self) -> None:
        for value, text in (
            (types.MappingProxyType({"a": {1}}), '{"a": [1]}'),
            (collections.ChainMap({"x": 1}, {"y": 2}), '{"y": 2, "x": 1}'),
            (collections.UserDict(z=3), '{"z": 3}'),
            (types.SimpleNamespace(a=1, b=[2]), '{"a": 1, "b": [2]}'),
        ):
            with self.subTest(text):
                self.assert_json(value, text)

    def test_rows_of_sqlite3_are_objects(self) -> None:
        connection = sqlite3.connect(":memory:")
        connection.row_factory = sqlite3.Row
        self.assert_json(connection.execute("SELECT 1 a, 'x' b").fetchall(), '[{"a": 1, "b": "x"}]')
        row = connection.execute("SELECT 1 a, 2 a").fetchone()
        self.assert_refused([row], 'result[0] has the column "a" more than once', hint="AS a_id")
        connection.close()

    def test_what_is_in_them_is_named_with_its_path(self) -> None:
        self.assert_refused([collections.deque([1, len])], "result[0][1] is a builtin_function_or_method, which has no JSON form")
        self.assert_refused(collections.ChainMap({"a": len}), 'result["a"] is a builtin_function_or_method, which has no JSON form')
        loop: collections.deque[Any] = collections.deque()
        loop.append(loop)
        self.assert_refused(loop, "result[0] contains itself", hint="leads back")

    def test_own_classes_that_are_written_like_them_are_taken_for_them(self) -> None:
        class Names(collections.abc.Sequence):  # type: ignore[type-arg]
            def __len__(self) -> int:
                return 2

            def __getitem__(self, index: Any) -> str:
                return ["a", "b"][index]

        class Ages(collections.abc.Mapping):  # type: ignore[type-arg]
            def __len__(self) -> int:
                return 1

            def __iter__(self) -> Any:
                return iter(["a"])

            def __getitem__(self, name: str) -> int:
                return 7

        self.assert_json([Names(), Ages()], '[["a", "b"], {"a": 7}]')


class Hints(ConversionCase):
    def test_say_what_to_return_instead(self) -> None:
        def generator() -> Any:
            yield 1

        class Plain:
            def __init__(self) -> None:
                self.x = 1

        class Model:
            def model_dump(self) -> Any:
                return {}

        class Slots:
            __slots__ = ()

        for value, hint in (
            (generator(), "Return list(...) of it"),
            (zip([1], "a"), "Return list(...) of it"),
            (map(str, [1]), "Return list(...) of it"),
            (ValueError("x"), "Return str(...) of the exception"),
            (Plain(), "Return vars(...) of it"),
            (Model(), "Return its model_dump()"),
            (Plain, "That is a class"),
            (len, "That is a function: call it"),
            (json, "Return a value of the module"),
            (re.match("a", "a"), "groups()"),
            (Slots(), "Return str(...) of it"),
            ({(1, 2): 3}, "Join the parts to a text"),
            (b"\xff", "base64.b64encode"),
        ):
            with self.subTest(hint):
                with self.assertRaises(NotSerializable) as caught:
                    to_json(value)
                self.assertIn(hint, caught.exception.hint or "")
                self.assertLess(len(caught.exception.hint or ""), 200)


class Keys(ConversionCase):
    def test_keys_are_as_json_writes_them_and_else_as_their_values(self) -> None:
        value: dict[Any, int] = {1: 1, 1.5: 2, None: 3, False: 4, datetime.date(2024, 5, 6): 5, Level.LOW: 6}
        del value[1]
        self.assert_json(value, '{"1.5": 2, "null": 3, "false": 4, "2024-05-06": 5}')
        plain = {None: 1, 1.0: 2, True: 3, float("inf"): 4, -float("inf"): 5, float("nan"): 6, 10**30: 7, 1e100: 8}
        self.assert_json(plain, json.dumps(plain))
        self.assert_json({Colour.RED: 1, frozenset({1}): 2}, f'{{"{Colour.RED.value}": 1, "frozenset({{1}})": 2}}')
        moments = {datetime.datetime(2024, 5, 6, 7): 1, datetime.time(8): 2, datetime.timedelta(minutes=1): 3}
        self.assert_json(moments, '{"2024-05-06T07:00:00": 1, "08:00:00": 2, "60.0": 3}')
        self.assert_json({decimal.Decimal("1.10"): 1, fractions.Fraction(1, 3): 2, b"k": 3}, '{"1.10": 1, "1/3": 2, "k": 3}')
        self.assert_json({Word.YES: 1}, '{"yes": 1}')

    def test_a_tuple_as_key_is_refused(self) -> None:
        self.assert_refused({"a": {(1, "b"): 1}}, "result[\"a\"] has the tuple (1, 'b') as a key; JSON keys are strings")
        self.assert_refused({(): 1}, "result has the tuple () as a key; JSON keys are strings")

    def test_keys_that_become_the_same_text_are_refused_by_name(self) -> None:
        self.assert_refused({1: "a", "1": "b"}, 'result has two keys that are both "1" in JSON')
        self.assert_refused([{None: 1, "null": 2}], 'result[0] has two keys that are both "null" in JSON')

    def test_a_key_whose_str_raises_is_refused(self) -> None:
        class Key:
            def __str__(self) -> str:
                raise ValueError("no")

        self.assert_refused([{Key(): 1}], "result[0] is a dict, which raised ValueError while it was read")


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
        problem = "object that is not UTF-8 text (byte 1); encode it, for example as base64"
        self.assert_refused({"a": b"a\xff"}, f'result["a"] is a bytes {problem}')
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
        self.assert_refused(value, 'result["a\\"b"][0][0]["c"].start.tags[0] is a builtin_function_or_method, which has no JSON form')

    def test_a_value_that_contains_itself_is_refused(self) -> None:
        items: list[Any] = [1]
        items.append({"again": items})
        self.assert_refused(items, 'result[1]["again"] contains itself')
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
        self.assert_refused([[[1]]], "result[0][0] nests deeper than 2 levels", max_depth=2)

    def test_nesting_far_too_deep_is_refused_like_nesting_too_deep(self) -> None:
        value: Any = 1
        for _ in range(50_000):
            value = [value]
        # The path is cut: only its ends tell something.
        path = "result" + "[0]" * MAX_DEPTH
        self.assert_refused(value, f"{path[:100]}...{path[-100:]} nests deeper than {MAX_DEPTH} levels")

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

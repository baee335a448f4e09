"""What becomes of the standard library's less usual values: rows of docs/conversion.md."""

from __future__ import annotations

import argparse
import array
import collections
import collections.abc
import datetime
import fractions
import ipaddress
import os
import sqlite3
import sys
import types
import zoneinfo
from typing import Any, Iterator
from unittest import mock

from .conversion_case import ConversionCase


class Scalars(ConversionCase):
    def test_fractions_and_complex_numbers_are_text(self) -> None:
        self.assert_json([fractions.Fraction(1, 3), fractions.Fraction(4, 2)], '["1/3", "2"]')
        self.assert_json([1j, 1 + 2j, complex("nan"), -0.5j], '["1j", "(1+2j)", "(nan+0j)", "(-0-0.5j)"]')

    def test_addresses_networks_and_interfaces_are_text(self) -> None:
        self.assert_json(
            [
                ipaddress.ip_address("10.0.0.1"),
                ipaddress.ip_address("::1"),
                ipaddress.ip_network("10.0.0.0/8"),
                ipaddress.ip_interface("10.0.0.1/8"),
            ],
            '["10.0.0.1", "::1", "10.0.0.0/8", "10.0.0.1/8"]',
        )

    def test_time_zones_are_text(self) -> None:
        zone = datetime.timezone(datetime.timedelta(hours=2))
        self.assert_json([datetime.timezone.utc, zone], '["UTC", "UTC+02:00"]')
        try:
            tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
        except zoneinfo.ZoneInfoNotFoundError:  # no zone data on this machine
            return
        self.assert_json(tokyo, '"Asia/Tokyo"')

    def test_views_of_bytes_are_text(self) -> None:
        self.assert_json([memoryview("é".encode()), memoryview(b"abc")[::-1]], '["é", "cba"]')
        hint = "Return bytes(...) or .tolist() of it."
        self.assert_refused(memoryview(array.array("i", [1])), "result is a memoryview, which has no JSON form", hint=hint)

    def test_a_user_string_is_text(self) -> None:
        self.assert_json(collections.UserString("a"), '"a"')

    def test_text_of_a_method_that_lies_is_refused(self) -> None:
        class Day(datetime.date):
            def isoformat(self) -> Any:
                return {"no": "text"}

        self.assert_refused([Day(2024, 1, 1)], f"result[0] is a {__name__}.{Day.__qualname__}, which raised TypeError while it was read")


class Sequences(ConversionCase):
    def test_what_has_an_order_is_a_list(self) -> None:
        self.assert_json([range(3), range(5, 0, -2)], "[[0, 1, 2], [5, 3, 1]]")
        self.assert_json(collections.deque([1, {2}], maxlen=3), "[1, [2]]")
        self.assert_json([array.array("i", [1, 2]), array.array("d", [0.5, float("nan")])], "[[1, 2], [0.5, null]]")
        self.assert_json(collections.UserList([1, "a"]), '[1, "a"]')

    def test_views_of_a_dict_are_lists_in_its_order(self) -> None:
        value: dict[Any, Any] = {"b": {1}, "a": 2}
        self.assert_json([value.keys(), value.values(), value.items()], '[["b", "a"], [[1], 2], [["b", [1]], ["a", 2]]]')
        self.assert_json([collections.OrderedDict(a=1).keys(), collections.ChainMap({"a": 1}).values()], '[["a"], [1]]')

    def test_a_sequence_or_set_of_the_script_is_a_list(self) -> None:
        class Squares(collections.abc.Sequence[int]):
            def __len__(self) -> int:
                return 3

            def __getitem__(self, index: Any) -> Any:
                return range(3)[index] ** 2

        class Ordered(collections.abc.Set[int]):
            def __contains__(self, item: object) -> bool:
                return True

            def __iter__(self) -> Iterator[int]:
                return iter([3, 1, 2])

            def __len__(self) -> int:
                return 3

        self.assert_json([Squares(), Ordered()], "[[0, 1, 4], [3, 1, 2]]")

    def test_they_count_as_levels_and_may_not_contain_themselves(self) -> None:
        self.assert_refused(collections.deque([range(1)]), "result[0] nests deeper than 1 levels", max_depth=1)
        value: collections.deque[Any] = collections.deque()
        value.append(value)
        self.assert_refused(value, "result[0] contains itself")

    def test_a_value_without_form_is_named_with_its_path(self) -> None:
        self.assert_refused(collections.deque([1, len]), "result[1] is a builtin_function_or_method, which has no JSON form")


class Mappings(ConversionCase):
    def test_mappings_are_objects(self) -> None:
        self.assert_json(types.MappingProxyType({"a": 1}), '{"a": 1}')
        self.assert_json(collections.ChainMap({"x": 1, "y": 5}, {"y": 2}), '{"y": 5, "x": 1}')
        self.assert_json(collections.UserDict(z={3}), '{"z": [3]}')
        with mock.patch.dict(os.environ, {"A": "1"}, clear=True):
            self.assert_json(os.environ, '{"A": "1"}')

    def test_a_mapping_of_the_script_is_an_object(self) -> None:
        class One(collections.abc.Mapping[str, int]):
            def __len__(self) -> int:
                return 1

            def __iter__(self) -> Iterator[str]:
                return iter(["one"])

            def __getitem__(self, key: str) -> int:
                return 1

        self.assert_json(One(), '{"one": 1}')

    def test_namespaces_are_objects(self) -> None:
        self.assert_json(types.SimpleNamespace(a=1, b=[2]), '{"a": 1, "b": [2]}')
        self.assert_json(argparse.Namespace(verbose=True), '{"verbose": true}')
        self.assert_refused(types.SimpleNamespace(f=len), 'result["f"] is a builtin_function_or_method, which has no JSON form')

    def test_rows_of_sqlite_are_objects(self) -> None:
        with sqlite3.connect(":memory:") as database:
            database.row_factory = sqlite3.Row
            self.assert_json(database.execute("select 1 a, 'x' b, null c").fetchall(), '[{"a": 1, "b": "x", "c": null}]')
            self.assert_refused(
                database.execute("select 1 a, 2 a").fetchall(),
                'result[0] has two keys that are both "a" in JSON',
                hint="Name one of the columns otherwise, in SQL with AS.",
            )
        database.close()


class StandIns(ConversionCase):
    def test_a_module_that_a_script_has_put_in_the_place_of_another_does_no_harm(self) -> None:
        stand_in = types.SimpleNamespace(Fraction=5, IPv4Address="x", ZoneInfo=None, Row=[], Namespace=len)
        modules = dict.fromkeys(("fractions", "ipaddress", "zoneinfo", "sqlite3", "argparse"), stand_in)
        with mock.patch.dict(sys.modules, modules):  # type: ignore[arg-type]
            self.assert_json([range(2), 1j], '[[0, 1], "1j"]')
            self.assert_refused([len], "result[0] is a builtin_function_or_method, which has no JSON form")

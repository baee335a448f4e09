"""Round trips of return values of all kinds: no loss where JSON has a place. Needs PYCELL_PACKAGES and PYCELL_CHECKS.

The same values each time; PYCELL_SEED, a number, gives others.
"""

from __future__ import annotations

import array
import atexit
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import json
import math
import os
import pathlib
import tempfile
import types
import unittest
import uuid
from typing import Any, Callable

from pycell_runner.result.not_serializable import NotSerializable

from .. import folders
from .conversion_case import to_json

folders.make_pandas_importable()
folders.make_hypothesis_importable()

import hypothesis  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from hypothesis import configuration, strategies as st  # noqa: E402
from hypothesis.internal.conjecture import providers  # noqa: E402

# It tries constants of the code under test, for which it takes pandas too: 3 s of reading, and examples that change
# with any file. The version is pinned; another one without this name fails here.
assert callable(providers.is_local_module_file)
setattr(providers, "is_local_module_file", lambda path: False)
# It keeps what it finds out about Unicode in a folder, by default in the current one.
_storage = tempfile.TemporaryDirectory(prefix="hypothesis-")
atexit.register(_storage.cleanup)
configuration.set_hypothesis_home_dir(_storage.name)

_SEED = os.environ.get("PYCELL_SEED")


def _property(examples: int, **strategies: Any) -> Callable[[Any], Any]:
    """Make a test of a function of examples, which can be repeated."""

    def decorate(test: Any) -> Any:
        test = hypothesis.given(**strategies)(test)
        if _SEED is not None:
            test = hypothesis.seed(int(_SEED))(test)
        return hypothesis.settings(
            max_examples=examples,
            derandomize=_SEED is None,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )(test)

    return decorate


@dataclasses.dataclass
class Box:
    content: Any
    label: str


class Pair(collections.namedtuple("Pair", "first second")):
    pass


_TEXT = st.text(alphabet='ab"\\/\n\x00\x7fé\u2028😀 _0', max_size=6)
_NAME = st.text(alphabet="abcé_", min_size=1, max_size=4)
_FLOAT = st.floats(allow_nan=False, allow_infinity=False)
_INTEGER = st.integers(min_value=-(10**30), max_value=10**30)
_JSON_SCALAR = st.one_of(st.none(), st.booleans(), _INTEGER, _FLOAT, _TEXT)
_ZONE = st.sampled_from([None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=-3.5))])
_MOMENT = st.datetimes(timezones=_ZONE)

_JSON = st.recursive(
    _JSON_SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXT, inner, max_size=4)),
    max_leaves=20,
)

#: Values that are text in JSON, and how the value comes back from the text.
_TEXT_FORMS: dict[str, tuple[Any, Callable[[str], Any]]] = {
    "datetime": (_MOMENT, datetime.datetime.fromisoformat),
    "date": (st.dates(), datetime.date.fromisoformat),
    "time": (st.times(), datetime.time.fromisoformat),
    "Timestamp": (_MOMENT.map(pd.Timestamp), pd.Timestamp),
    "Period": (st.dates().map(lambda day: pd.Period(day, freq="M")), lambda text: pd.Period(text, freq="M")),
    "Decimal": (st.decimals(allow_nan=False, allow_infinity=False), decimal.Decimal),
    "Fraction": (st.fractions(), fractions.Fraction),
    "complex": (st.complex_numbers(allow_nan=False), complex),
    "UUID": (st.uuids(), uuid.UUID),
    "address": (st.ip_addresses(), ipaddress.ip_address),
    "path": (_NAME.map(pathlib.PurePosixPath), pathlib.PurePosixPath),
    "bytes": (_TEXT.map(str.encode), str.encode),
}
_TEXT_FORM_VALUE = st.one_of([values for values, _ in _TEXT_FORMS.values()])

# Below, an example is a pair: a value, and what `json.loads` must give of its JSON text.
Example = tuple[Any, Any]


def _enum_member(example: Example) -> Example:
    return enum.Enum("Colour", {"RED": example[0]})["RED"], example[1]  # type: ignore[misc]


_SCALAR_EXAMPLE = st.one_of(
    _JSON_SCALAR.map(lambda value: (value, value)),
    st.sampled_from([math.nan, math.inf, -math.inf, np.float32("nan"), pd.NaT, pd.NA, decimal.Decimal("NaN")]).map(
        lambda value: (value, None)
    ),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: (np.int64(value), value)),
    _FLOAT.map(lambda value: (np.float64(value), value)),
    st.booleans().map(lambda value: (np.bool_(value), value)),
    st.timedeltas().map(lambda value: (value, value.total_seconds())),
    st.lists(_FLOAT, max_size=3).map(lambda value: (array.array("d", value), value)),
    st.lists(_FLOAT, max_size=3).map(lambda value: (np.array(value, dtype=float), value)),
    st.integers(0, 5).map(lambda value: (range(value), list(range(value)))),
    st.frozensets(_INTEGER, max_size=4).map(lambda value: (value, sorted(value))),
)


def _containers(inner: Any) -> Any:
    lists = st.lists(inner, max_size=4)
    dicts = st.dictionaries(_TEXT, inner, max_size=4)
    values = [
        (lists, kind, _loads_of_list)
        for kind in (list, tuple, collections.deque, collections.UserList, lambda items: dict(enumerate(items)).values())
    ] + [
        (dicts, kind, _loads_of_dict)
        for kind in (
            dict,
            collections.OrderedDict,
            types.MappingProxyType,
            collections.UserDict,
            collections.ChainMap,
            lambda items: types.SimpleNamespace(**items),
        )
    ]
    pairs = st.tuples(inner, inner).map(lambda two: (Pair(two[0][0], two[1][0]), [two[0][1], two[1][1]]))
    boxes = st.tuples(inner, _TEXT).map(lambda two: (Box(two[0][0], two[1]), {"content": two[0][1], "label": two[1]}))
    return st.one_of(
        *(items.map(lambda found, kind=kind, loads=loads: loads(kind, found)) for items, kind, loads in values),
        pairs,
        boxes,
        inner.map(_enum_member),
    )


def _loads_of_list(kind: Any, items: list[Example]) -> Example:
    return kind([value for value, _ in items]), [expected for _, expected in items]


def _loads_of_dict(kind: Any, items: dict[str, Example]) -> Example:
    return (
        kind({key: value for key, (value, _) in items.items()}),
        {key: expected for key, (_, expected) in items.items()},
    )


_EXAMPLE = st.recursive(_SCALAR_EXAMPLE, _containers, max_leaves=15)
_ROWS = st.lists(st.tuples(_TEXT, st.integers(-5, 5), _FLOAT), max_size=5)


class RoundTrips(unittest.TestCase):
    @_property(150, value=_JSON)
    def test_json_values_are_written_as_json_writes_them(self, value: Any) -> None:
        self.assertEqual(to_json(value), json.dumps(value, ensure_ascii=False))

    @_property(100, value=st.dictionaries(st.one_of(_JSON_SCALAR, st.floats()), st.integers(0, 9), max_size=5))
    def test_keys_are_written_as_json_writes_them_or_refused_where_two_are_the_same(self, value: dict[Any, int]) -> None:
        text = json.dumps(value, ensure_ascii=False)
        if len(json.loads(text)) == len(value):
            self.assertEqual(to_json(value), text)
        else:
            with self.assertRaisesRegex(NotSerializable, "two keys that are both"):
                to_json(value)

    @_property(150, example=_EXAMPLE)
    def test_values_of_all_kinds_keep_what_json_has_a_place_for(self, example: Example) -> None:
        value, expected = example
        self.assertEqual(json.dumps(json.loads(to_json(value))), json.dumps(expected))

    @_property(40, data=st.data())
    def test_what_is_text_comes_back_from_the_text_of_a_value_and_of_a_key(self, data: Any) -> None:
        for name, (values, parse) in _TEXT_FORMS.items():
            value = data.draw(values, label=name)
            self.assertEqual(parse(json.loads(to_json(value))), value, name)
            (key,) = json.loads(to_json({value: 1}))
            self.assertEqual(parse(key), value, name)


class Tables(unittest.TestCase):
    @_property(40, rows=_ROWS)
    def test_a_frame_keeps_its_rows_in_order(self, rows: list[Any]) -> None:
        frame = pd.DataFrame(rows, columns=["s", "i", "f"])
        self.assertEqual(json.loads(to_json(frame)), [dict(zip("sif", row)) for row in rows])

    @_property(40, rows=_ROWS, names=st.tuples(st.one_of(st.none(), _NAME), st.one_of(st.none(), _NAME)))
    def test_an_index_is_what_reset_index_makes_of_it(self, rows: list[Any], names: tuple[str | None, ...]) -> None:
        hypothesis.assume(names[0] is None or names[0] != names[1])  # refused, here as there
        frame = pd.DataFrame(rows, columns=["S1", "I2", "F3"])
        for levels in (["S1"], ["S1", "I2"]):
            indexed = frame.set_index(levels).rename_axis(list(names[: len(levels)]))
            self.assertEqual(json.loads(to_json(indexed)), json.loads(to_json(indexed.reset_index())))
        series = indexed["F3"]
        self.assertEqual(json.loads(to_json(series)), json.loads(to_json(series.reset_index())))

    @_property(40, labels=st.lists(_TEXT_FORM_VALUE, max_size=4))
    def test_labels_are_written_as_keys_are_or_refused_where_two_are_the_same(self, labels: list[Any]) -> None:
        texts = [next(iter(json.loads(to_json({label: 1})))) for label in labels]
        series = pd.Series(range(len(labels)), index=pd.Index(labels, dtype=object))
        if len(set(texts)) == len(texts):
            self.assertEqual(json.loads(to_json(series)), dict(zip(texts, range(len(labels)))))
        else:
            with self.assertRaisesRegex(NotSerializable, "index label .* more than once"):
                to_json(series)


class Refusals(unittest.TestCase):
    @_property(60, path=st.lists(st.one_of(st.integers(0, 2), _TEXT), max_size=40))
    def test_a_value_without_form_is_named_by_a_path_that_leads_to_it(self, path: list[Any]) -> None:
        value: Any = len
        for step in reversed(path):
            value = {step: value} if isinstance(step, str) else [0] * step + [value]
        with self.assertRaises(NotSerializable) as caught:
            to_json(value)
        shown = caught.exception.path
        if len(path) <= 20:
            self.assertIs(eval(shown, {"result": value}), len)
        self.assertLess(len(shown), 24 * 100)


if __name__ == "__main__":
    unittest.main()

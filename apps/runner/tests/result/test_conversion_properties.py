"""Properties of conversion, for values of all kinds in each other: nothing is lost for which JSON has a place.

PYCELL_SEED repeats a run. Needs PYCELL_CHECK_TOOLS, the folder with hypothesis that `npm test` makes.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import json
import math
import os
import sys
import tempfile
import types
import unittest
from typing import Any

from .. import packages
from .conversion_case import to_json

packages.make_importable()
sys.path.append(os.environ.get("PYCELL_CHECK_TOOLS", ""))
# It keeps tables of characters, and would do so in the folder of the project.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(tempfile.gettempdir(), "pycell-hypothesis"))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from hypothesis import HealthCheck, given, seed, settings, strategies as st  # type: ignore[import-not-found]  # noqa: E402

_SEED = int(os.environ.get("PYCELL_SEED") or "1")
_SETTINGS = settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Colour(enum.Enum):
    RED = "red"
    ONE = 1


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_floats = st.floats(allow_nan=True, allow_infinity=True)
_json_scalars = st.none() | st.booleans() | st.integers() | _floats | _texts
#: With what each becomes.
_scalars = st.one_of(
    _json_scalars.map(lambda value: (value, _without_nan(value))),
    st.datetimes().map(lambda value: (value, value.isoformat())),
    st.dates().map(lambda value: (value, value.isoformat())),
    st.timedeltas().map(lambda value: (value, value.total_seconds())),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda value: (value, str(value))),
    st.fractions().map(lambda value: (value, str(value))),
    st.complex_numbers().map(lambda value: (value, str(value))),
    st.uuids().map(lambda value: (value, str(value))),
    st.ip_addresses().map(lambda value: (value, str(value))),
    st.sampled_from(Colour).map(lambda value: (value, value.value)),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: (np.int64(value), value)),
    _floats.map(lambda value: (np.float64(value), _without_nan(value))),
    _texts.map(lambda value: (value.encode(), value)),
)


def _without_nan(value: Any) -> Any:
    return value if not isinstance(value, float) or math.isfinite(value) else None


def _pairs(children: Any) -> Any:
    """Containers of pairs, as pairs."""
    lists = st.lists(children, max_size=4)
    keys = _texts
    objects = st.dictionaries(keys, children, max_size=4)
    return st.one_of(
        lists.map(lambda pairs: ([v for v, _ in pairs], [j for _, j in pairs])),
        lists.map(lambda pairs: (tuple(v for v, _ in pairs), [j for _, j in pairs])),
        lists.map(lambda pairs: (collections.deque(v for v, _ in pairs), [j for _, j in pairs])),
        objects.map(lambda pairs: ({k: v for k, (v, _) in pairs.items()}, {k: j for k, (_, j) in pairs.items()})),
        objects.map(lambda pairs: (types.MappingProxyType({k: v for k, (v, _) in pairs.items()}), {k: j for k, (_, j) in pairs.items()})),
        objects.map(lambda pairs: (collections.OrderedDict((k, v) for k, (v, _) in pairs.items()).values(), [j for _, j in pairs.values()])),
    )


_nested = st.recursive(_scalars, _pairs, max_leaves=12)
_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(_texts, children, max_size=4),
    max_leaves=15,
)


def _loads(text: str) -> Any:
    return json.loads(text, parse_constant=lambda name: unittest.TestCase().fail(f"{name} is no JSON"))


class Properties(unittest.TestCase):
    @seed(_SEED)
    @_SETTINGS
    @given(_json_values)
    def test_what_json_takes_is_written_as_json_writes_it(self, value: Any) -> None:
        self.assertEqual(to_json(value), json.dumps(value, ensure_ascii=False))

    @seed(_SEED)
    @_SETTINGS
    @given(st.dictionaries(st.none() | st.booleans() | st.integers() | st.floats() | _texts, st.integers(), max_size=4))
    def test_keys_are_written_as_json_writes_them(self, value: dict[Any, int]) -> None:
        written = json.dumps(value, ensure_ascii=False)
        if len(json.loads(written)) == len(value):
            self.assertEqual(to_json(value), written)

    @seed(_SEED)
    @_SETTINGS
    @given(_nested)
    def test_values_of_all_kinds_in_each_other_keep_what_they_hold(self, pair: tuple[Any, Any]) -> None:
        value, expected = pair
        self.assertEqual(_loads(to_json([value])), [expected])

    @seed(_SEED)
    @_SETTINGS
    @given(st.lists(st.tuples(_texts, st.integers(-(2**62), 2**62), _floats), max_size=6, unique_by=lambda row: row[0]))
    def test_tables_keep_rows_columns_and_labels(self, rows: list[tuple[str, int, float]]) -> None:
        frame = pd.DataFrame({"n": [n for _, n, _ in rows], "x": [x for _, _, x in rows]}, index=pd.Index([t for t, _, _ in rows], dtype=object, name="label"))
        expected = [{"label": label, "n": n, "x": _without_nan(x)} for label, n, x in rows]
        self.assertEqual(_loads(to_json(frame)), expected)
        self.assertEqual(_loads(to_json(frame["n"])), {label: n for label, n, _ in rows})
        records = frame.reset_index().set_index(["label", "n"])["x"]
        self.assertEqual(_loads(to_json(records)), expected)

    @seed(_SEED)
    @_SETTINGS
    @given(st.decimals(allow_nan=False, allow_infinity=False), st.fractions(), st.complex_numbers(allow_nan=False), st.datetimes(timezones=st.just(datetime.timezone.utc)))
    def test_texts_of_numbers_and_moments_lead_back_to_them(self, number: Any, ratio: Any, point: complex, moment: Any) -> None:
        texts = _loads(to_json([number, ratio, point, moment]))
        self.assertEqual([decimal.Decimal(texts[0]), fractions.Fraction(texts[1]), complex(texts[2])], [number, ratio, point])
        self.assertEqual(datetime.datetime.fromisoformat(texts[3]), moment)


if __name__ == "__main__":
    unittest.main()

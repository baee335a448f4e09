"""Return values whose own methods lie, raise or are not what they seem."""

from __future__ import annotations

import collections
import collections.abc
import datetime
import decimal
import fractions
import uuid
from typing import Any, Iterator

from pycell_runner.result.not_serializable import NotSerializable

from .. import folders
from .conversion_case import ConversionCase, to_json

folders.make_pandas_importable()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402


class _Raises:
    """Raises whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        raise ValueError("no")

    def __str__(self) -> str:
        raise ValueError("no")

    __repr__ = __str__


class HostileValues(ConversionCase):
    def assert_ends_in_order(self, value: Any) -> None:
        """Either there is JSON, or an error of bounded length with a hint of bounded length."""
        try:
            to_json([value])
        except NotSerializable as error:
            self.assertLess(len(str(error)), 1000)
            self.assertLess(len(error.hint or ""), 300)

    def test_text_that_is_none_is_refused(self) -> None:
        class Lies:
            def __str__(self) -> Any:
                return 5

            isoformat = total_seconds = is_finite = decode = lambda self, *_: _Raises()

        for base, arguments in (
            (datetime.date, (2024, 1, 1)),
            (datetime.timedelta, (1,)),
            (decimal.Decimal, (1,)),
            (fractions.Fraction, (1, 3)),
            (uuid.UUID, ("0" * 32,)),
            (bytes, (b"a",)),
        ):
            kind = type("Kind", (Lies, base), {"__module__": "script"})
            with self.subTest(base.__name__), self.assertRaises(NotSerializable) as caught:
                to_json([kind(*arguments)])
            self.assertRegex(str(caught.exception), r"^result\[0\] is a Kind, which raised \w+Error while it was read$")

    def test_containers_that_raise_or_lie_about_their_length(self) -> None:
        class Mapping(collections.abc.Mapping[Any, Any]):
            def __len__(self) -> int:
                raise ValueError("no")

            def __iter__(self) -> Iterator[Any]:
                return iter([1, 1])

            def __getitem__(self, key: Any) -> Any:
                return self

        class Deque(collections.deque[Any]):
            def __iter__(self) -> Iterator[Any]:
                raise KeyError("no")

        class Items(dict[Any, Any]):
            def items(self) -> Any:
                return [(1, 2, 3)]

        for value in (Mapping(), Deque([1]), Items(a=1), _Raises(), {_Raises: 1}):
            self.assert_ends_in_order(value)
        self.assert_refused([Deque([1])], f"result[0] is a {__name__}.{Deque.__qualname__}, which raised KeyError while it was read")

    def test_names_without_end_make_bounded_messages(self) -> None:
        long = "n" * 1_000_000
        for value in (
            {long: len},
            {1: 1, "1": 1, long: len},
            {(long,) * 100: 1},
            collections.UserDict({long: {long: {long: [len]}}}),
            pd.DataFrame([[1, 2]], columns=[long, long]),
            pd.DataFrame({long: [1]}, index=pd.Index(["x"], name=long)),
            pd.Series([1, 2], index=[long, long]),
            pd.Series([1], index=pd.Index([(long, long)], tupleize_cols=False)),
            np.array([(len,)], dtype=[("f" * 1000, "O")]),
        ):
            self.assert_ends_in_order(value)

    def test_tables_that_lie_about_their_labels(self) -> None:
        class Frame(pd.DataFrame):
            index = columns = property(lambda self: _Raises())  # type: ignore[assignment]

        class Short(pd.DataFrame):
            columns = property(lambda self: ["a"] * 5)  # type: ignore[assignment]

        class Series(pd.Series):
            name = property(lambda self: _Raises())  # type: ignore[assignment]

        for kind in (Frame, Short):
            value = pd.DataFrame({"a": [1]})
            value.__class__ = kind
            self.assert_ends_in_order(value)
        series = pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 1)]))
        series.__class__ = Series
        self.assert_ends_in_order(series)

    def test_names_of_levels_of_any_type(self) -> None:
        class Name:
            def __eq__(self, other: object) -> bool:
                raise ValueError("no")

            __hash__ = object.__hash__

        for name in (Name(), float("nan"), frozenset({1}), (1, ("a", None)), b"\xff", pd.NaT, int, 10**30):
            with self.subTest(name=type(name).__name__):
                self.assert_ends_in_order(pd.DataFrame({"v": [1]}, index=pd.Index(["x"], name=name)))
                self.assert_ends_in_order(pd.DataFrame([[1]], columns=pd.Index([name], tupleize_cols=False, dtype=object)))

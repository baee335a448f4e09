"""What becomes of pandas' values: each row of docs/conversion.md. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import datetime
import json
import unittest

from pycell_runner.result.not_serializable import NotSerializable

from .. import folders
from .conversion_case import ConversionCase, to_json

folders.make_pandas_importable()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402


class Scalars(ConversionCase):
    def test_what_is_missing_is_null(self) -> None:
        self.assert_json([pd.NaT, pd.NA, np.nan, None], "[null, null, null, null]")
        self.assert_json(pd.NaT, "null")

    def test_timestamps_are_iso_8601(self) -> None:
        self.assert_json(pd.Timestamp("2024-01-02 03:04:05"), '"2024-01-02T03:04:05"')
        self.assert_json(pd.Timestamp("2024-01-02 03:04:05.000000006"), '"2024-01-02T03:04:05.000000006"')
        self.assert_json(pd.Timestamp("2024-01-02", tz="UTC"), '"2024-01-02T00:00:00+00:00"')

    def test_timedeltas_are_seconds(self) -> None:
        self.assert_json(pd.Timedelta("1 day 500ms"), "86400.5")

    def test_periods_intervals_and_frequencies_are_text(self) -> None:
        self.assert_json([pd.Period("2024-01"), pd.Period("2024Q1"), pd.Interval(0, 18)], '["2024-01", "2024Q1", "(0, 18]"]')
        self.assert_json([pd.date_range("2024", periods=2, freq="D").freq, pd.offsets.MonthEnd(2)], '["D", "2ME"]')

    def test_dtypes_are_text(self) -> None:
        types = [pd.CategoricalDtype(), pd.Int64Dtype(), pd.DatetimeTZDtype(tz="UTC")]
        self.assert_json(types, '["category", "Int64", "datetime64[ns, UTC]"]')
        self.assert_json(pd.DataFrame({"a": [1], "b": [0.5]}).dtypes, '{"a": "int64", "b": "float64"}')

    def test_keys_are_text_as_the_values_are(self) -> None:
        self.assert_json({pd.Timestamp("2024-01-01"): 1, pd.Period("2024-01"): 2}, '{"2024-01-01T00:00:00": 1, "2024-01": 2}')
        self.assert_json({pd.Interval(0, 1): 1, pd.NaT: 2}, '{"(0, 1]": 1, "null": 2}')
        self.assert_json(pd.Series([True, False, True]).value_counts().to_dict(), '{"true": 2, "false": 1}')

    def test_what_is_to_be_aggregated_first_says_so(self) -> None:
        frame = pd.DataFrame({"k": ["a"], "v": [1]})
        hint = "Aggregate it, for example with .sum() or .size(), and return the outcome."
        for value, name in ((frame.groupby("k"), "DataFrameGroupBy"), (frame["v"].rolling(2), "Rolling")):
            with self.assertRaises(NotSerializable) as caught:
                to_json(value)
            self.assertIn(name, str(caught.exception))
            self.assertEqual(caught.exception.hint, hint)


class Frames(ConversionCase):
    def test_a_frame_is_a_list_of_records(self) -> None:
        self.assert_json(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]')

    def test_an_empty_frame_is_an_empty_list(self) -> None:
        self.assert_json([pd.DataFrame(), pd.DataFrame(columns=["a", "b"])], "[[], []]")

    def test_a_frame_without_columns_is_a_list_of_empty_objects(self) -> None:
        self.assert_json(pd.DataFrame(index=range(2)), "[{}, {}]")

    def test_every_kind_of_column_becomes_what_its_values_become(self) -> None:
        frame = pd.DataFrame(
            {
                "float": [1.5, np.nan],
                "half": np.array([1.5, np.inf], dtype=np.float16),
                "int": np.array([1, 2], dtype=np.uint8),
                "bool": [True, False],
                "text": ["a", None],
                "string": pd.array(["a", None], dtype="string"),
                "object": [{"k": {2, 1}}, [1, (2,)]],
                "moment": pd.to_datetime(["2024-01-01", None]),
                "zone": pd.to_datetime(["2024-01-01", None]).tz_localize("UTC"),
                "span": pd.to_timedelta(["1s", None]),
                "category": pd.Categorical(["x", None]),
                "nullable": pd.array([1, None], dtype="Int64"),
                "nullable_bool": pd.array([True, None], dtype="boolean"),
                "nullable_float": pd.array([0.5, None], dtype="Float64"),
                "sparse": pd.arrays.SparseArray([0, 1]),
                "date": [datetime.date(2024, 1, 1), None],
            }
        )
        first, second = json.loads(to_json(frame))
        self.assertEqual(
            first,
            {
                "float": 1.5,
                "half": 1.5,
                "int": 1,
                "bool": True,
                "text": "a",
                "string": "a",
                "object": {"k": [1, 2]},
                "moment": "2024-01-01T00:00:00",
                "zone": "2024-01-01T00:00:00+00:00",
                "span": 1.0,
                "category": "x",
                "nullable": 1,
                "nullable_bool": True,
                "nullable_float": 0.5,
                "sparse": 0,
                "date": "2024-01-01",
            },
        )
        full = {"int": 2, "bool": False, "object": [1, [2]], "sparse": 1}
        self.assertEqual(second, {name: full.get(name) for name in first})

    def test_integers_stay_integers_and_floats_floats(self) -> None:
        self.assert_json(pd.DataFrame({"i": [1], "f": [1.0]}), '[{"i": 1, "f": 1.0}]')
        self.assert_json(pd.DataFrame({"n": pd.array([2**62, None], dtype="Int64")}), f'[{{"n": {2**62}}}, {{"n": null}}]')

    def test_a_value_without_form_is_named_by_row_and_column(self) -> None:
        frame = pd.DataFrame({"a": [1, 2], "b": [None, {"c": len}]})
        problem = "is a builtin_function_or_method, which has no JSON form"
        self.assert_refused({"t": frame}, f'result["t"][1]["b"]["c"] {problem}')
        self.assert_refused(pd.DataFrame({"z": [1]}, index=[len]), f'result[0]["index"] {problem}')

    def test_a_frame_counts_as_two_levels(self) -> None:
        frame = pd.DataFrame({"a": [[1]]})
        self.assert_json(frame, '[{"a": [1]}]')
        self.assert_refused([frame], "result[0] nests deeper than 2 levels", max_depth=2)
        self.assert_refused(frame, 'result[0]["a"] nests deeper than 2 levels', max_depth=2)

    def test_the_result_of_a_group_by_is_a_frame_like_any_other(self) -> None:
        frame = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3]})
        self.assert_json(frame.groupby("k", as_index=False).sum(), '[{"k": "a", "v": 4}, {"k": "b", "v": 2}]')
        self.assert_json(frame.groupby("k")["v"].mean(), '{"a": 2.0, "b": 2.0}')


class SeriesAndIndexes(ConversionCase):
    def test_a_value_without_form_is_named_by_its_label(self) -> None:
        self.assert_refused(pd.Series([1, len], index=["a", "b"]), 'result["b"] is a builtin_function_or_method, which has no JSON form')

    def test_a_series_that_contains_itself_is_refused(self) -> None:
        series = pd.Series([None], dtype=object)
        series.array[0] = series
        self.assert_refused(series, 'result["0"] contains itself')

    def test_indexes_and_arrays_are_lists(self) -> None:
        self.assert_json(pd.Index([1, 2]), "[1, 2]")
        self.assert_json(pd.RangeIndex(3), "[0, 1, 2]")
        self.assert_json(pd.DatetimeIndex(["2024-01-01"]), '["2024-01-01T00:00:00"]')
        self.assert_json(pd.MultiIndex.from_tuples([("a", 1)]), '[["a", 1]]')
        self.assert_json(pd.Categorical(["a", None, "a"]), '["a", null, "a"]')
        self.assert_json(pd.array([1, None], dtype="Int64"), "[1, null]")
        self.assert_json(pd.Series(["b", "a", "b"]).unique(), '["b", "a"]')


if __name__ == "__main__":
    unittest.main()

"""What becomes of pandas' values: each row of docs/conversion.md. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import datetime
import json
import unittest

from .. import packages
from .conversion_case import ConversionCase, to_json

packages.make_importable()

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

    def test_periods_intervals_and_dtypes_are_text(self) -> None:
        self.assert_json([pd.Period("2024-01"), pd.Interval(0, 1)], '["2024-01", "(0, 1]"]')
        self.assert_json([pd.CategoricalDtype(), pd.Int64Dtype(), np.dtype("int64")], '["category", "Int64", "int64"]')
        self.assert_json(pd.DataFrame({"a": [1], "b": ["x"]}).dtypes.astype(str).index, '["a", "b"]')
        self.assert_json(pd.DataFrame({"a": [1]}).dtypes, '{"a": "int64"}')


class Frames(ConversionCase):
    def test_a_frame_is_a_list_of_records(self) -> None:
        frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        self.assert_json(frame, '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]')

    def test_an_index_that_is_more_than_a_count_comes_first(self) -> None:
        frame = pd.DataFrame({"a": [1, 2]}, index=["p", "q"])
        self.assert_json(frame, '[{"index": "p", "a": 1}, {"index": "q", "a": 2}]')
        self.assert_json(frame.rename_axis("name"), '[{"name": "p", "a": 1}, {"name": "q", "a": 2}]')
        self.assert_json(frame.reset_index(drop=True), '[{"a": 1}, {"a": 2}]')
        self.assert_json(frame.reset_index(drop=True)[1:], '[{"index": 1, "a": 2}]')
        self.assert_json(frame.reset_index(), '[{"index": "p", "a": 1}, {"index": "q", "a": 2}]')
        self.assert_json(frame.reset_index().set_index(pd.Index(["x", "y"])), '[{"level_0": "x", "index": "p", "a": 1}, {"level_0": "y", "index": "q", "a": 2}]')
        self.assert_json(pd.DataFrame({"a": [1, 2]}, index=["p", "p"]), '[{"index": "p", "a": 1}, {"index": "p", "a": 2}]')
        self.assert_json(pd.DataFrame({"v": [1]}, index=pd.date_range("2024-01-01", periods=1)), '[{"index": "2024-01-01T00:00:00", "v": 1}]')

    def test_every_level_of_an_index_comes_first(self) -> None:
        frame = pd.DataFrame({"a": ["p", "q"], "b": ["x", "y"], "v": [1, 2]})
        self.assert_json(frame.groupby(["a", "b"]).sum(), '[{"a": "p", "b": "x", "v": 1}, {"a": "q", "b": "y", "v": 2}]')
        unnamed = pd.DataFrame({"v": [1]}, index=pd.MultiIndex.from_tuples([("p", 2)]))
        self.assert_json(unnamed, '[{"level_0": "p", "level_1": 2, "v": 1}]')

    def test_the_usual_tables_keep_the_labels_of_their_rows(self) -> None:
        frame = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "t": [4.0, 18.0, 6.0]})
        self.assert_json(frame.groupby("city").agg(mean=("t", "mean")), '[{"city": "Oslo", "mean": 5.0}, {"city": "Rome", "mean": 18.0}]')
        self.assertEqual(json.loads(to_json(frame.describe()))[0], {"index": "count", "t": 3.0})
        self.assert_json(frame[["t"]].corr(), '[{"index": "t", "t": 1.0}]')
        table = pd.crosstab(pd.Series(["a", "b"], name="k"), pd.Series(["x", "y"], name="c"))
        self.assert_json(table, '[{"k": "a", "x": 1, "y": 0}, {"k": "b", "x": 0, "y": 1}]')
        bins = pd.DataFrame({"age": [5, 30], "bin": pd.cut([5, 30], [0, 18, 65])})
        self.assert_json(bins, '[{"age": 5, "bin": "(0, 18]"}, {"age": 30, "bin": "(18, 65]"}]')
        self.assert_json(bins.groupby("bin", observed=True).sum(), '[{"bin": "(0, 18]", "age": 5}, {"bin": "(18, 65]", "age": 30}]')

    def test_an_index_and_a_column_of_one_name_are_refused_by_name(self) -> None:
        frame = pd.DataFrame({"a": [1]}, index=pd.Index([2], name="a"))
        self.assert_refused(frame, 'result has an index and a column that are both called "a"', hint="rename_axis")

    def test_an_empty_frame_is_an_empty_list(self) -> None:
        self.assert_json([pd.DataFrame(), pd.DataFrame(columns=["a", "b"])], "[[], []]")

    def test_a_frame_without_columns_is_a_list_of_empty_objects(self) -> None:
        self.assert_json(pd.DataFrame(index=[0, 1][:0]), "[]")
        self.assert_json(pd.DataFrame(index=pd.RangeIndex(2)), "[{}, {}]")
        self.assert_json(pd.DataFrame(index=["p"]), '[{"index": "p"}]')

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

    def test_column_labels_that_are_not_strings_become_keys(self) -> None:
        self.assert_json(pd.DataFrame([[1, 2]]), '[{"0": 1, "1": 2}]')
        self.assert_json(pd.DataFrame([[1]], columns=[pd.Timestamp("2024-01-01")]), '[{"2024-01-01T00:00:00": 1}]')

    def test_columns_of_several_levels_are_joined(self) -> None:
        frame = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))
        self.assert_json([frame], '[[{"a_b": 1}]]')
        table = pd.DataFrame({"k": ["x", "y"], "v": [1, 2]}).groupby("k").agg(["mean", "sum"])
        self.assert_json(table, '[{"k": "x", "v_mean": 1.0, "v_sum": 1}, {"k": "y", "v_mean": 2.0, "v_sum": 2}]')
        self.assert_json(table.reset_index(), '[{"k": "x", "v_mean": 1.0, "v_sum": 1}, {"k": "y", "v_mean": 2.0, "v_sum": 2}]')
        double = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b_c"), ("a_b", "c")]))
        self.assert_refused(double, 'result has the column "a_b_c" more than once', hint="Rename one of them")

    def test_duplicate_columns_are_refused_by_name(self) -> None:
        self.assert_refused(pd.DataFrame([[1, 2]], columns=["a", "a"]), 'result has the column "a" more than once')
        self.assert_refused({"t": pd.DataFrame([[1, 2]], columns=[1, "1"])}, 'result["t"] has the column "1" more than once')

    def test_a_value_without_form_is_named_by_row_and_column(self) -> None:
        frame = pd.DataFrame({"a": [1, 2], "b": [None, {"c": len}]})
        self.assert_refused({"t": frame}, 'result["t"][1]["b"]["c"] is a builtin_function_or_method, which has no JSON form')
        self.assert_refused(pd.DataFrame({"z": [len]}), 'result[0]["z"] is a builtin_function_or_method, which has no JSON form')
        self.assert_json(pd.DataFrame({"z": [1j]}), '[{"z": "1j"}]')

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
    def test_a_series_is_an_object_by_its_index(self) -> None:
        self.assert_json(pd.Series([1, 2], index=["a", "b"]), '{"a": 1, "b": 2}')
        self.assert_json(pd.Series([1.5, np.nan]), '{"0": 1.5, "1": null}')
        self.assert_json(pd.Series([], dtype=object), "{}")
        self.assert_json(pd.Series(["x"], index=[pd.Timestamp("2024-01-01")]), '{"2024-01-01T00:00:00": "x"}')
        self.assert_json(pd.Series(pd.to_datetime(["2024-01-01"])), '{"0": "2024-01-01T00:00:00"}')

    def test_duplicate_index_labels_are_refused_by_name(self) -> None:
        self.assert_refused(pd.Series([1, 2], index=["a", "a"]), 'result has the index label "a" more than once')
        self.assert_refused([pd.Series([1, 2], index=[1, "1"])], 'result[0] has the index label "1" more than once')

    def test_a_series_with_an_index_of_several_levels_is_a_list_of_records(self) -> None:
        series = pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 1)]))
        self.assert_json(series, '[{"level_0": "a", "level_1": 1, "0": 1}]')
        frame = pd.DataFrame({"a": ["p", "p", "q"], "b": ["x", "y", "x"], "v": [1, 2, 3]})
        self.assert_json(frame.groupby(["a", "b"])["v"].sum()[:1], '[{"a": "p", "b": "x", "v": 1}]')
        self.assert_json(frame[["a", "b"]].value_counts()[:1], '[{"a": "p", "b": "x", "count": 1}]')

    def test_tuples_as_labels_are_refused_with_the_way_out(self) -> None:
        series = pd.Series([1, 2], index=pd.Index([("a", 1), "b"], tupleize_cols=False))
        self.assert_refused(series, "result has the tuple ('a', 1) as an index label; JSON keys are strings", hint="reset_index()")
        groups = pd.DataFrame({"a": ["p"], "b": ["x"], "v": [1]}).groupby(["a", "b"])["v"].sum()
        self.assert_refused(groups.to_dict(), "result has the tuple ('p', 'x') as a key; JSON keys are strings", hint="reset_index()")

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

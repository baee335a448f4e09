"""What becomes of the labels of tables: index, columns, levels of both. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import json
import unittest

from .. import folders
from .conversion_case import ConversionCase, to_json

folders.make_pandas_importable()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

_RENAME_COLUMNS = "Give every column a name of its own, for example by df.columns = [...]."
_RENAME_LEVELS = "Rename the index, for example with rename_axis(...), or leave it out with reset_index(drop=True)."


class IndexOfAFrame(ConversionCase):
    def setUp(self) -> None:
        self.sales = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "year": [1, 1, 2], "v": [4, 18, 6]})

    def test_a_default_index_is_left_out(self) -> None:
        self.assert_json(self.sales.head(1), '[{"city": "Oslo", "year": 1, "v": 4}]')
        self.assert_json(self.sales[self.sales["v"] > 5].reset_index(drop=True)[["v"]], '[{"v": 18}, {"v": 6}]')

    def test_the_labels_of_groups_come_first_under_their_name(self) -> None:
        self.assert_json(self.sales.groupby("city")[["v"]].sum(), '[{"city": "Oslo", "v": 10}, {"city": "Rome", "v": 18}]')
        self.assert_json(
            self.sales.groupby(["city", "year"]).sum().head(2),
            '[{"city": "Oslo", "year": 1, "v": 4}, {"city": "Oslo", "year": 2, "v": 6}]',
        )

    def test_an_index_without_name_is_called_index(self) -> None:
        self.assert_json(self.sales[["v"]].tail(1), '[{"index": 2, "v": 6}]')
        self.assert_json(self.sales[["v"]].sort_values("v", ascending=False).tail(1), '[{"index": 0, "v": 4}]')
        self.assert_json(pd.DataFrame({"v": [1]}, index=[0]), '[{"index": 0, "v": 1}]')
        self.assert_json(pd.DataFrame(index=["a"]), '[{"index": "a"}]')
        described = json.loads(to_json(self.sales[["v"]].describe()))
        self.assertEqual([row["index"] for row in described], ["count", "mean", "std", "min", "25%", "50%", "75%", "max"])

    def test_beside_a_column_called_index_it_is_called_level_0(self) -> None:
        self.assert_json(pd.DataFrame({"index": [1]}, index=["a"]), '[{"level_0": "a", "index": 1}]')

    def test_a_range_that_counts_from_elsewhere_or_has_a_name_is_no_default(self) -> None:
        frame = pd.DataFrame({"v": [1, 2]})
        self.assert_json(frame.set_index(pd.RangeIndex(1, 3)), '[{"index": 1, "v": 1}, {"index": 2, "v": 2}]')
        self.assert_json(frame.set_index(pd.RangeIndex(0, 4, 2)), '[{"index": 0, "v": 1}, {"index": 2, "v": 2}]')
        self.assert_json(frame.rename_axis("id"), '[{"id": 0, "v": 1}, {"id": 1, "v": 2}]')

    def test_levels_without_name_are_numbered(self) -> None:
        index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=[None, "n"])
        self.assert_json(pd.DataFrame({"v": [1, 2]}, index=index), '[{"level_0": "a", "n": 1, "v": 1}, {"level_0": "b", "n": 2, "v": 2}]')

    def test_every_kind_of_index_becomes_what_its_values_become(self) -> None:
        for index, text in (
            (pd.to_datetime(["2024-01-01", None]), '["2024-01-01T00:00:00", null]'),
            (pd.to_timedelta(["1s", "2s"]), "[1.0, 2.0]"),
            (pd.period_range("2024-01", periods=2, freq="M"), '["2024-01", "2024-02"]'),
            (pd.interval_range(0, 2), '["(0, 1]", "(1, 2]"]'),
            (pd.CategoricalIndex(["x", None]), '["x", null]'),
            (pd.Index([0.5, np.nan]), "[0.5, null]"),
            (pd.Index([True, False]), "[true, false]"),
            (pd.Index(["a", None], dtype=object), '["a", null]'),
            (pd.Index([1, 1]), "[1, 1]"),
        ):
            with self.subTest(kind=type(index).__name__):
                rows = json.loads(to_json(pd.DataFrame({"v": [1, 2]}, index=index)))
                self.assertEqual([row["index"] for row in rows], json.loads(text))

    def test_names_of_any_type_are_text(self) -> None:
        for name, text in ((0, "0"), (True, "true"), (pd.Timestamp("2024-01-01"), "2024-01-01T00:00:00"), (("a", "b"), "a_b")):
            self.assert_json(pd.DataFrame({"v": [1]}, index=pd.Index(["x"], name=name)), f'[{{"{text}": "x", "v": 1}}]')

    def test_rows_and_columns_of_a_matrix_can_be_told_apart(self) -> None:
        frame = pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]})
        self.assert_json(frame.corr(), '[{"index": "a", "a": 1.0, "b": -1.0}, {"index": "b", "a": -1.0, "b": 1.0}]')
        self.assert_json(frame.head(1).T, '[{"index": "a", "0": 1}, {"index": "b", "0": 3}]')
        table = pd.crosstab(self.sales["city"], self.sales["year"])
        self.assert_json(table, '[{"city": "Oslo", "1": 1, "2": 1}, {"city": "Rome", "1": 1, "2": 0}]')

    def test_a_level_that_is_called_like_a_column_is_refused_by_name(self) -> None:
        frame = self.sales.set_index("city", drop=False)
        self.assert_refused([frame], 'result[0] has "city" as a column and as a level of its index', hint=_RENAME_LEVELS)
        frame = pd.DataFrame({"index": [1], "level_0": [2]}, index=["a"])
        self.assert_refused(frame, 'result has "level_0" as a column and as a level of its index', hint=_RENAME_LEVELS)
        twice = pd.MultiIndex.from_tuples([("a", 1)], names=["n", "n"])
        self.assert_refused(pd.DataFrame({"v": [1]}, index=twice), 'result has the index level "n" more than once', hint=_RENAME_LEVELS)

    def test_a_name_of_the_script_that_raises_is_refused(self) -> None:
        class Name:
            def __str__(self) -> str:
                raise ValueError("no")

        frame = pd.DataFrame({"v": [1]}, index=pd.Index(["x"], name=Name()))
        self.assert_refused(frame, "result is a pandas.DataFrame, which raised ValueError while it was read")


class Columns(ConversionCase):
    def test_labels_that_are_not_strings_are_text(self) -> None:
        self.assert_json(pd.DataFrame([[1, 2]]), '[{"0": 1, "1": 2}]')
        self.assert_json(pd.DataFrame([[1, 2]], columns=[True, None]), '[{"true": 1, "null": 2}]')
        self.assert_json(pd.DataFrame([[1]], columns=[pd.Timestamp("2024-01-01")]), '[{"2024-01-01T00:00:00": 1}]')

    def test_levels_are_joined_without_those_that_are_empty(self) -> None:
        frame = pd.DataFrame({"k": ["x", "y", "x"], "v": [1, 2, 4]})
        grouped = frame.groupby("k").agg({"v": ["sum", "max"]})
        text = '[{"k": "x", "v_sum": 5, "v_max": 4}, {"k": "y", "v_sum": 2, "v_max": 2}]'
        self.assert_json(grouped, text)
        self.assert_json(grouped.reset_index(), text)
        self.assert_json(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", 1, "b")])), '[{"a_1_b": 1}]')
        flat = grouped.set_axis(grouped.columns.to_flat_index(), axis=1)
        self.assert_json(flat, text)

    def test_names_that_occur_twice_are_refused(self) -> None:
        self.assert_refused(pd.DataFrame([[1, 2]], columns=["a", "a"]), 'result has the column "a" more than once', hint=_RENAME_COLUMNS)
        self.assert_refused({"t": pd.DataFrame([[1, 2]], columns=[1, "1"])}, 'result["t"] has the column "1" more than once')
        joined = pd.MultiIndex.from_tuples([("a", "b"), ("a_b", "")])
        self.assert_refused(pd.DataFrame([[1, 2]], columns=joined), 'result has the column "a_b" more than once', hint=_RENAME_COLUMNS)


class IndexOfASeries(ConversionCase):
    def test_it_is_the_keys_of_an_object(self) -> None:
        self.assert_json(pd.Series([1, 2], index=["a", "b"]), '{"a": 1, "b": 2}')
        self.assert_json(pd.Series([1.5, np.nan]), '{"0": 1.5, "1": null}')
        self.assert_json(pd.Series([], dtype=object), "{}")
        self.assert_json(pd.Series(pd.to_datetime(["2024-01-01"])), '{"0": "2024-01-01T00:00:00"}')

    def test_labels_are_written_as_keys_are(self) -> None:
        self.assert_json(pd.Series(["x"], index=[pd.Timestamp("2024-01-01")]), '{"2024-01-01T00:00:00": "x"}')
        self.assert_json(pd.Series([True, False, True]).value_counts(), '{"true": 2, "false": 1}')
        self.assert_json(pd.cut(pd.Series([5, 30]), [0, 18, 65]).value_counts(sort=False), '{"(0, 18]": 1, "(18, 65]": 1}')
        self.assert_json(pd.Series([1.0, np.nan]).value_counts(dropna=False), '{"1.0": 1, "NaN": 1}')

    def test_labels_that_occur_twice_are_refused_by_name(self) -> None:
        hint = "Return .reset_index() or .tolist() of it."
        self.assert_refused(pd.Series([1, 2], index=["a", "a"]), 'result has the index label "a" more than once', hint=hint)
        self.assert_refused([pd.Series([1, 2], index=[1, "1"])], 'result[0] has the index label "1" more than once', hint=hint)

    def test_several_levels_make_a_list_of_records(self) -> None:
        frame = pd.DataFrame({"a": ["p", "p", "q"], "b": ["x", "y", "x"], "v": [1, 2, 3]})
        grouped = frame.groupby(["a", "b"])["v"].sum()
        text = '[{"a": "p", "b": "x", "v": 1}, {"a": "p", "b": "y", "v": 2}, {"a": "q", "b": "x", "v": 3}]'
        self.assert_json(grouped, text)
        self.assert_json(grouped.reset_index(), text)
        counts = frame[["a"]].value_counts()
        self.assert_json(counts, '[{"a": "p", "count": 2}, {"a": "q", "count": 1}]')
        self.assert_json(counts.iloc[:0], "[]")

    def test_what_has_no_name_is_called_as_reset_index_calls_it(self) -> None:
        series = pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 2)]))
        self.assert_json(series, '[{"level_0": "a", "level_1": 2, "0": 1}]')
        (row,) = series.reset_index().to_dict("records")
        self.assertEqual([str(name) for name in row], ["level_0", "level_1", "0"])

    def test_a_level_that_is_called_like_the_series_is_refused_by_name(self) -> None:
        series = pd.Series([1], name="n", index=pd.MultiIndex.from_tuples([("a", 2)], names=["n", "m"]))
        self.assert_refused(series, 'result has "n" as a column and as a level of its index', hint=_RENAME_LEVELS)

    def test_a_list_of_records_counts_as_two_levels(self) -> None:
        series = pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 2)]))
        self.assert_refused([series], "result[0] nests deeper than 2 levels", max_depth=2)

    def test_a_tuple_as_label_is_refused_by_name(self) -> None:
        index = pd.Index([("a", 1)], tupleize_cols=False)
        problem = "has the tuple ('a', 1) as an index label; JSON keys are strings"
        self.assert_refused([pd.Series([1], index=index)], f"result[0] {problem}", hint="Return .reset_index() of it.")


if __name__ == "__main__":
    unittest.main()

"""What becomes of numpy's values: each row of docs/conversion.md. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import unittest
import warnings

from .. import folders
from .conversion_case import ConversionCase

folders.make_pandas_importable()

import numpy as np  # noqa: E402


class Scalars(ConversionCase):
    def test_numbers_are_numbers(self) -> None:
        for kind in (np.int8, np.int64, np.uint8, np.uint64, np.intp):
            self.assert_json(kind(7), "7")
        self.assert_json(np.uint64(2**64 - 1), str(2**64 - 1))
        for kind in (np.float16, np.float32, np.float64, np.longdouble):
            self.assert_json(kind(0.5), "0.5")
        self.assert_json([np.True_, np.bool_(False)], "[true, false]")

    def test_nan_and_infinities_are_null(self) -> None:
        for kind in (np.float16, np.float32, np.float64, np.longdouble):
            self.assert_json([kind("nan"), kind("inf"), kind("-inf")], "[null, null, null]")

    def test_a_long_double_beyond_a_float_is_null(self) -> None:
        self.assert_json(np.longdouble("1e4000"), "null")

    def test_text_is_text_and_bytes_are_utf8(self) -> None:
        self.assert_json([np.str_("é"), np.bytes_(b"a")], '["é", "a"]')

    def test_moments_are_iso_8601_with_a_fraction_as_datetime_writes_it(self) -> None:
        for text, expected in (
            ("2024-02-29", "2024-02-29"),
            ("2024-02", "2024-02"),
            ("2024", "2024"),
            ("2024-02-29T13", "2024-02-29T13"),
            ("2024-02-29T13:05:07", "2024-02-29T13:05:07"),
            ("2024-02-29T13:05:07.000", "2024-02-29T13:05:07"),
            ("2024-02-29T13:05:07.500", "2024-02-29T13:05:07.500000"),
            ("2024-02-29T13:05:07.000005", "2024-02-29T13:05:07.000005"),
            ("2024-02-29T13:05:07.000000000", "2024-02-29T13:05:07"),
            ("2024-02-29T13:05:07.000000001", "2024-02-29T13:05:07.000000001"),
            ("1970-01-02T13:05:07.000000000001", "1970-01-02T13:05:07.000000000001"),
        ):
            self.assert_json(np.datetime64(text), f'"{expected}"')
        self.assert_json(np.datetime64("NaT"), "null")
        self.assert_json(np.datetime64("NaT", "ns"), "null")

    def test_spans_are_seconds(self) -> None:
        self.assert_json(np.timedelta64(1500, "ms"), "1.5")
        self.assert_json(np.timedelta64(2, "D"), "172800.0")
        self.assert_json(np.timedelta64("NaT"), "null")

    def test_spans_of_months_have_no_seconds(self) -> None:
        problem = "is a numpy.timedelta64 in units of 'M', which have no length in seconds"
        hint = "Return the count of units, .astype(int) of it."
        self.assert_refused([np.timedelta64(1, "M")], f"result[0] {problem}", hint=hint)

    def test_complex_numbers_are_text(self) -> None:
        self.assert_json([np.complex128(1j), np.complex64(1.5 - 2j), np.clongdouble(3)], '["1j", "(1.5-2j)", "(3+0j)"]')

    def test_dtypes_are_text(self) -> None:
        self.assert_json([np.dtype("int64"), np.array(["ab"]).dtype, np.dtype("M8[ns]")], '["int64", "<U2", "datetime64[ns]"]')

    def test_keys_are_text_as_the_values_are(self) -> None:
        self.assert_json({np.int64(2): 1, np.str_("a"): 3, np.True_: 4}, '{"2": 1, "a": 3, "true": 4}')
        self.assert_json({np.float64("nan"): 1, np.float32("inf"): 2, np.float32(0.5): 3}, '{"NaN": 1, "Infinity": 2, "0.5": 3}')
        self.assert_json({np.datetime64("2024-01-02T03:04"): 1, np.complex128(1j): 2}, '{"2024-01-02T03:04": 1, "1j": 2}')


class Arrays(ConversionCase):
    def test_arrays_of_numbers_are_nested_lists(self) -> None:
        self.assert_json(np.arange(6).reshape(2, 3), "[[0, 1, 2], [3, 4, 5]]")
        self.assert_json(np.array([1.5, 2], dtype=np.float16), "[1.5, 2.0]")
        self.assert_json(np.array([[True], [False]]), "[[true], [false]]")
        self.assert_json(np.array([1.5], dtype=">f4"), "[1.5]")
        self.assert_json(np.ones((2, 2), dtype=np.longdouble), "[[1.0, 1.0], [1.0, 1.0]]")

    def test_an_array_of_no_dimension_is_its_value(self) -> None:
        self.assert_json([np.array(1), np.array(1.5), np.array("a"), np.array(np.nan)], '[1, 1.5, "a", null]')
        self.assert_json(np.array("2024-01-01", dtype="datetime64[ns]"), '"2024-01-01T00:00:00"')
        self.assert_json(np.array({"a": {1}}), '{"a": [1]}')

    def test_empty_arrays_are_empty_lists(self) -> None:
        self.assert_json([np.array([]), np.zeros((2, 0)), np.zeros((0, 2)), np.array([], dtype=object)], "[[], [[], []], [], []]")

    def test_nan_and_infinities_in_arrays_are_null(self) -> None:
        self.assert_json(np.array([[1.0, np.nan], [np.inf, -np.inf]]), "[[1.0, null], [null, null]]")
        self.assert_json(np.array([1.5, np.nan], dtype=np.float16), "[1.5, null]")

    def test_long_doubles_beyond_a_float_are_null_without_a_warning(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assert_json(np.array(["1e4000", "1"], dtype=np.longdouble), "[null, 1.0]")

    def test_moments_and_spans_in_arrays(self) -> None:
        self.assert_json(np.array(["2024-01-01", "NaT"], dtype="datetime64[ns]"), '["2024-01-01T00:00:00", null]')
        self.assert_json(np.array([["2024-01-01"]], dtype="datetime64[D]"), '[["2024-01-01"]]')
        self.assert_json(np.array([1, 2], dtype="timedelta64[ms]"), "[0.001, 0.002]")

    def test_text_and_bytes_in_arrays(self) -> None:
        self.assert_json(np.array(["a", "é"]), '["a", "é"]')
        self.assert_json(np.array([b"a"]), '["a"]')
        self.assert_json(np.array(["a", "b"], dtype=np.dtypes.StringDType()), '["a", "b"]')

    def test_complex_numbers_in_arrays_are_text(self) -> None:
        self.assert_json({"z": np.array([[1, 2j]])}, '{"z": [["(1+0j)", "2j"]]}')

    def test_objects_in_arrays_are_converted_each(self) -> None:
        self.assert_json(np.array([1, "a", None, {2, 1}, np.arange(2), 1.5], dtype=object), '[1, "a", null, [1, 2], [0, 1], 1.5]')

    def test_structured_arrays_are_lists_of_objects(self) -> None:
        value = np.array([(1, "a", "2024-01-01", (1, 2))], dtype=[("n", "i4"), ("s", "U1"), ("d", "M8[ns]"), ("v", "f4", 2)])
        self.assert_json(value, '[{"n": 1, "s": "a", "d": "2024-01-01T00:00:00", "v": [1.0, 2.0]}]')
        self.assert_json(value[0], '{"n": 1, "s": "a", "d": "2024-01-01T00:00:00", "v": [1.0, 2.0]}')
        self.assert_json(value.view(np.recarray), '[{"n": 1, "s": "a", "d": "2024-01-01T00:00:00", "v": [1.0, 2.0]}]')

    def test_masked_values_are_null(self) -> None:
        self.assert_json(np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [1, 0]]), "[[1, null], [null, 4]]")
        self.assert_json(np.ma.array([1.5, np.nan, 3], mask=[1, 0, 0]), "[null, null, 3.0]")
        self.assert_json([np.ma.masked, np.ma.array([1])], "[null, [1]]")
        structured = np.ma.array([(1, 2.0)], dtype=[("a", int), ("b", float)], mask=[(False, True)])
        self.assert_json(structured, '[{"a": 1, "b": null}]')

    def test_a_matrix_is_a_list_of_lists(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.assert_json(np.matrix("1 2; 3 4"), "[[1, 2], [3, 4]]")
            self.assert_json(np.matrix([[1, None]], dtype=object), "[[1, null]]")

    def test_what_has_no_form_is_named_with_its_path(self) -> None:
        self.assert_refused(np.array([1, len], dtype=object), "result[1] is a builtin_function_or_method, which has no JSON form")
        value = np.array([(len,)], dtype=[("f", "O")])
        self.assert_refused(value, "result[0].f is a builtin_function_or_method, which has no JSON form")

    def test_an_array_that_contains_itself_is_refused(self) -> None:
        value = np.empty(1, dtype=object)
        value[0] = value
        self.assert_refused(value, "result[0] contains itself")

    def test_dimensions_count_as_levels(self) -> None:
        self.assert_json([np.zeros((1,) * 3)], "[[[[0.0]]]]")
        self.assert_refused([np.zeros((1,) * 3)], "result[0] nests deeper than 3 levels", max_depth=3)
        self.assert_refused([np.zeros((1,) * 3, "O")], "result[0] nests deeper than 3 levels", max_depth=3)
        structured = np.zeros(1, dtype=[("a", int)])
        self.assert_refused(structured, "result[0] nests deeper than 1 levels", max_depth=1)


if __name__ == "__main__":
    unittest.main()

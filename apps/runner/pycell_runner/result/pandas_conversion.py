"""What the tables and scalars of pandas become as JSON. Called by the run, after main() has returned.

pandas is handed in: it is never imported here, since a value of its exists only if the script imported it.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable

from .json_text import key_step
from .not_serializable import NotSerializable, too_deep
from .numpy_conversion import NumpyConversion, Plain
from .pandas_labels import Column, Labels
from .scalars import PLAIN_TYPES, Scalar, as_text


class PandasConversion:
    """Converts values of pandas.

    `key` writes a label as text, `sequence` converts a list, `nested` guards a container against cycles.
    """

    def __init__(
        self,
        pandas: Any,
        arrays: NumpyConversion,
        plain: Plain,
        key: Callable[[Any], str],
        sequence: Plain,
        nested: Callable[[Plain], Plain],
    ) -> None:
        self._pandas = pandas
        self._arrays = arrays
        self._plain = plain
        self._labels = Labels(pandas, key)
        self._guarded_list = nested(sequence)
        self._guarded_frame = nested(self._frame)
        self._guarded_series = nested(self._series)

    def handler(self, kind: type) -> Plain | None:
        """Return the function that converts containers of this type, None when it is none of pandas'."""
        pandas = self._pandas
        if issubclass(kind, pandas.DataFrame):
            return self._guarded_frame
        if issubclass(kind, pandas.Series):
            return self._guarded_series
        if issubclass(kind, (pandas.Index, pandas.api.extensions.ExtensionArray)):
            return self._guarded_list
        return None

    def scalar(self, kind: type) -> Scalar | None:
        """Return the function that converts scalars and dtypes of this type, None when it is none of pandas'.

        `Timestamp` and `Timedelta` are types of the standard library as well.
        """
        pandas = self._pandas
        if issubclass(kind, (type(pandas.NaT), type(pandas.NA))):
            return lambda value: None
        if issubclass(kind, (pandas.Period, pandas.Interval, pandas.api.extensions.ExtensionDtype)):
            return as_text
        if issubclass(kind, pandas.tseries.offsets.BaseOffset):
            return lambda value: as_text(value.freqstr)
        return None

    def _frame(self, value: Any, depth: int) -> list[dict[str, Any]]:
        names = self._labels.columns(value.columns)
        columns = self._labels.index_columns(value.index, names)
        columns += [(name, value.iloc[:, position]) for position, name in enumerate(names)]
        if not columns:
            self._check_depth(depth)
            return [{} for _ in range(len(value))]
        return self._records(columns, depth)

    def _series(self, value: Any, depth: int) -> Any:
        if self._labels.is_multiple(value.index):
            name = self._labels.series_name(value.name)
            return self._records([*self._labels.index_columns(value.index, [name]), (name, value)], depth)
        labels = self._labels.index_of_series(value.index)
        return dict(zip(labels, self._column(value, depth, lambda row: (key_step(labels[row]),))))

    def _records(self, columns: list[Column], depth: int) -> list[dict[str, Any]]:
        """Convert columns to one object per row; `depth` counts the list already, not the objects."""
        self._check_depth(depth)
        plain = []
        for name, column in columns:
            steps = (key_step(name),)
            plain.append(self._column(column, depth + 1, lambda row: (*steps, f"[{row}]")))
        names = [name for name, _ in columns]
        return [dict(zip(names, row)) for row in zip(*plain)]

    def _check_depth(self, depth: int) -> None:
        if depth + 1 > self._arrays.max_depth:
            raise too_deep(self._arrays.max_depth)

    def _column(self, column: Any, depth: int, steps_of: Callable[[int], Iterable[str]]) -> list[Any]:
        """Convert a Series or Index, whatever its dtype; `steps_of` gives the path to a row, innermost step first."""
        dtype = column.dtype
        if type(dtype).__module__.partition(".")[0] == "numpy" and dtype.kind in "biuf":
            numbers: list[Any] = self._arrays.array(column.to_numpy(), depth - 1)
            return numbers
        plain: list[Any] = []
        for item in column.tolist():
            if type(item) in PLAIN_TYPES:
                plain.append(item)
                continue
            try:
                plain.append(self._plain(item, depth))
            except NotSerializable as error:
                for step in steps_of(len(plain)):
                    error.at(step)
                raise
        return plain

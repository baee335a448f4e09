"""What the tables of pandas become as JSON. Called by the run, after main() has returned.

pandas is handed in: it is never imported here, since a value of its exists only if the script imported it.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable

from .json_text import json_key, key_step, quoted
from .not_serializable import NotSerializable
from .numpy_conversion import NumpyConversion, Plain


class PandasConversion:
    """Converts values of pandas; `sequence` converts a list, `nested` guards a container against cycles."""

    def __init__(
        self, pandas: Any, arrays: NumpyConversion, plain: Plain, sequence: Plain, nested: Callable[[Plain], Plain]
    ) -> None:
        self._pandas = pandas
        self._arrays = arrays
        self._plain = plain
        self._missing = (type(pandas.NaT), type(pandas.NA))
        self._lists = (pandas.Index, pandas.api.extensions.ExtensionArray)
        self._guarded_list = nested(sequence)
        self._guarded_frame = nested(self._frame)
        self._guarded_series = nested(self._series)

    def handler(self, kind: type) -> Plain | None:
        """Return the function that converts values of this type, None when it is none of pandas' tables."""
        if issubclass(kind, self._missing):
            return lambda value, depth: None
        if issubclass(kind, self._pandas.DataFrame):
            return self._guarded_frame
        if issubclass(kind, self._pandas.Series):
            return self._guarded_series
        if issubclass(kind, self._lists):
            return self._guarded_list
        return None

    def _frame(self, value: Any, depth: int) -> list[dict[str, Any]]:
        if depth + 1 > self._arrays.max_depth:
            raise NotSerializable(f"nests deeper than {self._arrays.max_depth} levels")
        names = _labels(value.columns, "column")
        if not names:
            return [{} for _ in range(len(value))]
        columns = []
        for position, name in enumerate(names):
            steps = (key_step(name),)
            columns.append(self._column(value.iloc[:, position], depth + 1, lambda row: (*steps, f"[{row}]")))
        return [dict(zip(names, row)) for row in zip(*columns)]

    def _series(self, value: Any, depth: int) -> dict[str, Any]:
        labels = _labels(value.index, "index label")
        return dict(zip(labels, self._column(value, depth, lambda row: (key_step(labels[row]),))))

    def _column(self, column: Any, depth: int, steps_of: Callable[[int], Iterable[str]]) -> list[Any]:
        """Convert a Series, whatever its dtype; `steps_of` gives the path to a row, innermost step first."""
        dtype = column.dtype
        if type(dtype).__module__.partition(".")[0] == "numpy" and dtype.kind in "biuf":
            numbers: list[Any] = self._arrays.array(column.to_numpy(), depth - 1)
            return numbers
        plain: list[Any] = []
        for item in column.tolist():
            try:
                plain.append(self._plain(item, depth))
            except NotSerializable as error:
                for step in steps_of(len(plain)):
                    error.at(step)
                raise
        return plain


def _labels(labels: Any, what: str) -> list[str]:
    """Return the labels as keys. Raises NotSerializable for a tuple, or naming one that occurs twice."""
    texts: list[str] = []
    seen: set[str] = set()
    for label in labels:
        text = json_key(label)
        if text in seen:
            raise NotSerializable(f"has the {what} {quoted(text)} more than once")
        seen.add(text)
        texts.append(text)
    return texts

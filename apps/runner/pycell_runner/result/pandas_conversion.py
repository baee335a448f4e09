"""What the tables of pandas become as JSON. Called by the run, after main() has returned.

pandas is handed in: it is never imported here, since a value of its exists only if the script imported it.
"""

from __future__ import annotations

from typing import Any, Callable, Final, Iterable, Protocol, Sequence

from .json_text import key_step, quoted
from .not_serializable import NotSerializable, too_deep
from .numpy_conversion import NumpyConversion, Plain

_DOUBLE_COLUMN: Final = "Rename one of them, for example by set_axis() or add_suffix()."
_DOUBLE_LABEL: Final = "Return .reset_index() for a list of objects, or .tolist() for the values alone."
_SAME_NAME: Final = "Rename one of them, for example by rename_axis(), or leave the index out by reset_index(drop=True)."
_TUPLES: Final = "Make columns of the labels by reset_index(), or texts, for example ['_'.join(map(str, label)) for label in index]."


class Values(Protocol):
    """Converts what tables hold."""

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Return a value in JSON's own types."""

    def key(self, key: Any) -> str:
        """Return a label as the key of an object."""


class PandasConversion:
    """Converts values of pandas; `sequence` converts a list, `nested` guards a container against cycles."""

    def __init__(
        self, pandas: Any, arrays: NumpyConversion, sequence: Plain, nested: Callable[[Plain], Plain], values: Values
    ) -> None:
        self._pandas = pandas
        self._arrays = arrays
        self._values = values
        self._missing = (type(pandas.NaT), type(pandas.NA))
        self._lists = (pandas.Index, pandas.api.extensions.ExtensionArray)
        self._texts = (pandas.Period, pandas.Interval, pandas.api.extensions.ExtensionDtype)
        self._guarded_list = nested(sequence)
        self._guarded_frame = nested(self._frame)
        self._guarded_series = nested(self._series)

    def handler(self, kind: type) -> Plain | None:
        """Return the function that converts values of this type, None when it is none of pandas' own."""
        if issubclass(kind, self._missing):
            return lambda value, depth: None
        if issubclass(kind, self._pandas.DataFrame):
            return self._guarded_frame
        if issubclass(kind, self._pandas.Series):
            return self._guarded_series
        if issubclass(kind, self._lists):
            return self._guarded_list
        if issubclass(kind, self._texts):
            return lambda value, depth: str(value)
        return None

    def _frame(self, value: Any, depth: int) -> list[dict[str, Any]]:
        names = self._column_names(value.columns)
        columns = [value.iloc[:, position] for position in range(len(names))]
        levels = {} if self._is_default(value.index) else self._levels(value.index, names)
        return self._records([*levels, *names], [*levels.values(), *columns], len(value), depth)

    def _series(self, value: Any, depth: int) -> Any:
        if isinstance(value.index, self._pandas.MultiIndex):
            # As reset_index() names the values.
            name = self._values.key(0 if value.name is None else value.name)
            levels = self._levels(value.index, [name])
            return self._records([*levels, name], [*levels.values(), value], len(value), depth)
        labels = self._unique(map(self._label, value.index), "index label", _DOUBLE_LABEL)
        return dict(zip(labels, self._column(value, depth, lambda row: (key_step(labels[row]),))))

    def _records(self, names: Sequence[str], columns: Sequence[Any], rows: int, depth: int) -> list[dict[str, Any]]:
        """Return an object for each row; `depth` counts the list of them already."""
        if depth + 1 > self._arrays.max_depth:
            raise too_deep(self._arrays.max_depth)
        if not names:
            return [{} for _ in range(rows)]
        converted = []
        for name, column in zip(names, columns):
            steps = (key_step(name),)
            converted.append(self._column(column, depth + 1, lambda row: (*steps, f"[{row}]")))
        return [dict(zip(names, row)) for row in zip(*converted)]

    def _is_default(self, index: Any) -> bool:
        """Whether an index only counts the rows, as that of a table which was given none."""
        is_range = type(index) is self._pandas.RangeIndex and index.start == 0 and index.step == 1
        return is_range and index.name is None

    def _levels(self, index: Any, columns: Sequence[str]) -> dict[str, Any]:
        """Return the labels of the rows by the names of their levels, as reset_index() names them."""
        names: list[str] = []
        for position, given in enumerate(index.names):
            if given is not None:
                name = self._name(given)
            elif index.nlevels > 1:
                name = f"level_{position}"
            else:
                name = "level_0" if "index" in columns else "index"
            if name in columns:
                raise NotSerializable(f"has an index and a column that are both called {quoted(name)}", _SAME_NAME)
            names.append(name)
        self._unique(names, "index level", _SAME_NAME)
        return {name: index.get_level_values(position) for position, name in enumerate(names)}

    def _column_names(self, columns: Any) -> list[str]:
        return self._unique(map(self._name, columns), "column", _DOUBLE_COLUMN)

    def _name(self, label: Any) -> str:
        """Return the name of a column; those of its levels are joined, empty ones left out."""
        if isinstance(label, tuple):
            return "_".join(part for part in map(self._values.key, label) if part != "")
        return self._values.key(label)

    def _label(self, label: Any) -> str:
        if isinstance(label, tuple):
            raise NotSerializable(f"has the tuple {label!r:.200} as an index label; JSON keys are strings", _TUPLES)
        return self._values.key(label)

    def _unique(self, texts: Iterable[str], what: str, hint: str) -> list[str]:
        """Return the texts. Raises NotSerializable naming one that occurs twice."""
        found = list(texts)
        if len(set(found)) < len(found):
            seen: set[str] = set()
            double = next(text for text in found if text in seen or seen.add(text))  # type: ignore[func-returns-value]
            raise NotSerializable(f"has the {what} {quoted(double)} more than once", hint)
        return found

    def _column(self, column: Any, depth: int, steps_of: Callable[[int], Iterable[str]]) -> list[Any]:
        """Convert a Series or an Index, whatever its dtype; `steps_of` gives the path to a row, innermost step first."""
        dtype = column.dtype
        if type(dtype).__module__.partition(".")[0] == "numpy" and dtype.kind in "biuf":
            numbers: list[Any] = self._arrays.array(column.to_numpy(), depth - 1)
            return numbers
        plain: list[Any] = []
        for item in column.tolist():
            try:
                plain.append(self._values.plain(item, depth))
            except NotSerializable as error:
                for step in steps_of(len(plain)):
                    error.at(step)
                raise
        return plain

"""What the labels of pandas' tables become: the names of columns, the index. Called by the run, after main() has returned.

The outcome is that of pandas' own `reset_index`, but for a default index, which is left out, and for labels of several
levels, which become one name.
"""

from __future__ import annotations

from typing import Any, Callable, Final

from .keys import shown, shown_tuple
from .not_serializable import NotSerializable

Column = tuple[str, Any]
"""The name of a column and its values: a Series or an Index."""

_RENAME_COLUMNS: Final = "Give every column a name of its own, for example by df.columns = [...]."
_RENAME_LEVELS: Final = (
    "Rename the index, for example with rename_axis(...), or leave it out with reset_index(drop=True)."
)


class Labels:
    """Reads labels; `key` writes one as text."""

    def __init__(self, pandas: Any, key: Callable[[Any], str]) -> None:
        self._pandas = pandas
        self._key = key

    def columns(self, labels: Any) -> list[str]:
        """Return the names of a frame's columns. Raises NotSerializable naming one that occurs twice."""
        return _unique([self._joined(label) for label in labels], "column", _RENAME_COLUMNS)

    def index_of_series(self, index: Any) -> list[str]:
        """Return the labels as the keys of an object. Raises NotSerializable naming a tuple, or one that occurs twice."""
        texts = []
        for label in index:
            if isinstance(label, tuple):
                problem = f"has the tuple {shown_tuple(label)} as an index label; JSON keys are strings"
                raise NotSerializable(problem, "Return .reset_index() of it.")
            texts.append(self._key(label))
        return _unique(texts, "index label", "Return .reset_index() or .tolist() of it.")

    def series_name(self, name: Any) -> str:
        """Return the name of the column that a Series becomes: `0` where it has none, as reset_index calls it."""
        return "0" if name is None else self._joined(name)

    def is_multiple(self, index: Any) -> bool:
        """Tell whether it is a MultiIndex."""
        return isinstance(index, self._pandas.MultiIndex)

    def index_columns(self, index: Any, columns: list[str]) -> list[Column]:
        """Return the columns that stand for the index before `columns`; none for a default index.

        Raises NotSerializable naming a level that is called like a column or like another level.
        """
        if self.is_multiple(index):
            levels = [index.get_level_values(number) for number in range(index.nlevels)]
            unnamed = [f"level_{number}" for number in range(len(levels))]
        elif self._is_default(index):
            return []
        else:
            levels = [index]
            unnamed = ["level_0" if "index" in columns else "index"]
        names = [
            alternative if level.name is None else self._joined(level.name)
            for level, alternative in zip(levels, unnamed)
        ]
        taken = set(columns)
        for name in names:
            if name in taken:
                raise NotSerializable(f"has {shown(name)} as a column and as a level of its index", _RENAME_LEVELS)
        return list(zip(_unique(names, "index level", _RENAME_LEVELS), levels))

    def _is_default(self, index: Any) -> bool:
        """Tell whether the index only counts the rows, as pandas does by itself."""
        return type(index) is self._pandas.RangeIndex and index.start == 0 and index.step == 1 and index.name is None

    def _joined(self, label: Any) -> str:
        """Write a label; parts of several levels are joined by `_`, without the empty ones that fill up levels."""
        if not isinstance(label, tuple):
            return self._key(label)
        return "_".join(part for part in map(self._key, label) if part)


def _unique(texts: list[str], what: str, hint: str) -> list[str]:
    """Return the texts. Raises NotSerializable naming the first that occurs twice."""
    if len(set(texts)) == len(texts):
        return texts
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise NotSerializable(f"has the {what} {shown(text)} more than once", hint)
        seen.add(text)
    return texts

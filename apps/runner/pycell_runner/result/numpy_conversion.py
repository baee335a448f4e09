"""What numpy's scalars and arrays become as JSON. Called by the run, after main() has returned.

numpy is handed in: it is never imported here, since a value of its exists only if the script imported it.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Final

from .not_serializable import NotSerializable, refusal, too_deep
from .scalars import Scalar, as_text

_modules: Final = sys.modules

Plain = Callable[[Any, int], Any]
"""Converts a value; the second argument counts the lists and objects that are open around it."""


class NumpyConversion:
    """Converts values of numpy; `plain` converts what they hold, `nested` guards a container against cycles."""

    def __init__(self, numpy: Any, plain: Plain, nested: Callable[[Plain], Plain], max_depth: int) -> None:
        self._numpy = numpy
        self._plain = plain
        self.max_depth = max_depth
        self._guarded_elements = nested(self._elements)
        self._guarded_record = nested(self._record)

    def handler(self, kind: type) -> Plain | None:
        """Return the function that converts containers of this type, None when it is none of numpy's."""
        if issubclass(kind, self._numpy.ndarray):
            return self.array
        if issubclass(kind, self._numpy.void):
            return self._void
        return None

    def scalar(self, kind: type) -> Scalar | None:
        """Return the function that converts scalars and dtypes of this type, None when it is none of numpy's."""
        numpy = self._numpy
        if issubclass(kind, numpy.dtype):
            return as_text
        if not issubclass(kind, numpy.generic):
            return None
        if issubclass(kind, numpy.datetime64):
            return self._datetime
        if issubclass(kind, numpy.timedelta64):  # a subclass of numpy's integers
            return self._timedelta
        if issubclass(kind, numpy.floating):
            return float
        if issubclass(kind, numpy.complexfloating):
            return lambda value: repr(complex(value))
        if issubclass(kind, (numpy.bool_, numpy.integer)):
            return lambda value: value.item()
        return None

    def array(self, value: Any, depth: int) -> Any:
        """Convert an array of any shape and type to nested lists, one of no dimension to its value."""
        if value.ndim and depth + value.ndim > self.max_depth:
            raise too_deep(self.max_depth)
        masked = _modules.get("numpy.ma")
        if masked is not None and isinstance(value, masked.MaskedArray):
            data = self.array(self._numpy.asarray(value.data), depth)
            return _masked(data, masked.getmaskarray(value).tolist())
        value = self._numpy.asarray(value)  # numpy.matrix has rows that are matrices again
        kind = value.dtype.kind
        if kind in "biuU":
            return value.tolist()
        if kind == "f":
            return self._floats(value)
        if value.ndim == 0:
            return self._plain(value[()], depth)
        return self._guarded_elements(value, depth)

    def _floats(self, value: Any) -> Any:
        numpy = self._numpy
        if value.dtype.itemsize > 8:  # Python has no long double
            with numpy.errstate(all="ignore"):
                value = value.astype(numpy.float64)
        finite = numpy.isfinite(value)
        if finite.all():
            return value.tolist()
        objects = value.astype(object)
        objects[~finite] = None
        return objects.tolist()

    def _elements(self, value: Any, depth: int) -> list[Any]:
        """Convert element by element; `depth` counts this list already."""
        plain: list[Any] = []
        for index in range(len(value)):
            try:
                if value.ndim == 1:
                    plain.append(self._plain(value[index], depth))
                else:
                    plain.append(self._elements(value[index], depth + 1))
            except NotSerializable as error:
                error.at(f"[{index}]")
                raise
        return plain

    def _datetime(self, value: Any) -> str | None:
        """ISO 8601, with a fraction as `datetime` and `Timestamp` write it: none, 6 digits, or 9."""
        if self._numpy.isnat(value):
            return None
        text, _, fraction = str(value).partition(".")
        fraction = fraction.rstrip("0")
        if not fraction:
            return text
        width = next((width for width in (6, 9) if len(fraction) <= width), len(fraction))
        return f"{text}.{fraction:0<{width}}"

    def _timedelta(self, value: Any) -> float | None:
        numpy = self._numpy
        if numpy.isnat(value):
            return None
        unit, _ = numpy.datetime_data(value)
        if unit in ("Y", "M"):
            raise NotSerializable(
                f"is a numpy.timedelta64 in units of '{unit}', which have no length in seconds",
                "Return the count of units, .astype(int) of it.",
            )
        return float(value / numpy.timedelta64(1, "s"))

    def _void(self, value: Any, depth: int) -> Any:
        if value.dtype.names is None:
            item = value.item()
            if not isinstance(item, bytes):
                raise refusal(value)
            return self._plain(item, depth)
        return self._guarded_record(value, depth)

    def _record(self, value: Any, depth: int) -> dict[str, Any]:
        """Convert one element of a structured array to an object by field name."""
        plain: dict[str, Any] = {}
        for name in value.dtype.names:
            try:
                plain[name] = self._plain(value[name], depth)
            except NotSerializable as error:
                error.at(f".{name}")
                raise
        return plain


def _masked(plain: Any, mask: Any) -> Any:
    """Return the converted data with None where the mask is true; a mask nests as its data does."""
    if isinstance(mask, list):
        return [_masked(item, hidden) for item, hidden in zip(plain, mask)]
    if isinstance(mask, tuple):
        return {name: _masked(item, hidden) for (name, item), hidden in zip(plain.items(), mask)}
    return None if mask else plain

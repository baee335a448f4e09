"""What a return value becomes as JSON. Runs in the run, after main() has returned.

`Converter.plain` turns a value into dict, list, str, int, float, bool and None; `encode_json` writes those. The
table of types is in docs/conversion.md. Everything that a script could patch is taken at import, before the
script is executed. numpy and pandas are never imported here: a value of theirs exists only if the script
imported them.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import math
import pathlib
import sys
import uuid
from json.encoder import c_make_encoder, encode_basestring, encode_basestring_ascii  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, Callable, Final


class NotSerializable(Exception):
    """A value has no JSON form; `path` says where in the return value it is, such as `result["rows"][3]`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} {problem}")
        self.path = path


_ROOT: Final = "result"
#: Exact types that are JSON already, so that their place in the value need not be spelled out.
_PLAIN_TYPES: Final = frozenset({str, int, bool, type(None)})
_isfinite: Final = math.isfinite


def _key_path(path: str, key: str) -> str:
    return f"{path}[{encode_basestring(key)}]"


def _article(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def type_name(value: object) -> str:
    """Return the type's name with its module, without the module for built-in and script types."""
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "script") else f"{module}.{kind.__qualname__}"


class Converter:
    """Converts one return value. `max_depth` bounds how deep lists and objects may nest."""

    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        self._numpy: ModuleType | None = sys.modules.get("numpy")
        self._pandas: ModuleType | None = sys.modules.get("pandas")
        self._open: set[int] = set()

    def plain(self, value: Any, path: str = _ROOT, depth: int = 0) -> Any:
        """Return `value` in JSON's own types. Raises NotSerializable with the path where that is not possible."""
        kind = type(value)
        if kind in _PLAIN_TYPES:
            return value
        if kind is float:
            return value if _isfinite(value) else None
        container = self._container(kind, value)
        if container is None:
            return self._scalar(value, path, depth)
        if depth >= self._max_depth:
            raise NotSerializable(path, f"nests deeper than {self._max_depth} levels")
        identity = id(value)
        if identity in self._open:
            raise NotSerializable(path, "contains itself")
        self._open.add(identity)
        try:
            return container(value, path, depth + 1)
        finally:
            self._open.discard(identity)

    def _container(self, kind: type, value: Any) -> Callable[[Any, str, int], Any] | None:
        if issubclass(kind, dict):
            return self._mapping
        if issubclass(kind, enum.Enum):
            return self._enum
        if issubclass(kind, (list, tuple)):
            return self._sequence
        if issubclass(kind, (set, frozenset)):
            return self._set
        if dataclasses.is_dataclass(kind):
            return self._dataclass
        numpy, pandas = self._numpy, self._pandas
        if numpy is not None and issubclass(kind, numpy.ndarray):
            return self._array
        if pandas is not None:
            if issubclass(kind, pandas.DataFrame):
                return self._frame
            if issubclass(kind, pandas.Series):
                return self._series
            if issubclass(kind, (pandas.Index, pandas.api.extensions.ExtensionArray)):
                return self._sequence
        return None

    def _scalar(self, value: Any, path: str, depth: int) -> Any:
        """Convert what holds no other values; subclasses of JSON's own types become the type itself."""
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return int.__int__(value)
        if isinstance(value, float):
            return self.plain(float.__float__(value))
        if self._is_missing(value):
            return None
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, datetime.timedelta):
            return value.total_seconds()
        if isinstance(value, decimal.Decimal):
            return str(value) if value.is_finite() else None
        if isinstance(value, (uuid.UUID, pathlib.PurePath)):
            return str(value)
        if isinstance(value, (bytes, bytearray)):
            return self._text(value, path)
        numpy = self._numpy
        if numpy is not None and isinstance(value, numpy.generic):
            return self._numpy_scalar(value, path, depth)
        raise NotSerializable(path, f"is {_article(type_name(value))}, which has no JSON form")

    def _is_missing(self, value: Any) -> bool:
        pandas = self._pandas
        return pandas is not None and (value is pandas.NaT or value is pandas.NA)

    @staticmethod
    def _text(value: bytes | bytearray, path: str) -> str:
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotSerializable(
                path, f"is {type_name(value)} that are not UTF-8 text (byte {error.start}); encode them, for example as base64"
            ) from None

    def _numpy_scalar(self, value: Any, path: str, depth: int) -> Any:
        numpy = self._numpy
        assert numpy is not None
        if isinstance(value, numpy.datetime64):
            return None if numpy.isnat(value) else str(value)
        if isinstance(value, numpy.timedelta64):
            return None if numpy.isnat(value) else float(value / numpy.timedelta64(1, "s"))
        if isinstance(value, numpy.floating):
            return self.plain(float(value))
        if isinstance(value, (numpy.bool_, numpy.integer, numpy.character, numpy.void)):
            item = value.item()
            if type(item) is not type(value):
                return self.plain(item, path, depth)
        raise NotSerializable(path, f"is {_article(type_name(value))}, which has no JSON form")

    def _enum(self, value: enum.Enum, path: str, depth: int) -> Any:
        return self.plain(value.value, path, depth)

    def _key(self, key: Any, path: str) -> str:
        if type(key) is str:
            return key
        if isinstance(key, tuple):
            raise NotSerializable(path, f"has the tuple {key!r} as a key; JSON keys are strings")
        return str(key)

    def _mapping(self, value: dict[Any, Any], path: str, depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, item in value.items():
            text = self._key(key, path)
            if text in plain:
                raise NotSerializable(path, f"has two keys that are both {encode_basestring(text)} in JSON")
            plain[text] = item if type(item) in _PLAIN_TYPES else self.plain(item, _key_path(path, text), depth)
        return plain

    def _sequence(self, value: Any, path: str, depth: int) -> list[Any]:
        return [
            item if type(item) in _PLAIN_TYPES else self.plain(item, f"{path}[{index}]", depth)
            for index, item in enumerate(value)
        ]

    def _set(self, value: Any, path: str, depth: int) -> list[Any]:
        try:
            items = sorted(value)
        except TypeError:  # elements of different types have no order; theirs is as good as any
            items = list(value)
        return self._sequence(items, path, depth)

    def _dataclass(self, value: Any, path: str, depth: int) -> dict[str, Any]:
        return {
            field.name: self.plain(getattr(value, field.name), f"{path}.{field.name}", depth)
            for field in dataclasses.fields(value)
        }

    def _array(self, value: Any, path: str, depth: int) -> Any:
        numpy = self._numpy
        assert numpy is not None
        kind = value.dtype.kind
        if depth - 1 + value.ndim > self._max_depth:
            raise NotSerializable(path, f"nests deeper than {self._max_depth} levels")
        if kind in "mM":
            return self._nested(value, path, depth)
        if kind in "biu" or (kind == "f" and bool(numpy.isfinite(value).all())):
            # A copy as float64 where Python has no such float (float16 and long double).
            plain = value.astype(numpy.float64) if kind == "f" and value.dtype.itemsize > 8 else value
            return plain.tolist()
        return self._nested(value, path, depth)

    def _nested(self, value: Any, path: str, depth: int) -> Any:
        if value.ndim == 0:
            return self.plain(value[()], path, depth)
        return [
            self._nested(item, f"{path}[{index}]", depth + 1)
            if value.ndim > 1
            else self.plain(item, f"{path}[{index}]", depth)
            for index, item in enumerate(value)
        ]

    def _labels(self, labels: Any, path: str, what: str) -> list[str]:
        texts: list[str] = []
        seen: set[str] = set()
        for label in labels:
            text = self._key(label, path)
            if text in seen:
                raise NotSerializable(path, f"has the {what} {encode_basestring(text)} more than once")
            seen.add(text)
            texts.append(text)
        return texts

    def _frame(self, value: Any, path: str, depth: int) -> list[dict[str, Any]]:
        names = self._labels(value.columns, path, "column")
        columns = []
        for position, name in enumerate(names):
            column = value.iloc[:, position]
            columns.append(self._column(column, lambda row, name=name: f"{path}[{row}]{_key_path('', name)}", depth + 1))
        if not names:
            return [{} for _ in range(len(value))]
        return [dict(zip(names, row)) for row in zip(*columns)]

    def _series(self, value: Any, path: str, depth: int) -> dict[str, Any]:
        labels = self._labels(value.index, path, "index label")
        return dict(zip(labels, self._column(value, lambda row: _key_path(path, labels[row]), depth)))

    def _column(self, column: Any, path_of: Callable[[int], str], depth: int) -> list[Any]:
        """Convert a Series, whatever its dtype; `path_of` names a row only when it is needed."""
        kind = getattr(column.dtype, "kind", "O")
        numpy = self._numpy
        assert numpy is not None
        if type(column.dtype).__module__.startswith("numpy") and kind in "biuf":
            values = column.to_numpy()
            if kind != "f" or bool(numpy.isfinite(values).all()):
                plain = self._array(values, path_of(0), depth)
                assert isinstance(plain, list)
                return plain
        return [
            item if type(item) in _PLAIN_TYPES else self.plain(item, path_of(row), depth)
            for row, item in enumerate(column)
        ]


def _refuse(value: object) -> None:
    raise NotSerializable(_ROOT, f"holds {_article(type_name(value))}, which has no JSON form")


def encode_json(plain: Any) -> bytes:
    """Write what `Converter.plain` returned as JSON text in UTF-8, as `json.dumps` would space it.

    Unpaired surrogates have no UTF-8, so a value that holds one is written with `\\u` escapes throughout.
    Raises NotSerializable for an integer of more digits than Python agrees to write.
    """
    try:
        try:
            return _encode(plain, encode_basestring).encode("utf-8")
        except UnicodeEncodeError:
            return _encode(plain, encode_basestring_ascii).encode("ascii")
    except ValueError as error:
        if "digits" not in str(error):
            raise
        raise NotSerializable(_ROOT, f"holds an integer that is too large to write: {error}") from None


def _encode(plain: Any, encode_string: Callable[[str], str]) -> str:
    encoder = c_make_encoder(None, _refuse, encode_string, None, ": ", ", ", False, False, False)
    return "".join(encoder(plain, 0))

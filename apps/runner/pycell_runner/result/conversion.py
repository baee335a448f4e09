"""What a return value becomes as JSON. Called by the run, after main() has returned; by a zygote to warm it up.

`Converter.plain` turns a value into dict, list, str, int, float, bool and None; `json_text` writes those. The
table of types is in docs/conversion.md. Everything that a script could patch is taken at import, before the
script is executed.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import pathlib
import sys
import uuid
from dataclasses import fields, is_dataclass
from typing import Any, Final

from .. import own_builtins
from .json_text import json_key, key_step, quoted
from .not_serializable import NotSerializable, refusal, type_name, with_article
from .numpy_conversion import NumpyConversion, Plain
from .pandas_conversion import PandasConversion

#: Exact types that are JSON already, but for floats that are not finite.
_PLAIN_TYPES: Final = frozenset({str, int, bool, type(None)})
_isfinite: Final = math.isfinite
_modules: Final = sys.modules
_Enum: Final = enum.Enum
_Decimal: Final = decimal.Decimal
_TIMEDELTA: Final = datetime.timedelta
_MOMENTS: Final = (datetime.datetime, datetime.date, datetime.time)
_SHOWN_AS_TEXT: Final = (uuid.UUID, pathlib.PurePath)


class Converter:
    """Converts one return value. `max_depth` bounds how deep lists and objects may nest."""

    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        #: Containers that are being converted: one that turns up again contains itself.
        self._open: set[int] = set()
        self._handlers: dict[type, Plain] = {}
        numpy, pandas = _loaded("numpy", "ndarray"), _loaded("pandas", "DataFrame")
        self._numpy = None if numpy is None else NumpyConversion(numpy, self.plain, self._nested, max_depth)
        self._pandas = None
        if pandas is not None and self._numpy is not None:
            self._pandas = PandasConversion(pandas, self._numpy, self.plain, self._sequence, self._nested)

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Return `value` in JSON's own types; `depth` counts the lists and objects that are open around it.

        Raises NotSerializable, with the path, where that is not possible or the value's own methods fail.
        """
        kind = type(value)
        if kind in _PLAIN_TYPES:
            return value
        if kind is float:
            return value if _isfinite(value) else None
        handler = self._handlers.get(kind)
        if handler is None:
            handler = self._handlers[kind] = self._handler(kind)
        try:
            return handler(value, depth)
        except (NotSerializable, MemoryError):
            raise
        except Exception as error:  # the script's own type raised while it was read
            problem = f"is {with_article(type_name(value))}, which raised {type_name(error)} while it was read"
            raise NotSerializable(problem) from None

    def _handler(self, kind: type) -> Plain:
        """Choose how values of this type are converted. The first that fits: an IntEnum is an Enum first."""
        if kind is dict:
            return self._nested(self._mapping)
        if kind is list or kind is tuple:
            return self._nested(self._sequence)
        own_builtins.restore()  # code of the standard library, of packages and of the script may run from here on
        if issubclass(kind, _Enum):
            return lambda value, depth: self.plain(value.value, depth)
        if issubclass(kind, dict):
            return self._nested(self._mapping)
        if issubclass(kind, (list, tuple)):
            return self._nested(self._sequence)
        if issubclass(kind, (set, frozenset)):
            return self._nested(self._set)
        if is_dataclass(kind):
            return self._nested(self._dataclass)
        for library in (self._numpy, self._pandas):
            handler = None if library is None else library.handler(kind)
            if handler is not None:
                return handler
        return self._scalar

    def _nested(self, container: Plain) -> Plain:
        """Guard the conversion of a container against nesting too deep and against cycles."""

        def convert(value: Any, depth: int) -> Any:
            if depth >= self._max_depth:
                raise NotSerializable(f"nests deeper than {self._max_depth} levels")
            identity = id(value)
            if identity in self._open:
                raise NotSerializable("contains itself")
            self._open.add(identity)
            try:
                return container(value, depth + 1)
            finally:
                self._open.discard(identity)

        return convert

    def _scalar(self, value: Any, depth: int) -> Any:
        """Convert what holds no other values; subclasses of JSON's own types become the type itself."""
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return int.__int__(value)
        if isinstance(value, float):
            return self.plain(float.__float__(value))
        if isinstance(value, _MOMENTS):
            return value.isoformat()
        if isinstance(value, _TIMEDELTA):
            return value.total_seconds()
        if isinstance(value, _Decimal):
            return str(value) if value.is_finite() else None
        if isinstance(value, _SHOWN_AS_TEXT):
            return str(value)
        if isinstance(value, (bytes, bytearray)):
            return _text(value)
        raise refusal(value)

    def _mapping(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, item in value.items():
            text = key if type(key) is str else json_key(key)
            if text in plain:
                raise NotSerializable(f"has two keys that are both {quoted(text)} in JSON")
            if type(item) in _PLAIN_TYPES:
                plain[text] = item
                continue
            try:
                plain[text] = self.plain(item, depth)
            except NotSerializable as error:
                error.at(key_step(text))
                raise
        return plain

    def _sequence(self, value: Any, depth: int) -> list[Any]:
        plain: list[Any] = []
        for item in value:
            if type(item) in _PLAIN_TYPES:
                plain.append(item)
                continue
            try:
                plain.append(self.plain(item, depth))
            except NotSerializable as error:
                error.at(f"[{len(plain)}]")
                raise
        return plain

    def _set(self, value: Any, depth: int) -> list[Any]:
        try:
            items = sorted(value)
        except Exception:  # elements without an order, such as 1 and "a": any order will do
            items = list(value)
        return self._sequence(items, depth)

    def _dataclass(self, value: Any, depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for field in fields(value):
            try:
                plain[field.name] = self.plain(getattr(value, field.name), depth)
            except NotSerializable as error:
                error.at(f".{field.name}")
                raise
        return plain


def _loaded(name: str, landmark: str) -> Any:
    """Return the library if the script has loaded it; a script may also have put anything else in its place."""
    module = _modules.get(name)
    return module if hasattr(module, landmark) else None


def _text(value: bytes | bytearray) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        name = with_article(type_name(value))
        raise NotSerializable(
            f"is {name} object that is not UTF-8 text (byte {error.start}); encode it, for example as base64"
        ) from None

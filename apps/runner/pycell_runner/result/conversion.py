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
import types
import uuid
from _collections_abc import ItemsView, KeysView, Mapping, Sequence, Set, ValuesView
from dataclasses import fields, is_dataclass
from typing import Any, Final

from .. import own_builtins
from .json_text import key_step, quoted
from .not_serializable import NotSerializable, refusal, too_deep, type_name, with_article
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
_SHOWN_AS_TEXT: Final = (uuid.UUID, pathlib.PurePath, complex, datetime.tzinfo)
#: By module: what only a script that imported it can return, and what is shown as text.
_TEXT_OF_MODULES: Final = {
    "fractions": ("Fraction",),
    "ipaddress": ("IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network"),
}
_KEYS_OF_JSON: Final = {True: "true", False: "false", None: "null"}
_TUPLE_KEY_HINT: Final = "Join the parts to a text, such as f\"{a}/{b}\", or return a list of objects; of pandas' tables reset_index() makes one."


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
            self._pandas = PandasConversion(pandas, self._numpy, self._sequence, self._nested, self)

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

    def key(self, key: Any) -> str:
        """Return the key of an object that a key or a label becomes: as `json` writes it, everything else as its value.

        Raises NotSerializable for a tuple, which has no form as a key.
        """
        kind = type(key)
        if kind is str:
            text: str = key
            return text
        if kind is bool or key is None:
            return _KEYS_OF_JSON[key]
        if kind is int:
            return int.__repr__(key)
        if issubclass(kind, tuple):
            raise NotSerializable(f"has the tuple {key!r:.200} as a key; JSON keys are strings", _TUPLE_KEY_HINT)
        if issubclass(kind, float):
            return _key_of_float(float.__float__(key))
        try:
            plain = self.plain(key)
        except NotSerializable:  # a hashable object of any type: its text is all there is
            return str.__str__(str(key))
        if isinstance(plain, float):
            return _key_of_float(plain)
        if type(plain) is str:
            return plain
        return self.key(plain) if type(plain) in (bool, int) else str.__str__(str(key))

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
        return self._container(kind) or self._scalar

    def _container(self, kind: type) -> Plain | None:
        """Choose how containers of the standard library, and those that are written like them, are converted."""
        rows = _loaded("sqlite3", "Row")
        if rows is not None and issubclass(kind, rows.Row):
            return self._nested(self._row)
        if issubclass(kind, Mapping):
            return self._nested(lambda value, depth: self._mapping(dict(value.items()), depth))
        if issubclass(kind, types.SimpleNamespace):
            return self._nested(lambda value, depth: self._mapping(dict(vars(value)), depth))
        if issubclass(kind, (KeysView, ValuesView, ItemsView)):
            return self._nested(self._sequence)
        if issubclass(kind, Set):
            return self._nested(self._set)
        if issubclass(kind, (str, bytes, bytearray, memoryview)):
            return None
        arrays = _loaded("array", "array")
        if issubclass(kind, Sequence) or arrays is not None and issubclass(kind, arrays.array):
            return self._nested(self._sequence)
        return None

    def _nested(self, container: Plain) -> Plain:
        """Guard the conversion of a container against nesting too deep and against cycles."""

        def convert(value: Any, depth: int) -> Any:
            if depth >= self._max_depth:
                raise too_deep(self._max_depth)
            identity = id(value)
            if identity in self._open:
                raise NotSerializable("contains itself", "Return a copy without the part that leads back to it.")
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
        if isinstance(value, memoryview):
            return _text(value.tobytes())
        for name, kinds in _TEXT_OF_MODULES.items():
            module = _loaded(name, kinds[0])
            if module is not None and isinstance(value, tuple(getattr(module, kind) for kind in kinds)):
                return str.__str__(str(value))
        raise refusal(value)

    def _mapping(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, item in value.items():
            text = key if type(key) is str else self.key(key)
            if text in plain:
                raise NotSerializable(
                    f"has two keys that are both {quoted(text)} in JSON", "Make texts of the keys that differ."
                )
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

    def _row(self, value: Any, depth: int) -> dict[str, Any]:
        """Convert a row of sqlite3 to an object by column."""
        names = value.keys()
        double = next((name for name in names if names.count(name) > 1), None)
        if double is not None:
            raise NotSerializable(
                f"has the column {quoted(double)} more than once", "Name the columns apart in SQL: SELECT a.id AS a_id."
            )
        return self._mapping(dict(zip(names, tuple(value))), depth)

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


def _key_of_float(key: float) -> str:
    """As `json` writes it: a number, or a name that is none of JSON's."""
    if _isfinite(key):
        return float.__repr__(key)
    return "NaN" if key != key else "Infinity" if key > 0 else "-Infinity"


def _text(value: bytes | bytearray) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        name = with_article(type_name(value))
        raise NotSerializable(
            f"is {name} object that is not UTF-8 text (byte {error.start}); encode it, for example as base64",
            "Return base64.b64encode(...).decode() of it, or its hex().",
        ) from None

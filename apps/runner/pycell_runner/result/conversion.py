"""What a return value becomes as JSON. Called by the run, after main() has returned; by a zygote to warm it up.

`Converter.plain` turns a value into dict, list, str, int, float, bool and None; `json_text` writes those. The
table of types is in docs/conversion.md. Everything that a script could patch is taken at import, before the
script is executed.
"""

from __future__ import annotations

import collections.abc
import enum
import math
import sys
import types
from dataclasses import fields, is_dataclass
from typing import Any, Final, Iterable

from .. import own_builtins
from .json_text import key_step
from .keys import KEY_FORMS, KeyForm, key_form, shown
from .not_serializable import NotSerializable, refusal, too_deep, type_name, with_article
from .numpy_conversion import NumpyConversion, Plain
from .pandas_conversion import PandasConversion
from .scalars import PLAIN_TYPES, Scalar, loaded_class, standard_scalar

_isfinite: Final = math.isfinite
_int_repr: Final = int.__repr__
_modules: Final = sys.modules
_Enum: Final = enum.Enum
_Mapping: Final = collections.abc.Mapping
#: With an order of their own: range, deque, array, views of a dict; classes of the script that say they are such.
_SEQUENCES: Final = (collections.abc.Sequence, collections.abc.Set, collections.abc.MappingView)
_SimpleNamespace: Final = types.SimpleNamespace


class Converter:
    """Converts one return value. `max_depth` bounds how deep lists and objects may nest."""

    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        #: Containers that are being converted: one that turns up again contains itself.
        self._open: set[int] = set()
        self._handlers: dict[type, Plain] = {}
        self._key_forms: dict[type, KeyForm] = {}
        self._found_libraries: tuple[NumpyConversion | PandasConversion, ...] | None = None

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Return `value` in JSON's own types; `depth` counts the lists and objects that are open around it.

        Raises NotSerializable, with the path, where that is not possible or the value's own methods fail.
        """
        kind = type(value)
        if kind in PLAIN_TYPES:
            return value
        if kind is float:
            return value if _isfinite(value) else None
        try:
            handler = self._handlers.get(kind)
            if handler is None:
                handler = self._handlers[kind] = self._handler(kind)
            return handler(value, depth)
        except (NotSerializable, MemoryError):
            raise
        except Exception as error:  # the script's own type raised while it was read
            problem = f"is {with_article(type_name(value))}, which raised {type_name(error)} while it was read"
            raise NotSerializable(problem) from None

    def key(self, key: Any) -> str:
        """Return the text of a key or label. Raises NotSerializable for a tuple, which has none."""
        kind = type(key)
        form = KEY_FORMS.get(kind) or self._key_forms.get(kind)
        if form is None:
            own_builtins.restore()  # the key's own methods may run from here on
            form = self._key_forms[kind] = key_form(kind, self._scalar, self.key)
        return form(key)

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
        for library in self._libraries():
            handler = library.handler(kind)
            if handler is not None:
                return handler
        scalar = self._scalar(kind)
        if scalar is not None:
            return _finite(scalar)
        return self._other_container(kind) or _refuse

    def _other_container(self, kind: type) -> Plain | None:
        for known, convert in (
            (loaded_class("sqlite3", "Row"), self._row),  # registered as a sequence, which would lose the names
            (loaded_class("argparse", "Namespace"), self._namespace),
            (_SimpleNamespace, self._namespace),
            (_Mapping, self._mapping),
            (_SEQUENCES, self._sequence),
        ):
            if known is not None and issubclass(kind, known):
                return self._nested(convert)
        return None

    def _scalar(self, kind: type) -> Scalar | None:
        """Return how values of this type become a string, number, boolean or null, None where they do not."""
        for library in self._libraries():
            scalar = library.scalar(kind)
            if scalar is not None:
                return scalar
        return standard_scalar(kind)

    def _libraries(self) -> tuple[NumpyConversion | PandasConversion, ...]:
        """Return numpy and pandas, those that the script has loaded; asked for at the first type that may be theirs."""
        if self._found_libraries is None:
            self._found_libraries = ()
            numpy, pandas = _loaded("numpy", "ndarray"), _loaded("pandas", "DataFrame")
            if numpy is not None:
                arrays = NumpyConversion(numpy, self.plain, self._nested, self._max_depth)
                self._found_libraries = (arrays,)
                if pandas is not None:
                    tables = PandasConversion(pandas, arrays, self.plain, self.key, self._sequence, self._nested)
                    self._found_libraries = (arrays, tables)
        return self._found_libraries

    def _nested(self, container: Plain) -> Plain:
        """Guard the conversion of a container against nesting too deep and against cycles."""

        def convert(value: Any, depth: int) -> Any:
            if depth >= self._max_depth:
                raise too_deep(self._max_depth)
            identity = id(value)
            if identity in self._open:
                raise NotSerializable("contains itself", "Leave out what leads back to it.")
            self._open.add(identity)
            try:
                return container(value, depth + 1)
            finally:
                self._open.discard(identity)

        return convert

    def _mapping(self, value: Any, depth: int) -> dict[str, Any]:
        return self._object(value.items(), depth, "Rename one of them, or return list(d.items()).")

    def _namespace(self, value: Any, depth: int) -> dict[str, Any]:
        return self._mapping(vars(value), depth)

    def _row(self, value: Any, depth: int) -> dict[str, Any]:
        return self._object(zip(value.keys(), value), depth, "Name one of the columns otherwise, in SQL with AS.")

    def _object(self, items: Iterable[tuple[Any, Any]], depth: int, hint: str) -> dict[str, Any]:
        """Convert keys and values; `hint` says what to do about two keys of the same text."""
        plain: dict[str, Any] = {}
        for key, item in items:
            kind = type(key)
            text = key if kind is str else _int_repr(key) if kind is int else self.key(key)
            if text in plain:
                raise NotSerializable(f"has two keys that are both {shown(text)} in JSON", hint)
            if type(item) in PLAIN_TYPES:
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
            if type(item) in PLAIN_TYPES:
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


def _finite(scalar: Scalar) -> Plain:
    """Return the handler that has null in the place of NaN and infinities."""

    def convert(value: Any, depth: int) -> Any:
        plain = scalar(value)
        return None if type(plain) is float and not _isfinite(plain) else plain

    return convert


def _refuse(value: Any, depth: int) -> Any:
    raise refusal(value)

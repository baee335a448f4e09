"""What the standard library's values that hold no others become. Called by the run, after main() has returned.

Modules are taken from `sys.modules` and never imported here: a value of theirs exists only if the script imported them.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import pathlib
import sys
import uuid
from typing import Any, Callable, Final

from .not_serializable import NotSerializable, refusal, type_name, with_article

Scalar = Callable[[Any], Any]
"""Returns what a value is as str, int, float, bool or None. A float need not be finite."""

#: Exact types that are JSON already. Floats are not among them: some are not finite.
PLAIN_TYPES: Final = frozenset({str, int, bool, type(None)})
_modules: Final = sys.modules
_MOMENTS: Final = (datetime.datetime, datetime.date, datetime.time)
_TIMEDELTA: Final = datetime.timedelta
_Decimal: Final = decimal.Decimal
_TEXT: Final = (uuid.UUID, pathlib.PurePath, datetime.timezone, collections.UserString)
#: Classes by module, of modules that few scripts import.
_TEXT_BY_MODULE: Final = {
    "fractions": ("Fraction",),
    "ipaddress": ("IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network", "IPv4Interface", "IPv6Interface"),
    "zoneinfo": ("ZoneInfo",),
}


def loaded_class(module: str, name: str) -> type | None:
    """Return the class if the script has loaded its module; a script may also have put anything else in its place."""
    found = getattr(_modules.get(module), name, None)
    return found if isinstance(found, type) else None


def as_text(value: Any) -> str:
    """Return `str(value)`, as an exact str whatever the value's own method returns."""
    return str.__str__(str(value))


def standard_scalar(kind: type) -> Scalar | None:
    """Return the function that converts values of this type, None where they are no scalars of the standard library.

    Subclasses of JSON's own types become the type itself.
    """
    for own, scalar in _SCALARS:
        if issubclass(kind, own):
            return scalar
    for module, names in _TEXT_BY_MODULE.items():
        for name in names:
            found = loaded_class(module, name)
            if found is not None and issubclass(kind, found):
                return as_text
    return None


def _moment(value: Any) -> str:
    return str.__str__(value.isoformat())


def _seconds(value: Any) -> float:
    return float(value.total_seconds())


def _decimal(value: Any) -> str | None:
    return as_text(value) if value.is_finite() else None


def _utf8(value: bytes | bytearray) -> str:
    try:
        return str.__str__(value.decode("utf-8"))
    except UnicodeDecodeError as error:
        name = with_article(type_name(value))
        raise NotSerializable(
            f"is {name} object that is not UTF-8 text (byte {error.start})",
            "Return it encoded, for example as base64.b64encode(...).decode().",
        ) from None


def _memory(value: memoryview) -> str:
    """Convert a view of bytes like the bytes; one of other elements is no text."""
    if value.format not in ("B", "b", "c"):
        raise refusal(value)
    return _utf8(value.tobytes())


_SCALARS: Final[tuple[tuple[Any, Scalar], ...]] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__repr__),
    (_MOMENTS, _moment),
    (_TIMEDELTA, _seconds),
    (_Decimal, _decimal),
    (_TEXT, as_text),
    ((bytes, bytearray), _utf8),
    (memoryview, _memory),
)

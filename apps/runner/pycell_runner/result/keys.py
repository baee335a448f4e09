"""What the keys of dicts and the labels of tables become. Called by the run, after main() has returned.

A key is text in JSON. It gets the text that `json` gives it, or else that of the value that it would be elsewhere in
the result: a date is in ISO 8601 in both places.
"""

from __future__ import annotations

import enum
import reprlib
from typing import Any, Callable, Final

from .json_text import quoted
from .not_serializable import NotSerializable, shortened
from .scalars import Scalar, as_text

KeyForm = Callable[[Any], str]
"""Writes a key of one type."""

_Enum: Final = enum.Enum
_MAX_SHOWN_CHARACTERS: Final = 100
_NOT_FINITE: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}

_short: Final = reprlib.Repr()
_short.maxlevel = 3
_short.maxstring = _short.maxother = _short.maxlong = 60


def shown(text: str) -> str:
    """Return a key or label, quoted and of bounded length, for a message."""
    return quoted(shortened(text, _MAX_SHOWN_CHARACTERS))


def shown_tuple(label: Any) -> str:
    """Return the repr of a tuple, of bounded length, for a message."""
    return shortened(_short.repr(label), _MAX_SHOWN_CHARACTERS)


def _float_key(key: float) -> str:
    text = float.__repr__(key)
    return _NOT_FINITE.get(text, text)


#: Keys of JSON's own types, as `json` writes them.
KEY_FORMS: Final[dict[type, KeyForm]] = {
    str: str.__str__,
    bool: lambda key: "true" if key else "false",
    type(None): lambda key: "null",
    int: int.__repr__,
    float: _float_key,
}


def key_form(kind: type, scalar: Callable[[type], Scalar | None], text: KeyForm) -> KeyForm:
    """Return the function that writes keys of this type.

    `scalar` finds what a value of a type is as JSON's string, number, boolean or null; `text` writes any key.
    """
    for own, form in KEY_FORMS.items():
        if issubclass(kind, own):
            return form
    if issubclass(kind, _Enum):
        return lambda key: _enum_key(key, scalar, text)
    if issubclass(kind, tuple):
        return _refuse
    value_of = scalar(kind)
    if value_of is None:
        return as_text
    return lambda key: _scalar_key(key, value_of, text)


def _scalar_key(key: Any, value_of: Scalar, text: KeyForm) -> str:
    try:
        return text(value_of(key))
    except NotSerializable as error:
        error.in_a_key()
        raise


def _enum_key(key: Any, scalar: Callable[[type], Scalar | None], text: KeyForm) -> str:
    """Write a member as its value; where that is no string or number, by its name."""
    value = key.value
    kind = type(value)
    if kind in KEY_FORMS or issubclass(kind, _Enum) or scalar(kind) is not None:
        return text(value)
    return as_text(key)


def _refuse(key: Any) -> str:
    raise NotSerializable(
        f"has the tuple {shown_tuple(key)} as a key; JSON keys are strings",
        'Join the parts, {"_".join(map(str, k)): v for k, v in d.items()}, or return list(d.items()); with pandas, call'
        " reset_index() first.",
    )

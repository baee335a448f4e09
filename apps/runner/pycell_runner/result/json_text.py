"""Writes plain values as JSON text. Called by the run, after main() has returned or failed.

What a script could patch in `json` is taken at import, before the script is executed.
"""

from __future__ import annotations

import sys
from json.encoder import c_make_encoder, encode_basestring, encode_basestring_ascii  # type: ignore[attr-defined]
from typing import Any, Callable, Final, Iterable

from .not_serializable import NotSerializable, refusal

_max_digits: Final = sys.get_int_max_str_digits


def quoted(text: str) -> str:
    """Return the text as a JSON string, for a message or a path."""
    literal: str = encode_basestring(text)
    return literal


def key_step(key: str) -> str:
    """Return the step of a path that leads to the value of `key`."""
    return f"[{quoted(key)}]"


def encode_json(plain: Any) -> bytes:
    """Write what `Converter.plain` returned as JSON text in UTF-8, as `json.dumps` would space it.

    Unpaired surrogates have no UTF-8, so a value that holds one is written with `\\u` escapes throughout.
    Raises NotSerializable for an integer of more digits than Python agrees to write.
    """
    try:
        try:
            return _encode(plain, encode_basestring).encode("utf-8")
        except UnicodeEncodeError:
            return encode_ascii_json(plain)
    except ValueError as error:
        _raise_at_huge_integer(plain, _max_digits())
        raise NotSerializable(f"could not be written: {error}") from None


def encode_ascii_json(plain: Any) -> bytes:
    """Write a plain value as JSON text in ASCII, so that no character in it can break it."""
    return _encode(plain, encode_basestring_ascii).encode("ascii")


def _encode(plain: Any, encode_string: Callable[[str], str]) -> str:
    encoder = c_make_encoder(None, _refuse, encode_string, None, ": ", ", ", False, False, False)
    return "".join(encoder(plain, 0))


def _refuse(value: object) -> None:
    raise refusal(value)


def _raise_at_huge_integer(plain: Any, max_digits: int) -> None:
    """Raise NotSerializable with the path of the first integer that has more than `max_digits` digits."""
    if type(plain) is int:
        try:
            str(plain)
        except ValueError:
            raise NotSerializable(
                f"is an integer of more than {max_digits} digits, which is too large to write",
                "Return it as text in base 16, hex(...), which has no such limit.",
            ) from None
        return
    steps: Iterable[tuple[str, Any]] = ()
    if type(plain) is dict:
        steps = ((key_step(key), item) for key, item in plain.items())
    elif type(plain) is list:
        steps = ((f"[{index}]", item) for index, item in enumerate(plain))
    for step, item in steps:
        try:
            _raise_at_huge_integer(item, max_digits)
        except NotSerializable as error:
            error.at(step)
            raise

"""The payloads of RUN and OUTCOME: a head in JSON, then sections of plain bytes. docs/protocol.md specifies them.

A run reads RUN before it executes the script, and writes OUTCOME after it: what that needs is taken at import.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final

_LENGTH: Final = struct.Struct("!I")
_pack_length = _LENGTH.pack
#: Of the length before a head.
LENGTH_BYTES: Final = _LENGTH.size


class SectionsError(Exception):
    """The bytes are no head of sections; the message says what does not fit."""


def with_length(head: bytes) -> bytes:
    """Return the head as it begins a payload: its length, then the head."""
    return _pack_length(len(head)) + head


def read_head(head_bytes: bytes) -> dict[str, Any]:
    """Return the head. Raises SectionsError where it is no object with a list of sections."""
    try:
        head = json.loads(str(head_bytes, "utf-8"))
    except (ValueError, RecursionError) as error:
        raise SectionsError(f"the head is not JSON: {error}") from error
    if not isinstance(head, dict) or not isinstance(head.get("sections"), list):
        raise SectionsError("the head is not an object with a list of sections")
    return head


def names_and_lengths(entries: object) -> list[tuple[str, int]]:
    """Return the entries of a list of sections, or of files. Raises SectionsError where it is no such list."""
    if not isinstance(entries, list):
        raise SectionsError(f"{entries!r} is not a list of names and lengths")
    return [_name_and_length(entry) for entry in entries]


def _name_and_length(entry: object) -> tuple[str, int]:
    if isinstance(entry, list) and len(entry) == 2:
        name, length = entry
        if isinstance(name, str) and type(length) is int and length >= 0:
            return name, length
    raise SectionsError(f"{entry!r} is not a name and a length")

"""The payloads of RUN and OUTCOME: a head in JSON, then sections of plain bytes. docs/protocol.md specifies them.

A run reads RUN before it executes the script, and writes OUTCOME after it: what that needs is taken at import.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Collection, Final

_LENGTH: Final = struct.Struct("!I")
_pack_length = _LENGTH.pack


class SectionsError(Exception):
    """The bytes are no head with sections that fill the payload; the message says what does not fit."""


def with_length(head: bytes) -> bytes:
    """Return the head as it begins a payload: its length, then the head."""
    return _pack_length(len(head)) + head


def decode_sections(payload: bytes, known: Collection[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the head, and the sections by name. `known`: the names that they may have. Raises SectionsError."""
    if len(payload) < _LENGTH.size:
        raise SectionsError("there is no length of a head")
    (head_bytes,) = _LENGTH.unpack_from(payload)
    end = _LENGTH.size + head_bytes
    if end > len(payload):
        raise SectionsError("the head is longer than the payload")
    try:
        head = json.loads(str(payload[_LENGTH.size : end], "utf-8"))
    except (ValueError, RecursionError) as error:
        raise SectionsError(f"the head is not JSON: {error}") from error
    if not isinstance(head, dict) or not isinstance(head.get("sections"), list):
        raise SectionsError("the head is not an object with a list of sections")
    sections: dict[str, bytes] = {}
    for entry in head["sections"]:
        name, length = _name_and_length(entry)
        if name not in known or name in sections:
            raise SectionsError(f"section {name!r} is unknown or doubled")
        sections[name] = payload[end : end + length]
        end += length
    if end != len(payload):
        raise SectionsError("the sections do not fill the payload")
    return head, sections


def _name_and_length(entry: object) -> tuple[str, int]:
    if isinstance(entry, list) and len(entry) == 2:
        name, length = entry
        if isinstance(name, str) and type(length) is int and length >= 0:
            return name, length
    raise SectionsError(f"{entry!r} is not the name and the length of a section")

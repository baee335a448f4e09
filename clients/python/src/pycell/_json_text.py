"""Writes JSON with the digits that a Decimal has: `json` knows none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

_HALF_OF_A_PAIR: Final = re.compile("[\ud800-\udfff]")


class _Written(str):
    """What is JSON already, among values that are still to be written."""


def json_text(value: object, *, comma: str = ", ", colon: str = ": ") -> str:
    """Return a line of JSON. Characters beyond ASCII are written as they are, but for halves of surrogate pairs.

    What contains itself is for the caller to keep away: it has no end.
    """
    return "".join(_pieces(value, comma, colon))


def _pieces(value: object, comma: str, colon: str) -> Iterator[str]:
    # Not by recursion: it would end where the answer of a foreign service is nested more deeply than Python goes.
    pending: list[object] = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, _Written):
            yield each
        elif isinstance(each, Decimal):
            yield str(each)
        elif isinstance(each, Mapping):
            pending.extend(reversed(_object(each, comma, colon)))
        elif isinstance(each, (list, tuple)):
            pending.extend(reversed(_array(each, comma)))
        else:
            yield _scalar(each)


def _object(value: Mapping[str, object], comma: str, colon: str) -> list[object]:
    parts: list[object] = [_Written("{")]
    for index, (name, member) in enumerate(value.items()):
        parts += (_Written(f"{comma if index else ''}{_scalar(name)}{colon}"), member)
    return [*parts, _Written("}")]


def _array(value: list[object] | tuple[object, ...], comma: str) -> list[object]:
    parts: list[object] = [_Written("[")]
    for index, member in enumerate(value):
        parts += (_Written(comma if index else ""), member)
    return [*parts, _Written("]")]


def _scalar(value: object) -> str:
    # What no encoding has keeps its escape.
    return _HALF_OF_A_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))

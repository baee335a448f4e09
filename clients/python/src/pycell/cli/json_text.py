"""Writes results as JSON with the digits that Python sent: `json` knows no Decimal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal


def json_text(value: object) -> str:
    """Return a line of JSON. Characters beyond ASCII are written as they are."""
    return "".join(_pieces(value))


def _pieces(value: object) -> Iterator[str]:
    if isinstance(value, Decimal):
        yield str(value)
    elif isinstance(value, Mapping):
        yield "{"
        for index, (name, member) in enumerate(value.items()):
            yield f"{', ' if index else ''}{json.dumps(name, ensure_ascii=False)}: "
            yield from _pieces(member)
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for index, member in enumerate(value):
            yield ", " if index else ""
            yield from _pieces(member)
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)

"""What the tests of conversion share."""

from __future__ import annotations

import json
import unittest
from typing import Any

from pycell_runner.result.conversion import Converter
from pycell_runner.result.json_text import encode_json
from pycell_runner.result.not_serializable import NotSerializable

MAX_DEPTH = 200


class Text(str):
    """Says something else of itself than what it is; so do the others."""

    def __str__(self) -> str:
        return "not this"


class Number(int):
    def __repr__(self) -> str:
        return "not this"


class Real(float):
    def __repr__(self) -> str:
        return "not this"


def to_json(value: Any, max_depth: int = MAX_DEPTH) -> str:
    """Return the JSON text that a return value becomes."""
    return encode_json(Converter(max_depth).plain(value)).decode("utf-8")


class ConversionCase(unittest.TestCase):
    def assert_json(self, value: Any, text: str) -> None:
        self.assertEqual(to_json(value), text)
        json.loads(text)

    def assert_refused(self, value: Any, message: str, max_depth: int = MAX_DEPTH, hint: str | None = None) -> None:
        """`hint` is looked at where it is given."""
        with self.assertRaises(NotSerializable) as caught:
            to_json(value, max_depth)
        self.assertEqual(str(caught.exception), message)
        if hint is not None:
            self.assertEqual(caught.exception.hint, hint)

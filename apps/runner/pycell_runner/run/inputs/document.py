"""Reads the JSON text of inputs. Called by the run, before the script, and once more after it where digits count."""

from __future__ import annotations

import sys
from json.scanner import c_make_scanner  # type: ignore[attr-defined]  # the code in C, which no script can replace
from typing import Any, Callable, Final, NoReturn

from .refusal import InvalidInputs

_max_digits: Final = sys.get_int_max_str_digits
_set_max_digits: Final = sys.set_int_max_str_digits
_WHITESPACE: Final = " \t\r\n"


class NumberText(str):
    """A number as it was written."""

    __slots__ = ()


class _Scanner:
    """What the scanner of the `json` package asks its decoder for."""

    strict = True
    object_hook = None
    object_pairs_hook = None

    def __init__(self, parse_int: Callable[[str], Any], parse_float: Callable[[str], Any]) -> None:
        self.parse_int = parse_int
        self.parse_float = parse_float
        self.parse_constant = _refuse_constant


def parse_inputs(text: bytes) -> dict[str, Any]:
    """Return the inputs as Python's values: integers of any size, floats, members in the order of the text.

    `text` is one JSON object without duplicate names, which the service has seen to. Raises InvalidInputs where it
    is none.
    """
    digits = _max_digits()
    _set_max_digits(0)
    try:
        return _object(text, int, float)
    except RecursionError:
        raise InvalidInputs("inputs nests too deeply", "Send it with fewer lists and objects inside each other.") from None
    finally:
        _set_max_digits(digits)


def with_exact_numbers(text: bytes) -> dict[str, Any]:
    """Return the inputs with NumberText in the place of numbers."""
    return _object(text, NumberText, NumberText)


def _object(text: bytes, parse_int: Callable[[str], Any], parse_float: Callable[[str], Any]) -> dict[str, Any]:
    try:
        document = text.decode("utf-8", "surrogatepass").strip(_WHITESPACE)
        value, end = c_make_scanner(_Scanner(parse_int, parse_float))(document, 0)
    except (ValueError, StopIteration) as error:
        raise InvalidInputs(f"inputs is not JSON: {error}", "Send an object of JSON as inputs.") from None
    if type(value) is not dict or end != len(document):
        raise InvalidInputs("inputs is not one JSON object", 'Send an object, such as "inputs": {"name": "value"}.')
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value of JSON")

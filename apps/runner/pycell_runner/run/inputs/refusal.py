"""Why inputs are refused, in words. Called by the run."""

from __future__ import annotations

from typing import Any, Final, Sequence

from ...result.failure import shortened as shortened_text
from ...result.json_text import quoted
from ...result.not_serializable import shortened

_MAX_MESSAGE_CHARACTERS: Final = 3_900
_MAX_HINT_CHARACTERS: Final = 600
_MAX_NAMES: Final = 8
_MAX_NAME_CHARACTERS: Final = 60
_MAX_VALUE_CHARACTERS: Final = 100
_MAX_INT_BITS: Final = 256


class InvalidInputs(Exception):
    """The inputs of the request do not fit the script: status `INVALID_INPUTS`."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = shortened_text(message, _MAX_MESSAGE_CHARACTERS)
        self.hint = shortened(hint, _MAX_HINT_CHARACTERS)
        """What to send instead."""


def shown_name(name: str) -> str:
    """Return a name of an input as JSON, cut."""
    return quoted(shortened(name, _MAX_NAME_CHARACTERS))


def listed(names: Sequence[str]) -> str:
    """Return the first of these texts, and how many more there are."""
    shown = list(names[:_MAX_NAMES])
    if len(names) > _MAX_NAMES:
        shown.append(f"{len(names) - _MAX_NAMES} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def shown_value(value: Any) -> str:
    """Return a value of JSON in a few words; a large one is told by its kind."""
    if value is None:
        return "null"
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return repr(value) if value.bit_length() <= _MAX_INT_BITS else "a large integer"
    if kind is str:
        return quoted(shortened(value, _MAX_VALUE_CHARACTERS))
    if kind is list:
        return f"a list of {len(value)}"
    if kind is dict:
        return f"an object of {len(value)}"
    return repr(value) if kind is float else "a value"

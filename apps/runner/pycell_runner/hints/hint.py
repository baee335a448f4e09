"""How hints are found. Called by the run, after the script has failed; what is looked at may be hostile.

A hint is a help and never a promise: where none fits, or where looking for one fails, there is none.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Any, Callable, Final, Sequence

from ..protocol.request import RunLimits

_MAX_CHARACTERS: Final = 600
_MAX_LINKED: Final = 8

_BaseException = BaseException


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the script failed."""

    lines: Sequence[str]
    """The script's."""
    limits: RunLimits
    line: int | None = None
    """Of the script, where it failed."""

    @property
    def text(self) -> str:
        """The line of the script where it failed."""
        return self.lines[self.line - 1] if self.line is not None and 1 <= self.line <= len(self.lines) else ""


Row = Callable[[Any, Scene], "str | None"]
"""Returns the hint where it fits."""


def first(rows: Sequence[Row], subject: Any, scene: Scene) -> str | None:
    """Return the first hint that fits."""
    for row in rows:
        try:
            hint = row(subject, scene)
        except _BaseException:  # noqa: B036 - the subject is the script's: it may raise whatever is done with it
            continue
        if hint:
            return hint[:_MAX_CHARACTERS]
    return None


def linked(error: BaseException) -> list[BaseException]:
    """Return the exception and the ones that it was raised from or while, outermost first."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < _MAX_LINKED:
        current = waiting.pop(0)
        if current is not None and not any(current is other for other in found):
            found.append(current)
            waiting += (current.__cause__, current.__context__)
    return found


def python_version() -> str:
    """Return the version of this interpreter as people name it, such as `3.11`."""
    return ".".join(platform.python_version_tuple()[:2])

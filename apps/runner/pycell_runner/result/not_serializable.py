"""The error for a return value that has no JSON form. Raised in the run, after main() has returned."""

from __future__ import annotations

from typing import Final

_ROOT: Final = "result"


class NotSerializable(Exception):
    """A value has no JSON form.

    It is raised where the value is met; each container on the way out adds its step with `at`, so that a path
    such as `result["rows"][3]` is put together only when it is needed.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self._problem = problem
        self._steps: list[str] = []

    def at(self, step: str) -> None:
        """Note the step that leads to the value from its container, such as `[3]`."""
        self._steps.append(step)

    @property
    def path(self) -> str:
        """Where in the return value the value is."""
        return _ROOT + "".join(reversed(self._steps))

    def __str__(self) -> str:
        return f"{self.path} {self._problem}"


def type_name(value: object) -> str:
    """Return the type's name with its module, without the module for built-in and script types."""
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "script") else f"{module}.{kind.__qualname__}"


def with_article(name: str) -> str:
    """Return the name with `a` or `an` before it."""
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def refusal(value: object) -> NotSerializable:
    """Return the error for a value of a type that has no JSON form."""
    return NotSerializable(f"is {with_article(type_name(value))}, which has no JSON form")

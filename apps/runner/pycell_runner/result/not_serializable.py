"""The error for a return value that has no JSON form. Raised in the run, after main() has returned."""

from __future__ import annotations

from typing import Final

from .no_form_hints import hint_for

_ROOT: Final = "result"
#: A path shows so many steps; of a longer one so many at its start and at its end.
_MAX_STEPS: Final = 24
_FIRST_STEPS: Final = 6
_LAST_STEPS: Final = 3
_MAX_STEP_CHARACTERS: Final = 100


class NotSerializable(Exception):
    """A value has no JSON form.

    It is raised where the value is met; each container on the way out adds its step with `at`, so that a path
    such as `result["rows"][3]` is put together only when it is needed.
    """

    def __init__(self, problem: str, hint: str | None = None) -> None:
        super().__init__(problem)
        self._problem = problem
        self._hint = hint
        self._steps: list[str] = []

    def at(self, step: str) -> None:
        """Note the step that leads to the value from its container, such as `[3]`."""
        self._steps.append(shortened(step, _MAX_STEP_CHARACTERS))

    def in_a_key(self) -> None:
        """Note that the value is a key: the path leads to the dict that has it."""
        self._problem = f"has a key that {self._problem}"

    @property
    def path(self) -> str:
        """Where in the return value the value is; `...` stands for the middle of a long path."""
        steps = self._steps[::-1]
        if len(steps) > _MAX_STEPS:
            steps[_FIRST_STEPS:-_LAST_STEPS] = ["..."]
        return _ROOT + "".join(steps)

    @property
    def hint(self) -> str | None:
        """One sentence for the person who wrote the script: what to return instead."""
        return self._hint

    def __str__(self) -> str:
        return f"{self.path} {self._problem}"


def shortened(text: str, limit: int) -> str:
    """Return the text; where it has more characters than `limit`, `...` stands for its middle."""
    if len(text) <= limit:
        return text
    last = limit // 4
    return f"{text[: limit - last - 3]}...{text[-last:]}"


def type_name(value: object) -> str:
    """Return the type's name with its module, without the module for built-in and script types."""
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "script") else f"{module}.{kind.__qualname__}"


def with_article(name: str) -> str:
    """Return the name with `a` or `an` before it."""
    return f"an {name}" if name[:1].lower() in "aeio" else f"a {name}"


def refusal(value: object) -> NotSerializable:
    """Return the error for a value of a type that has no JSON form."""
    return NotSerializable(f"is {with_article(type_name(value))}, which has no JSON form", hint_for(value))


def too_deep(max_depth: int) -> NotSerializable:
    """Return the error for a container in which more lists and objects nest than `max_depth`."""
    return NotSerializable(f"nests deeper than {max_depth} levels", "Return it with fewer lists and dicts inside each other.")

"""The error for a return value that has no JSON form. Raised in the run, after main() has returned."""

from __future__ import annotations

from typing import Any, Final

_ROOT: Final = "result"
#: A longer path is cut in the middle: of a list in a list in a list only the ends tell something.
_MAX_PATH_CHARACTERS: Final = 200

_hasattr = hasattr
_callable = callable
_isinstance = isinstance
_BaseException = BaseException


class NotSerializable(Exception):
    """A value has no JSON form. `hint`: what to return instead, one sentence.

    It is raised where the value is met; each container on the way out adds its step with `at`, so that a path
    such as `result["rows"][3]` is put together only when it is needed.
    """

    def __init__(self, problem: str, hint: str | None = None) -> None:
        super().__init__(problem)
        self._problem = problem
        self.hint = hint
        self._steps: list[str] = []

    def at(self, step: str) -> None:
        """Note the step that leads to the value from its container, such as `[3]`."""
        self._steps.append(step)

    @property
    def path(self) -> str:
        """Where in the return value the value is."""
        path = _ROOT + "".join(reversed(self._steps))
        half = _MAX_PATH_CHARACTERS // 2
        return path if len(path) <= _MAX_PATH_CHARACTERS else f"{path[:half]}...{path[-half:]}"

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
    return NotSerializable(f"is {with_article(type_name(value))}, which has no JSON form", _hint(value))


def too_deep(max_depth: int) -> NotSerializable:
    """Return the error for a value in too many lists and objects."""
    return NotSerializable(f"nests deeper than {max_depth} levels", "Return a flatter value: a list of the parts, for example.")


#: Of the type: what has the value that was meant.
_BY_TYPE: Final = {
    "generator": "Return list(...) of it: a function with yield gives its values one by one.",
    "async_generator": "Collect its values in a list, [value async for value in ...], and return that.",
    "coroutine": "Write await before the call: without it the function has not run.",
    "Match": "Return its group(), groups() or groupdict().",
    "Pattern": "Return its pattern, or what it finds.",
    "module": "Return a value of the module, not the module itself.",
    "DataFrameGroupBy": "Say what becomes of the groups, for example .sum(), .size() or .agg(...).",
    "SeriesGroupBy": "Say what becomes of the groups, for example .sum(), .size() or .agg(...).",
    "Styler": "Return the DataFrame itself.",
    "Axes": "A chart has no JSON form: return the numbers.",
    "Figure": "A chart has no JSON form: return the numbers.",
}
#: Methods by which classes give themselves as a dict, the usual ones first.
_AS_DICT: Final = ("to_dict", "model_dump", "_asdict", "asdict", "as_dict", "dict")


def _hint(value: Any) -> str:
    kind = type(value)
    if kind.__name__ in _BY_TYPE:
        return _BY_TYPE[kind.__name__]
    if _isinstance(value, _BaseException):
        return "Return str(...) of the exception."
    if _isinstance(value, type):
        return "That is a class: return an instance of it as a dict, or its __name__."
    if _hasattr(kind, "__next__"):
        return "Return list(...) of it: it gives its values one by one."
    method = next((name for name in _AS_DICT if _callable(getattr(kind, name, None))), None)
    if method is not None:
        return f"Return its {method}()."
    if _callable(value):
        return "That is a function: call it, with parentheses behind its name."
    if _hasattr(value, "__dict__"):
        return "Return vars(...) of it, a dict of what you need, or make its class a dataclass."
    return "Return str(...) of it, or the parts that you need."

"""Says what to return instead of a value that has no JSON form. Called by the run, after main() has returned.

Types of modules that a script may not have imported are told by name: a wrong guess, for a class that goes by a false
name, makes a wrong hint and nothing else.
"""

from __future__ import annotations

import enum
from types import FunctionType, GeneratorType, MethodType, ModuleType
from typing import Final

_ANYTHING: Final = "Return what you need of it as text, numbers, lists and dicts."
_LIST: Final = "Return list(...) of it."
_CALL: Final = "Call it, and return what it returns."
#: The script's module, as the runner and as other interpreters name it.
_SCRIPT_MODULES: Final = ("script", "__main__")
#: Methods by which classes give a dict of themselves, such as those of pydantic.
_METHODS_FOR_A_DICT: Final = ("model_dump", "to_dict", "as_dict", "asdict")
_BUILTIN_FUNCTION: Final = type(len)
_EnumMeta: Final = enum.EnumMeta

_BY_NAME: Final = {
    "re.Match": "Return .group(), .groups() or .groupdict() of it.",
    "re.Pattern": "Return .pattern of it.",
    "_io.StringIO": "Return .getvalue() of it.",
    "_io.BytesIO": "Return .getvalue() of it.",
    "_io.TextIOWrapper": "Return .read() of it.",
    "_io.BufferedReader": "Return .read() of it.",
    "builtins.memoryview": "Return bytes(...) or .tolist() of it.",
    "pandas.io.formats.style.Styler": "Return .to_html() of it, or the DataFrame itself.",
    "itertools.count": "It has no end: return a part of it, list(itertools.islice(..., 10)).",
    "itertools.cycle": "It has no end: return a part of it, list(itertools.islice(..., 10)).",
    "itertools.repeat": "It may have no end: return a part of it, list(itertools.islice(..., 10)).",
}
_DRAWINGS: Final = ("matplotlib.", "mpl_toolkits.")
_LAZY_TABLES: Final = ("pandas.core.groupby", "pandas.core.resample", "pandas.core.window", "pandas.api.typing")


def hint_for(value: object) -> str:
    """Return one sentence that says what to return instead of the value. It never raises an Exception."""
    try:
        return _hint_for(value)
    except Exception:  # the script's own metaclass raised while it was asked
        return _ANYTHING


def _hint_for(value: object) -> str:
    kind = type(value)
    if issubclass(kind, BaseException):
        return "Return str(...) of it."
    if issubclass(kind, type):
        return _LIST if issubclass(kind, _EnumMeta) else "Return an instance of it, or its name: .__name__."
    if issubclass(kind, (FunctionType, MethodType, _BUILTIN_FUNCTION)):
        return _CALL
    if issubclass(kind, ModuleType):
        return "Return what you need of the module."
    named = _BY_NAME.get(f"{kind.__module__}.{kind.__qualname__}")
    if named is not None:
        return named
    if kind.__module__.startswith(_LAZY_TABLES):
        return "Aggregate it, for example with .sum() or .size(), and return the outcome."
    if kind.__module__.startswith(_DRAWINGS):
        return "A figure that is left open comes back as an artifact by itself: return numbers, or nothing."
    for method in _METHODS_FOR_A_DICT:
        if hasattr(kind, method):
            return f"Return .{method}() of it."
    return _hint_by_protocol(kind)


def _hint_by_protocol(kind: type) -> str:
    """Choose by what the class can do."""
    if hasattr(kind, "__await__"):
        return "Await it, in an async def main(), and return the outcome."
    if hasattr(kind, "__anext__"):
        return "Return [item async for item in ...] of it, from an async def main()."
    if kind is GeneratorType:
        return "Return list(...) of it; a function that contains yield returns a generator."
    own = kind.__module__ in _SCRIPT_MODULES
    if own and not hasattr(kind, "__next__"):
        if kind.__dictoffset__ == 0:  # it has slots, so that vars() fails
            return "Return a dict of what you need of it, or make its class a dataclass."
        return "Return a dict of what you need of it, for example vars(...) of it."
    if hasattr(kind, "__iter__"):
        return _LIST
    return _ANYTHING

"""Makes of JSON what an annotation of `main` asks for. Called by the run, after the module of the script.

These and nothing else: datetime, date, time, Decimal, pandas.DataFrame; each of them or None; lists of them, and dicts
with text as keys. The table is in docs/inputs.md.
"""

from __future__ import annotations

import datetime
import decimal
import re
import sys
import types
import typing
from typing import Any, Callable, Final, Protocol

from ...result.json_text import key_step
from ...result.not_serializable import shortened
from .document import NumberText
from .refusal import InvalidInputs, shown_value

_MAX_DEPTH: Final = 8
_MAX_ANNOTATION_CHARACTERS: Final = 1_000
_MAX_STEP_CHARACTERS: Final = 60
_MAX_PATH_CHARACTERS: Final = 200

_modules: Final = sys.modules
_compile = compile
_eval = eval
_get_origin = typing.get_origin
_get_args = typing.get_args
_UNIONS: Final = (typing.Union, types.UnionType)
_Annotated: Final = typing.Annotated
_ForwardRef: Final = typing.ForwardRef
_AliasType: Final = getattr(typing, "TypeAliasType", None)
_NoneType: Final = type(None)

_Decimal: Final = decimal.Decimal
#: One of our own: the script may have changed what happens in its context.
_CONTEXT: Final = decimal.Context(traps=[decimal.InvalidOperation])
_is_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch


class Conversion(Protocol):
    """How the values of one parameter are made."""

    needs_digits: bool
    """Whether it needs numbers as they were written."""
    kind: str
    """What it makes, in words."""

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        """Return what is made of a value; `exact` is the same with NumberText in the place of numbers, or None.

        `path` leads to it. Raises InvalidInputs where it cannot be made.
        """


def conversion_for(annotation: object, namespace: dict[str, Any]) -> Conversion | None:
    """Return how to convert values for an annotation, None where it asks for no conversion or cannot be evaluated."""
    try:
        return _conversion(annotation, namespace, 0)
    except MemoryError:
        raise
    except BaseException:  # noqa: B036 - code of the script, which annotations may be
        return None


def _conversion(annotation: Any, namespace: dict[str, Any], depth: int) -> Conversion | None:
    # By identity throughout: classes of the script may say that they equal any other.
    if depth > _MAX_DEPTH or annotation is None:
        return None
    if type(annotation) is _ForwardRef:
        annotation = annotation.__forward_arg__
    if type(annotation) is str:
        if len(annotation) > _MAX_ANNOTATION_CHARACTERS:
            return None
        code = _compile(annotation.strip(), "<annotation>", "eval", dont_inherit=True)
        return _conversion(_eval(code, namespace), namespace, depth + 1)
    if _AliasType is not None and type(annotation) is _AliasType:
        return _conversion(annotation.__value__, namespace, depth + 1)
    for known, conversion in _MOMENTS:
        if annotation is known:
            return conversion
    if annotation is _Decimal:
        return _DECIMAL
    frame = getattr(_modules.get("pandas"), "DataFrame", None)
    if annotation is frame and isinstance(frame, type):
        return _Frame(frame)
    return _generic(annotation, namespace, depth)


def _generic(annotation: Any, namespace: dict[str, Any], depth: int) -> Conversion | None:
    origin = _get_origin(annotation)
    if origin is None:
        return None
    arguments = _get_args(annotation)
    if origin is _Annotated:
        return _conversion(arguments[0], namespace, depth + 1)
    if any(origin is union for union in _UNIONS):
        others = [one for one in arguments if one is not _NoneType]
        inner = _conversion(others[0], namespace, depth + 1) if len(others) == 1 else None
        return _OrNone(inner) if inner is not None else None
    if origin is list and len(arguments) == 1:
        inner = _conversion(arguments[0], namespace, depth + 1)
        return _List(inner) if inner is not None else None
    if origin is dict and len(arguments) == 2 and arguments[0] is str:
        inner = _conversion(arguments[1], namespace, depth + 1)
        return _Dict(inner) if inner is not None else None
    return None


class _Moment:
    needs_digits = False

    def __init__(self, kind: str, from_iso: Callable[[str], Any], example: str) -> None:
        self.kind = kind
        self._from_iso = from_iso
        self._example = example

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        try:
            if type(value) is str:
                return self._from_iso(value)
        except ValueError:
            pass
        raise _refused(self, value, path, f"text in ISO 8601, such as {self._example}")


class _DecimalConversion:
    needs_digits = True
    kind = "a Decimal"

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        text = exact if type(exact) is NumberText else value
        try:
            if type(text) in (NumberText, str) and _is_number(text):
                return _Decimal(str(text), _CONTEXT)
        except decimal.InvalidOperation:  # an exponent beyond what Decimal has
            pass
        raise _refused(self, value, path, 'a number, or as text such as "12.50"')


class _Frame:
    needs_digits = False
    kind = "a DataFrame"

    def __init__(self, frame: Callable[[Any], Any]) -> None:
        self._frame = frame

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        if _is_records(value) or _is_columns(value):
            try:
                return self._frame(value)
            except MemoryError:
                raise
            except BaseException:  # noqa: B036 - pandas refuses it, or is not pandas any more
                pass
        raise _refused(self, value, path, 'a list of rows, [{"a": 1, "b": 2}], or an object of columns of one length, {"a": [1], "b": [2]}')


def _is_records(value: Any) -> bool:
    return type(value) is list and all(type(row) is dict for row in value)


def _is_columns(value: Any) -> bool:
    return type(value) is dict and all(type(column) is list for column in value.values()) and len(set(map(len, value.values()))) <= 1


class _OrNone:
    def __init__(self, inner: Conversion) -> None:
        self.needs_digits = inner.needs_digits
        self.kind = f"{inner.kind} or None"
        self._inner = inner

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        return None if value is None else self._inner.convert(value, exact, path)


class _List:
    def __init__(self, inner: Conversion) -> None:
        self.needs_digits = inner.needs_digits
        self.kind = f"a list, each item {inner.kind}"
        self._inner = inner

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        if type(value) is not list:
            raise _refused(self, value, path, "a list")
        exacts = exact if type(exact) is list else [None] * len(value)
        convert = self._inner.convert
        return [convert(item, exact_item, f"{path}[{number}]") for number, (item, exact_item) in enumerate(zip(value, exacts))]


class _Dict:
    def __init__(self, inner: Conversion) -> None:
        self.needs_digits = inner.needs_digits
        self.kind = f"a dict, each value {inner.kind}"
        self._inner = inner

    def convert(self, value: Any, exact: Any, path: str) -> Any:
        if type(value) is not dict:
            raise _refused(self, value, path, "an object")
        exacts = exact if type(exact) is dict else {}
        return {
            key: self._inner.convert(item, exacts.get(key), path + key_step(shortened(key, _MAX_STEP_CHARACTERS)))
            for key, item in value.items()
        }


def _refused(conversion: Conversion, value: Any, path: str, what: str) -> InvalidInputs:
    where = shortened(path, _MAX_PATH_CHARACTERS)
    return InvalidInputs(f"The input {where} cannot become {conversion.kind}: it is {shown_value(value)}", f"Send {where} as {what}.")


_DECIMAL: Final = _DecimalConversion()
_MOMENTS: Final[tuple[tuple[type, Conversion], ...]] = (
    (datetime.datetime, _Moment("a datetime", datetime.datetime.fromisoformat, '"2024-02-29T13:05:00Z"')),
    (datetime.date, _Moment("a date", datetime.date.fromisoformat, '"2024-02-29"')),
    (datetime.time, _Moment("a time", datetime.time.fromisoformat, '"13:05:00"')),
)

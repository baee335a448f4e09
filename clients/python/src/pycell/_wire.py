"""Makes dataclasses of the JSON of the service: `media_type` is `mediaType` there. Members that are not known are left out."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")
#: Makes a value of what JSON had. Raises WireError.
Convert = Callable[[object], Any]


class WireError(ValueError):
    """The service sent something else than its own description says. The text says what."""


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """How a field of a dataclass is sent."""

    field: str
    name: str
    is_required: bool
    convert: Convert


#: What was found out for each class.
_MEMBERS: dict[type[Any], tuple[Member, ...]] = {}


def wire_name(field: str) -> str:
    """Return the name that a field has in JSON."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


def parse_json(
    text: bytes | str,
    parse_float: Callable[[str], Any] | None = None,
    make_object: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """Return the value of a JSON text. Integers keep all their digits: one of more than this Python converts
    (`sys.get_int_max_str_digits`) is a Decimal, whose digits cost no more than reading them.

    make_object  makes a value of the members of an object, in their order; by default a dict, where the last of a name counts

    Raises WireError where it is none, or is nested too deeply.
    """
    hooks: dict[str, Any] = {
        "parse_float": parse_float,
        "parse_constant": _no_constant,
        "object_pairs_hook": make_object,
    }
    try:
        try:
            return json.loads(text, **hooks)
        except (WireError, json.JSONDecodeError, UnicodeDecodeError):
            raise
        except ValueError:
            # Rarely, since a function for each integer makes reading slower.
            return json.loads(text, parse_int=_whole, **hooks)
    except (ValueError, ArithmeticError) as error:  # ArithmeticError: an exponent beyond what Decimal has
        raise WireError(f"no JSON for this Python: {error}") from None
    except RecursionError:
        raise WireError("JSON that is nested too deeply for this Python") from None


def decode(cls: type[T], value: object) -> T:
    """Return a dataclass that has what `value`, an object of JSON, says. Raises WireError."""
    if not isinstance(value, Mapping):
        raise WireError(f"{cls.__name__} is {_kind(value)}, not an object")
    found: dict[str, Any] = {}
    for member in members(cls):
        if member.name in value:
            try:
                found[member.field] = member.convert(value[member.name])
            except WireError as error:
                raise WireError(f"{cls.__name__}.{member.name}: {error}") from None
        elif member.is_required:
            raise WireError(f"{cls.__name__} has no {member.name}")
    return cls(**found)


def members(cls: type[Any]) -> tuple[Member, ...]:
    """Return what is read for a dataclass. A field with `wire` in its metadata is called so there; None: it is of the client alone."""
    found = _MEMBERS.get(cls)
    if found is None:
        found = _MEMBERS[cls] = _members(cls)
    return found


def _members(cls: type[Any]) -> tuple[Member, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        Member(
            field.name,
            field.metadata.get("wire", wire_name(field.name)),
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
            _converter(hints[field.name]),
        )
        for field in dataclasses.fields(cls)
        if field.metadata.get("wire", "") is not None
    )


def _whole(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def _no_constant(name: str) -> Any:
    raise WireError(f"{name} is no JSON")


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _converter(hint: Any) -> Convert:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return lambda value: value
    if origin is types.UnionType or origin is typing.Union:
        return _nullable(_first_of([each for each in arguments if each is not type(None)]))
    if origin is tuple:
        return _list(_converter(arguments[0]))
    if origin is typing.Literal:
        return _one_of(arguments)
    if origin is not None:
        return _instance(dict, dict)
    if dataclasses.is_dataclass(hint):
        return lambda value: decode(typing.cast("type[Any]", hint), value)
    return _SCALARS[hint]


def _nullable(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _first_of(hints: list[Any]) -> Convert:
    """Of several dataclasses the first that has all that it must have."""
    converts = [_converter(hint) for hint in hints]

    def read(value: object) -> Any:
        for convert in converts[:-1]:
            try:
                return convert(value)
            except WireError:
                continue  # it is another one of them
        return converts[-1](value)

    return read


def _list(convert: Convert) -> Convert:
    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WireError(f"{_kind(value)}, not a list")
        return tuple(map(convert, value))

    return read


def _one_of(allowed: tuple[Any, ...]) -> Convert:
    def read(value: object) -> object:
        if value not in allowed:
            raise WireError(f"{value!r:.40}, not one of {allowed}")
        return value

    return read


def _instance(kind: type[Any] | tuple[type[Any], ...], made: Callable[[Any], Any]) -> Convert:
    def read(value: object) -> Any:
        # True is an int to Python, and none to JSON.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise WireError(f"{_kind(value)}, which is the wrong type")
        return made(value)

    return read


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WireError(f"{text!r:.40}, no time of ISO 8601") from None


_SCALARS: dict[Any, Convert] = {
    str: _instance(str, str),
    int: _instance(int, int),
    bool: _instance(bool, bool),
    # Measurements are floats, also where the caller has those of results as Decimal.
    float: _instance((int, float, Decimal), float),
    datetime: _instance(str, _time),
}

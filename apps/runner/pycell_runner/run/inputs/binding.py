"""The arguments that `main` is called with. Called by the run, after the module of the script."""

from __future__ import annotations

from types import FunctionType
from typing import Any, Final, Sequence

from ... import own_builtins
from .conversion import Conversion, conversion_for
from .document import with_exact_numbers
from .global_names import python_name
from .parameters import Parameter, parameters_of, signature_text
from .refusal import InvalidInputs, listed, shown_name

#: A name that is like one of these is looked for, for so many names.
_MAX_NEAREST: Final = 8
_MAX_NEAREST_CHARACTERS: Final = 60
_MAX_CANDIDATES: Final = 200
_MAX_SHOWN_MEMBERS: Final = 12

_restore_builtins = own_builtins.restore
_FunctionType: Final = FunctionType


def needs_no_binding(main: Any) -> bool:
    """Whether `main()` can be called for a request without inputs: True for a function without required parameters.

    False says that `arguments_for` has to decide. Cheap, since every run asks.
    """
    if type(main) is not _FunctionType:
        return False
    code = main.__code__
    if not (code.co_argcount or code.co_kwonlyargcount):
        return True
    return code.co_argcount <= _count(main.__defaults__, tuple) and code.co_kwonlyargcount <= _count(main.__kwdefaults__, dict)


def _count(defaults: Any, kind: type[tuple[Any, ...] | dict[str, Any]]) -> int:
    """Return how many defaults there are; of a class that the script has made of `kind` nothing is asked."""
    return len(defaults) if type(defaults) is kind else 0


def arguments_for(
    main: Any, inputs: dict[str, Any] | None, text: bytes | None, namespace: dict[str, Any] | None
) -> dict[str, Any]:
    """Return what `main` is to be called with, by name.

    `inputs` is what parse_inputs() made of `text`, both None where the request has none; `namespace` is that of the
    script, in which annotations that are text are evaluated. Values are converted where annotations ask for it; without
    a namespace none is.

    Raises InvalidInputs where `main` cannot take them, and MemoryError. Whatever else fails, because the script has
    made it fail, costs the conversion and the check only: Python says what does not fit.
    """
    try:
        _restore_builtins()
        return _arguments(main, inputs, text, namespace)
    except (InvalidInputs, MemoryError):
        raise
    except BaseException:  # noqa: B036 - raised by what the script has made of its main, or of Python
        return {} if inputs is None else inputs


def _arguments(
    main: Any, inputs: dict[str, Any] | None, text: bytes | None, namespace: dict[str, Any] | None
) -> dict[str, Any]:
    # Without inputs only the wrapper itself counts: it may give the function that it wraps arguments of its own.
    parameters = parameters_of(main, follow_wrapped=inputs is not None)
    sent = inputs if inputs is not None else {}
    if parameters is None:
        return sent
    keys = _parameter_names(sent, parameters)
    _check(keys, parameters, is_sent=inputs is not None)
    plans = _conversions(keys, parameters, namespace) if namespace is not None else {}
    exact: dict[str, Any] = {}
    if text is not None and any(plan.needs_digits for plan in plans.values()):
        exact = with_exact_numbers(text)
    arguments: dict[str, Any] = {}
    for key, value in sent.items():
        name = keys[key]
        plan = plans.get(name)
        arguments[name] = plan.convert(value, exact.get(key), name) if plan is not None else value
    return arguments


def _parameter_names(sent: dict[str, Any], parameters: Sequence[Parameter]) -> dict[str, str]:
    """Return for each input the name that it is given by: the normal form where that is what the parameter has."""
    named = {parameter.name for parameter in parameters if parameter.is_named}
    keys = {key: key for key in sent}
    for key in sent:
        own = python_name(key)
        if key not in named and own in named and own not in sent and own not in keys.values():
            keys[key] = own
    return keys


def _check(keys: dict[str, str], parameters: Sequence[Parameter], is_sent: bool) -> None:
    """Raise InvalidInputs that names every parameter that is missing or unknown."""
    given = set(keys.values())
    by_position = [one.name for one in parameters if one.is_positional_only]
    known = {one.name for one in parameters if one.is_named}
    takes_others = any(one.takes_others for one in parameters)
    missing = [one.name for one in parameters if one.is_named and one.is_required and one.name not in given]
    nameless = [one.name for one in parameters if one.is_positional_only and (one.is_required or one.name in given and not takes_others)]
    unknown = [] if takes_others else [name for name in keys.values() if name not in known and name not in by_position]
    if not (missing or nameless or unknown):
        return
    problems = []
    if nameless:
        problems.append(f"{listed(list(map(shown_name, nameless)))} cannot be given by name, as inputs are")
    if missing:
        problems.append(f"{listed(list(map(shown_name, missing)))} {'is' if len(missing) == 1 else 'are'} missing")
    if unknown:
        meant = [one.name for one in parameters if one.is_named and one.name not in given]
        shown = [_with_nearest(name, meant) for name in unknown[:_MAX_NEAREST]] + list(map(shown_name, unknown[_MAX_NEAREST:]))
        problems.append(f"{listed(shown)} {'is' if len(unknown) == 1 else 'are'} unknown")
    begin = "The inputs do not fit" if is_sent else "The request has no inputs for"
    hint = _by_position_hint() if nameless else _members_hint(parameters, unknown, missing, is_sent)
    raise InvalidInputs(f"{begin} {signature_text(parameters)}: {'; '.join(problems)}", hint)


def _by_position_hint() -> str:
    return "Remove the / from the parameters of main: inputs are given by name, main(**inputs)."


def _members_hint(parameters: Sequence[Parameter], unknown: Sequence[str], missing: Sequence[str], is_sent: bool) -> str:
    named = [one for one in parameters if one.is_named]
    # Those that must be sent come first, since there may be many.
    members = [f"{shown_name(one.name)}: ..." for one in sorted(named, key=lambda one: not one.is_required)]
    if not members:
        parameter = f" a parameter {unknown[0]}" if len(unknown[0]) <= _MAX_NEAREST_CHARACTERS and unknown[0].isidentifier() else " parameters"
        return f"main takes no inputs: leave them out, or give main{parameter}."
    shown = ", ".join(members[:_MAX_SHOWN_MEMBERS]) + (", ..." if len(members) > _MAX_SHOWN_MEMBERS else "")
    otherwise = "" if is_sent else f", or give {shown_name(missing[0]) if len(missing) == 1 else 'them'} a default value"
    return f'Send "inputs": {{{_cut(shown)}}}{otherwise}.'


def _cut(shown: str) -> str:
    return shown if len(shown) <= 450 else shown[:447] + "..."


def _with_nearest(name: str, candidates: Sequence[str]) -> str:
    """Return the name of an input that is unknown, with the parameter that is meant if there is one like it."""
    shown = shown_name(name)
    if len(name) > _MAX_NEAREST_CHARACTERS:
        return shown
    try:
        from difflib import get_close_matches  # for those who have mistyped a name, not for every run

        known = [one for one in candidates[:_MAX_CANDIDATES] if len(one) <= _MAX_NEAREST_CHARACTERS]
        near = get_close_matches(name, known, 1, 0.6) or [one for one in known if one.lower() == name.lower()]
        return f"{shown} (did you mean {shown_name(near[0])}?)" if near and type(near[0]) is str else shown
    except Exception:  # the script has replaced what this needs
        return shown


def _conversions(keys: dict[str, str], parameters: Sequence[Parameter], namespace: dict[str, Any]) -> dict[str, Conversion]:
    """Return how the inputs of these parameters are converted, those that are."""
    given = set(keys.values())
    plans: dict[str, Conversion] = {}
    for parameter in parameters:
        if parameter.is_named and parameter.name in given:
            plan = conversion_for(parameter.annotation, namespace)
            if plan is not None:
                plans[parameter.name] = plan
    return plans

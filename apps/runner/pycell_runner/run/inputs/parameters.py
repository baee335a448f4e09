"""What `main` takes. Called by the run, after the module of the script: `main` is whatever the script made it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from inspect import Parameter as _InspectParameter
from inspect import Signature, signature
from typing import Any, Final, Mapping, Sequence

from ...result.not_serializable import shortened

_MAX_SIGNATURE_CHARACTERS: Final = 500
_MAX_NAME_CHARACTERS: Final = 60
_MAX_DEFAULT_CHARACTERS: Final = 40
_MAX_INT_BITS: Final = 128
_POSITIONAL_ONLY: Final = int(_InspectParameter.POSITIONAL_ONLY)
_VAR_POSITIONAL: Final = int(_InspectParameter.VAR_POSITIONAL)
_KEYWORD_ONLY: Final = int(_InspectParameter.KEYWORD_ONLY)
_VAR_KEYWORD: Final = int(_InspectParameter.VAR_KEYWORD)
_EMPTY: Final = _InspectParameter.empty
_SHOWN_TYPES: Final = (int, float, str, bool, type(None))

if sys.version_info >= (3, 14):
    from annotationlib import Format

    #: A name that is not there makes its own annotation unknown, and not the whole signature.
    _OPTIONS: Mapping[str, Any] = {"annotation_format": Format.FORWARDREF}
else:
    _OPTIONS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter."""

    name: str
    kind: int
    """As `inspect` counts the kinds."""
    default: object
    annotation: object
    """None where there is no annotation: one of None means no conversion either."""

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.default is _EMPTY and self.kind not in (_VAR_POSITIONAL, _VAR_KEYWORD)

    @property
    def is_positional_only(self) -> bool:
        """Whether it cannot be given by name."""
        return self.kind == _POSITIONAL_ONLY

    @property
    def is_named(self) -> bool:
        """Whether it can be given by name."""
        return self.kind not in (_POSITIONAL_ONLY, _VAR_POSITIONAL, _VAR_KEYWORD)

    @property
    def takes_others(self) -> bool:
        """Whether it takes every name that no other parameter has."""
        return self.kind == _VAR_KEYWORD


def parameters_of(main: Any, follow_wrapped: bool) -> list[Parameter] | None:
    """Return the parameters of `main`; None where it has no signature, or one that cannot be read.

    `follow_wrapped`: of a decorated function, those of the function that its wrapper names as the wrapped one.
    Raises whatever the script raises meanwhile.
    """
    try:
        found = signature(main, follow_wrapped=follow_wrapped, **_OPTIONS)
    except (ValueError, TypeError):  # a built-in function without one
        return None
    if type(found) is not Signature:
        return None
    return [_read(parameter) for parameter in found.parameters.values()]


def _read(parameter: _InspectParameter) -> Parameter:
    name, annotation = parameter.name, parameter.annotation
    if type(parameter) is not _InspectParameter or type(name) is not str:
        raise TypeError("a parameter of a type of the script")
    return Parameter(name, int(parameter.kind), parameter.default, None if annotation is _EMPTY else annotation)


def signature_text(parameters: Sequence[Parameter]) -> str:
    """Return the signature as it would be written in Python, such as `main(city, days=7)`, without annotations.

    Of a default that is no number, text, bool or None nothing is asked: it may be hostile.
    """
    parts: list[str] = []
    last_kind = -1
    has_star = False
    length = 0
    for parameter in parameters:
        if last_kind == _POSITIONAL_ONLY != parameter.kind:
            parts.append("/")
        if parameter.kind == _KEYWORD_ONLY and not has_star:
            parts.append("*")
        has_star = has_star or parameter.kind in (_VAR_POSITIONAL, _KEYWORD_ONLY)
        last_kind = parameter.kind
        parts.append(_parameter_text(parameter))
        length += len(parts[-1]) + 2
        if length > _MAX_SIGNATURE_CHARACTERS:
            parts.append("...")
            break
    else:
        if last_kind == _POSITIONAL_ONLY:
            parts.append("/")
    return f"main({', '.join(parts)})"


def _parameter_text(parameter: Parameter) -> str:
    name = shortened(parameter.name, _MAX_NAME_CHARACTERS)
    if parameter.kind in (_VAR_POSITIONAL, _VAR_KEYWORD):
        return f"{'*' if parameter.kind == _VAR_POSITIONAL else '**'}{name}"
    return name if parameter.default is _EMPTY else f"{name}={_default_text(parameter.default)}"


def _default_text(default: Any) -> str:
    kind = type(default)
    if not any(kind is known for known in _SHOWN_TYPES) or kind is int and default.bit_length() > _MAX_INT_BITS:
        return "..."
    if kind is str:
        return repr(shortened(default, _MAX_DEFAULT_CHARACTERS))
    return repr(default)

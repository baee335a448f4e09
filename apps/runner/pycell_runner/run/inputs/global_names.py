"""Inputs of a script without main: its global names. Called by the run, before the script."""

from __future__ import annotations

from keyword import iskeyword
from typing import Any, Final
from unicodedata import normalize

from .refusal import InvalidInputs, listed, shown_name

_is_keyword: Final = iskeyword


def python_name(name: str) -> str:
    """Return the name as Python reads it in a script: NFKC, so that a ligature is its letters."""
    return name if name.isascii() else normalize("NFKC", name)


def globals_for(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the global names that a script in mode `script` finds.

    Raises InvalidInputs for names that are no identifiers, keywords, names with two underscores at both ends, and
    names that are one for Python.
    """
    names: dict[str, Any] = {}
    unfit: list[str] = []
    for name, value in inputs.items():
        own = python_name(name)
        if not name.isidentifier() or not own.isidentifier() or _is_keyword(own) or own.startswith("__") and own.endswith("__"):
            unfit.append(name)
        elif own in names:
            raise InvalidInputs(
                f"Two inputs are both called {shown_name(own)} in Python, which reads names in their normal form (NFKC)",
                "Rename one of them.",
            )
        names[own] = value
    if unfit:
        raise InvalidInputs(
            f"In mode script inputs become global names, and {listed([shown_name(name) for name in unfit])} cannot be one",
            "Choose names of letters, digits and underscores that begin with a letter, that are no keyword of Python and do not "
            "both begin and end with two underscores.",
        )
    return names

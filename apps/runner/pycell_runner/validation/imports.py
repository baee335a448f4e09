"""Which modules a script imports, and whether they are there. Called for `POST /validate`; nothing is imported."""

from __future__ import annotations

import ast
import sys
from importlib.util import find_spec
from itertools import islice
from typing import Any, Final, Iterator, Sequence

from ..hints.modules import nearest_module
from .statements import all_statements

_OWN_PACKAGE: Final = __name__.partition(".")[0]
#: A script has some ten; what has more is no script that anybody reads.
_MAX_NAMES: Final = 200
_MAX_LOOKED_UP: Final = 1_000
_MAX_NAME_CHARACTERS: Final = 200
#: Looking for a name that is like another one takes a millisecond.
_MAX_NEAREST: Final = 20


def describe_imports(body: Sequence[ast.stmt]) -> dict[str, Any]:
    """Return the top-level modules that the script imports anywhere, in its order: those that are there, and the others."""
    known: list[str] = []
    missing: list[dict[str, str | None]] = []
    for name in islice(dict.fromkeys(_imported(body)), _MAX_LOOKED_UP):
        found = known if len(name) <= _MAX_NAME_CHARACTERS and _is_there(name) else missing
        if len(found) >= _MAX_NAMES:
            continue
        if found is known:
            known.append(name)
        else:
            nearest = _nearest(name) if len(missing) < _MAX_NEAREST else None
            missing.append({"name": name[:_MAX_NAME_CHARACTERS], "nearest": nearest})
    return {"known": known, "missing": missing}


def _imported(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in all_statements(body):
        names: Sequence[str] = ()
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.level == 0 and statement.module:
            names = [statement.module]
        for name in names:
            top = name.partition(".")[0]
            if top != "__future__":
                yield top


def _is_there(name: str) -> bool:
    """Whether `import` would find the module. Finders look for a file: they execute nothing of it.

    A name of the standard library that this installation lacks, such as tkinter, is not there.
    """
    if name == _OWN_PACKAGE:
        return False  # scripts do not see the runner
    try:
        return find_spec(name) is not None
    except Exception:  # a module without a spec, such as __main__: it is loaded, or its import would fail as well
        return name in sys.modules


def _nearest(name: str) -> str | None:
    if len(name) > _MAX_NAME_CHARACTERS:
        return None
    nearest = nearest_module(name)
    return nearest if nearest is not None and _is_there(nearest) else None

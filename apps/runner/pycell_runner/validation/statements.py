"""Walks the statements of a script in the order of its text. Called for `POST /validate`.

Without recursion: an `elif` nests in the one before it, thousands of times if the script wants it.
"""

from __future__ import annotations

import ast
from typing import Final, Iterator, Sequence

_DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def all_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement, those of functions and classes too."""
    return _walk(body, into_definitions=True)


def module_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that are executed with the module, those within blocks too.

    Without those under `if __name__ == "__main__":`, which is false in a run of mode `function`.
    """
    return _walk(body, into_definitions=False)


def _walk(body: Sequence[ast.stmt], into_definitions: bool) -> Iterator[ast.stmt]:
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if into_definitions or not isinstance(statement, _DEFINITIONS):
            skips_body = not into_definitions and _is_main_guard(statement)
            waiting += reversed(_inner(statement, skips_body))


def _inner(statement: ast.stmt, skips_body: bool) -> list[ast.stmt]:
    inner: list[ast.stmt] = [] if skips_body else list(getattr(statement, "body", ()))
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        inner += part.body
    inner += getattr(statement, "orelse", ())
    inner += getattr(statement, "finalbody", ())
    return inner


def _is_main_guard(statement: ast.stmt) -> bool:
    test = statement.test if isinstance(statement, ast.If) else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    has_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return has_name and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)

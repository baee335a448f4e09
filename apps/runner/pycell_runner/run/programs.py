"""Takes a program apart whose last expression is its result. Called by the run, before the script is executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from types import CodeType

from ..result.failure import SCRIPT_NAME


@dataclass(frozen=True, slots=True)
class Program:
    """A script in mode `script`."""

    body: CodeType
    last: CodeType | None
    """Its last statement, where that is an expression; `body` is without it then."""


def split(script: str) -> Program:
    """Compile a script that CPython has accepted. Raises what compile() does."""
    tree = ast.parse(script, SCRIPT_NAME)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), SCRIPT_NAME, "eval", dont_inherit=True)
    return Program(compile(tree, SCRIPT_NAME, "exec", dont_inherit=True), last)

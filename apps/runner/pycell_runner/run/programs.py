"""Takes a program apart whose last expression is its result. Called by the run, before the script is executed."""

from __future__ import annotations

import ast
from types import CodeType

from ..result.failure import SCRIPT_NAME


def split(script: str) -> tuple[CodeType, CodeType | None]:
    """Compile a script; return it without its last statement where that is an expression, and that expression.

    Each part of the compiler sees it once, so that each of its warnings comes once. Raises what compile() does.
    """
    tree = ast.parse(script, SCRIPT_NAME)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, SCRIPT_NAME, "exec", dont_inherit=True)
    if last is None:
        return body, None
    assert isinstance(last, ast.Expr)
    return body, compile(ast.Expression(last.value), SCRIPT_NAME, "eval", dont_inherit=True)

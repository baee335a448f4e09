"""Reads literals of a script as JSON values. Called for `POST /validate`; nothing is evaluated."""

from __future__ import annotations

import ast
import math
from typing import Any, Final

#: Characters of the answer that a script decides, beside its docstring: literals and names.
_MAX_CHARACTERS: Final = 100_000
_MAX_LITERAL_CHARACTERS: Final = 2_000
_MAX_DEPTH: Final = 8
_MAX_INT_BITS: Final = 1_024


class Budget:
    """What the answer may still take."""

    def __init__(self, characters: int = _MAX_CHARACTERS) -> None:
        self._characters = characters

    def spend(self, characters: int) -> bool:
        """Take so many characters; return False where fewer are left."""
        if characters > self._characters:
            return False
        self._characters -= characters
        return True


class NoLiteral(Exception):
    """The expression is no literal, has no JSON form, or is larger than an answer should repeat."""


def literal_value(node: ast.expr, budget: Budget) -> Any:
    """Return the value of a literal as str, int, float, bool, None, list or dict; sets and tuples are lists.

    Raises NoLiteral.
    """
    own = Budget(_MAX_LITERAL_CHARACTERS)
    value = _value(node, own, 0)
    if not budget.spend(_MAX_LITERAL_CHARACTERS - own._characters):
        raise NoLiteral
    return value


def type_of(value: Any) -> str:
    """Return the name that JSON Schema has for the type of a value of JSON."""
    for kind, name in _TYPES:
        if isinstance(value, kind):
            return name
    return "null"


#: A bool is an int, too.
_TYPES: Final = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))


def _value(node: ast.expr | None, budget: Budget, depth: int) -> Any:
    if node is None or depth > _MAX_DEPTH:  # None: the key of `**other` in a dict
        raise NoLiteral
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant):
        value = _constant(node.operand, budget)
        if type(value) not in (int, float):
            raise NoLiteral
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Constant):
        return _constant(node, budget)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        _take(budget, 2)
        return [_value(item, budget, depth + 1) for item in node.elts]
    if isinstance(node, ast.Dict):
        _take(budget, 2)
        keys = [_value(key, budget, depth + 1) for key in node.keys]
        if not all(isinstance(key, str) for key in keys):
            raise NoLiteral
        return {key: _value(item, budget, depth + 1) for key, item in zip(keys, node.values)}
    raise NoLiteral


def _constant(node: ast.Constant, budget: Budget) -> Any:
    value = node.value
    if isinstance(value, str):
        _take(budget, len(value) + 4)
    elif isinstance(value, int) and value.bit_length() <= _MAX_INT_BITS:
        _take(budget, value.bit_length() // 3 + 6)
    elif value is None or isinstance(value, float) and math.isfinite(value):
        _take(budget, 24)
    else:  # bytes, complex, ...; what is too large, or infinite
        raise NoLiteral
    return value


def _take(budget: Budget, characters: int) -> None:
    if not budget.spend(characters):
        raise NoLiteral

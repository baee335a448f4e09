"""What a script's module binds, and to what, as far as its text says. Called for `POST /validate`."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import Final, Iterator, Sequence

from .statements import module_statements
from .type_names import KNOWN_ORIGINS, USUAL_MODULES, USUAL_TYPES, canonical

_MAX_DOTS: Final = 8
_BUILTINS: Final = frozenset(vars(builtins))


@dataclass(frozen=True, slots=True)
class Binding:
    """One name that the module's execution binds, or deletes."""

    name: str
    value: ast.AST | None = None
    """A definition, or the expression that is assigned; None where the text does not say it."""
    origin: str | None = None
    """Of an import: what it imports, such as `datetime.date`."""
    is_deletion: bool = False


class Scope:
    """The names of a script's module. `has_walrus`: whether its text has a `:=` anywhere."""

    def __init__(self, body: Sequence[ast.stmt], has_walrus: bool) -> None:
        self.bindings: list[Binding] = []
        self._stars: list[str] = []
        for statement in module_statements(body):
            if has_walrus:
                self.bindings += _walrus_bindings(statement)
            self.bindings += _bindings_of(statement)
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*" and statement.level == 0:
                self._stars.append(statement.module or "")
        self._last = {binding.name: binding for binding in self.bindings}

    def origin_of(self, node: ast.AST) -> str | None:
        """Return the canonical origin of a name or a dotted name, such as `pandas.DataFrame` for `pd.DataFrame`.

        None where the script binds it to something of its own.
        """
        parts = _dotted(node)
        if parts is None:
            return None
        binding = self._last.get(parts[0])
        if binding is not None:
            origin = binding.origin
        else:
            origin = self._unbound_origin(parts[0], is_alone=len(parts) == 1)
        return canonical(".".join([origin, *parts[1:]])) if origin is not None else None

    def definition_of(self, node: ast.AST) -> ast.AST | None:
        """Return the definition, or the assigned expression, that a name stands for."""
        binding = self._last.get(node.id) if isinstance(node, ast.Name) else None
        return binding.value if binding is not None else None

    def _unbound_origin(self, name: str, is_alone: bool) -> str | None:
        for module in self._stars:
            if canonical(f"{module}.{name}") in KNOWN_ORIGINS:
                return f"{module}.{name}"
        return name if name in _BUILTINS else (USUAL_TYPES if is_alone else USUAL_MODULES).get(name)


def _dotted(node: ast.AST) -> list[str] | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _MAX_DOTS:
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else None


def _bindings_of(statement: ast.stmt) -> Iterator[Binding]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield Binding(statement.name, statement)
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield from _import_bindings(statement)
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _target_bindings(target, statement.value)
    elif isinstance(statement, ast.AnnAssign):
        if statement.value is not None:
            yield from _target_bindings(statement.target, statement.value)
    elif isinstance(statement, (ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from _target_bindings(statement.target, None)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        for item in statement.items:
            if item.optional_vars is not None:
                yield from _target_bindings(item.optional_vars, None)
    elif isinstance(statement, ast.Delete):
        yield from (Binding(target.id, is_deletion=True) for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.Match):
        for case in statement.cases:
            yield from _pattern_bindings(case.pattern)
    elif type(statement).__name__ == "TypeAlias":  # of Python 3.12
        name, value = getattr(statement, "name", None), getattr(statement, "value", None)
        if isinstance(name, ast.Name):
            yield Binding(name.id, value)


def _import_bindings(statement: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            top = alias.name.partition(".")[0]
            yield Binding(alias.asname or top, origin=alias.name if alias.asname else top)
        elif alias.name != "*":
            origin = f"{statement.module}.{alias.name}" if statement.level == 0 else None
            yield Binding(alias.asname or alias.name, origin=origin)


def _target_bindings(target: ast.expr, value: ast.expr | None) -> Iterator[Binding]:
    if isinstance(target, ast.Name):
        yield Binding(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List, ast.Starred)):
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield Binding(node.id)


def _pattern_bindings(pattern: ast.pattern) -> Iterator[Binding]:
    for node in ast.walk(pattern):
        name = node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if isinstance(name, str):
            yield Binding(name)


def _walrus_bindings(statement: ast.stmt) -> Iterator[Binding]:
    """Yield what `:=` binds in the statement's own expressions. That of a comprehension is the module's, too."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.NamedExpr):
            yield Binding(node.target.id, node.value)
        inner: list[ast.AST] = []
        for name, value in ast.iter_fields(node):
            if name not in _BODIES or not isinstance(node, _WITH_BODIES):
                inner += [part for part in (value if isinstance(value, list) else (value,)) if isinstance(part, ast.AST)]
        waiting += reversed(inner)


#: What has a scope of its own, or statements, which are walked by themselves.
_WITH_BODIES: Final = (ast.stmt, ast.ExceptHandler, ast.match_case, ast.Lambda)
_BODIES: Final = frozenset({"body", "orelse", "finalbody"})

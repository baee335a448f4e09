"""What a script's `main` takes. Called for `POST /validate`; nothing of the script is executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Final, Iterator

from .annotations import Annotations, of_type, with_default
from .docstrings import ParameterDoc, parameter_docs
from .literals import Budget, NoLiteral, literal_value, type_of
from .scope import Binding, Scope

_MAX_PARAMETERS: Final = 200
_MAX_DOC_CHARACTERS: Final = 4_000
#: Names for names, such as `main = solve`, that are followed.
_MAX_ALIASES: Final = 4
#: What no call can be made of.
_VALUES: Final = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.JoinedStr, ast.ListComp, ast.DictComp, ast.SetComp)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    annotation: ast.expr | None
    default: ast.expr | None


def describe_main(scope: Scope) -> dict[str, Any] | None:
    """Return `async`, `doc` and `parameters` (JSON Schema of the inputs) of `main`; None where the script has none."""
    node = _main(scope.bindings)
    if node is None or isinstance(node, _VALUES):
        return None
    budget = Budget()
    schemas = _Schemas(Annotations(scope, budget), budget)
    if isinstance(node, _FUNCTIONS):
        doc = ast.get_docstring(node)
        return _described(isinstance(node, ast.AsyncFunctionDef), doc, schemas.of_arguments(node.args, doc))
    if isinstance(node, ast.Lambda):
        return _described(False, None, schemas.of_arguments(node.args, None))
    if isinstance(node, ast.ClassDef):
        return _described(False, ast.get_docstring(node), schemas.of_class(node))
    return _described(False, None, _anything())


def _described(is_async: bool, doc: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
    if doc is not None and len(doc) > _MAX_DOC_CHARACTERS:
        doc = doc[: _MAX_DOC_CHARACTERS - 3] + "..."
    return {"async": is_async, "doc": doc, "parameters": parameters}


def _main(bindings: list[Binding]) -> ast.AST | None:
    """Return what the last binding of `main` binds; a node without meaning where the text does not say it."""
    name = "main"
    end = len(bindings)
    for _ in range(_MAX_ALIASES):
        end = next((number for number in reversed(range(end)) if bindings[number].name == name), -1)
        if end < 0:
            # Of an alias: a built-in function, or what a star brought.
            return None if name == "main" else ast.Pass()
        binding = bindings[end]
        if binding.is_deletion:
            return None
        if not isinstance(binding.value, ast.Name):
            return binding.value or ast.Pass()
        name = binding.value.id
    return ast.Pass()


def _anything() -> dict[str, Any]:
    return _object({}, [], True)


def _object(properties: dict[str, Any], required: list[str], takes_others: bool) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": takes_others}


class _Schemas:
    """Makes the schema of the inputs."""

    def __init__(self, annotations: Annotations, budget: Budget) -> None:
        self._annotations = annotations
        self._budget = budget

    def of_arguments(self, arguments: ast.arguments, doc: str | None, is_method: bool = False) -> dict[str, Any]:
        """Return the schema of the parameters that can be given by name.

        And of those that cannot, if they are required: a call without them would fail, and a person is to see why.
        """
        docs = parameter_docs(doc) if doc else {}
        properties: dict[str, Any] = {}
        required: list[str] = []
        takes_others = arguments.kwarg is not None
        for parameter in _parameters(arguments, is_method):
            if len(properties) >= _MAX_PARAMETERS or not self._budget.spend(2 * len(parameter.name)):
                takes_others = True  # there are more than are listed
                break
            properties[parameter.name] = self._parameter(parameter, docs.get(parameter.name))
            if parameter.default is None:
                required.append(parameter.name)
        return _object(properties, required, takes_others)

    def of_class(self, node: ast.ClassDef) -> dict[str, Any]:
        """Return the schema of what the class is called with."""
        for name in ("__init__", "__new__"):
            for statement in reversed(node.body):
                if isinstance(statement, _FUNCTIONS) and statement.name == name:
                    docs = (ast.get_docstring(node), ast.get_docstring(statement))
                    return self.of_arguments(statement.args, "\n\n".join(filter(None, docs)), is_method=True)
        if self._annotations.is_dataclass(node):
            properties, required = self._annotations.fields(node)
            return _object(properties, required, False)
        # A base, a metaclass or a decorator may give it an __init__.
        is_plain = not (node.keywords or node.decorator_list) and all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
        return _object({}, [], False) if is_plain else _anything()

    def _parameter(self, parameter: _Parameter, doc: ParameterDoc | None) -> dict[str, Any]:
        schema = self._annotations.schema(parameter.annotation)
        if parameter.annotation is None and doc is not None and doc.type is not None:
            schema = of_type(doc.type)
        if parameter.default is not None:
            try:
                default = literal_value(parameter.default, self._budget)
                if not schema and parameter.annotation is None and default is not None:
                    schema = of_type(type_of(default))
                schema = with_default(schema, default)
            except NoLiteral:
                pass  # it has a default, and what it is only Python knows
        sentence = doc.sentence if doc is not None else ""
        return {**schema, "description": sentence} if sentence else schema


def _parameters(arguments: ast.arguments, is_method: bool) -> Iterator[_Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    for number, (argument, default) in enumerate(zip(positional, defaults)):
        is_self = is_method and number == 0
        is_never_given = number < len(arguments.posonlyargs) and default is not None
        if not is_self and not is_never_given:
            yield _Parameter(argument.arg, argument.annotation, default)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield _Parameter(argument.arg, argument.annotation, default)

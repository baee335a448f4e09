"""What annotations say in JSON Schema. Called for `POST /validate`; no annotation is evaluated."""

from __future__ import annotations

import ast
from typing import Any, Final, Iterable

from .literals import Budget, NoLiteral, literal_value, type_of
from .scope import Scope
from .type_names import ARRAYS, ENUMS, OBJECTS, SCHEMAS, WRAPPERS

Schema = dict[str, Any]

_MAX_DEPTH: Final = 16
_MAX_MEMBERS: Final = 100
_MAX_BASES: Final = 16
_MAX_STATEMENTS: Final = 500
_MAX_TEXT_CHARACTERS: Final = 1_000
#: What a schema without names of the script takes, about.
_SCHEMA_CHARACTERS: Final = 40
_SIMPLE: Final = ("string", "integer", "number", "boolean", "null")
#: Annotations of what stands among the fields of a class and is none: `_: KW_ONLY` says how those below it are given.
_NO_FIELDS: Final = frozenset({"typing.ClassVar", "dataclasses.KW_ONLY"})


class Annotations:
    """Turns the annotations of one script into schemas. What it does not know is any JSON, `{}`."""

    def __init__(self, scope: Scope, budget: Budget) -> None:
        self._scope = scope
        self._budget = budget
        #: Classes that are being described: one that turns up again contains itself.
        self._open: set[int] = set()

    def schema(self, node: ast.AST | None, depth: int = 0) -> Schema:
        """Return the schema of an annotation."""
        if node is None or depth > _MAX_DEPTH or not self._budget.spend(_SCHEMA_CHARACTERS):
            return {}
        if isinstance(node, ast.Constant):
            return self._constant(node.value, depth)
        if isinstance(node, ast.BinOp):
            return self._union(_alternatives(node), depth)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, depth)
        origin = self._scope.origin_of(node)
        if origin is None:
            return self._own(self._scope.definition_of(node), depth)
        if origin in SCHEMAS:
            return dict(SCHEMAS[origin])
        return of_type("array") if origin in ARRAYS else of_type("object") if origin in OBJECTS else {}

    def _constant(self, value: object, depth: int) -> Schema:
        if value is None:
            return {"type": "null"}
        if not isinstance(value, str) or len(value) > _MAX_TEXT_CHARACTERS:
            return {}
        try:
            return self.schema(ast.parse(value.strip(), mode="eval").body, depth + 1)
        except (SyntaxError, ValueError):
            return {}

    def _subscript(self, node: ast.Subscript, depth: int) -> Schema:
        origin = self._scope.origin_of(node.value)
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if origin is None or not 1 <= len(arguments) <= _MAX_MEMBERS:
            return {}
        if origin in WRAPPERS:
            return self.schema(arguments[0], depth + 1)
        if origin == "typing.Optional":
            return self._union([arguments[0], ast.Constant(None)], depth)
        if origin == "typing.Union":
            return self._union(arguments, depth)
        if origin == "typing.Literal":
            return self._enumeration(arguments)
        if origin == "tuple" and not (len(arguments) == 2 and _is_ellipsis(arguments[1])):
            return self._tuple(arguments, depth)
        if origin in ARRAYS:
            return {"type": "array", "items": self.schema(arguments[0], depth + 1)}
        if origin in OBJECTS:
            value = self.schema(arguments[1], depth + 1) if len(arguments) == 2 else {}
            return {"type": "object", "additionalProperties": value}
        return dict(SCHEMAS.get(origin, {}))

    def _tuple(self, arguments: list[ast.expr], depth: int) -> Schema:
        items = [self.schema(argument, depth + 1) for argument in arguments]
        return {**of_type("array"), "prefixItems": items, "minItems": len(items), "maxItems": len(items)}

    def _enumeration(self, nodes: Iterable[ast.expr]) -> Schema:
        try:
            values = [literal_value(node, self._budget) for node in nodes]
        except NoLiteral:
            return {}
        if not values or not all(type_of(value) in _SIMPLE for value in values):
            return {}
        # An Enum has names for one value, and 1.0 is 1: members of an `enum` are to differ. In JSON true is not 1.
        values = list({(isinstance(value, bool), value): value for value in reversed(values)}.values())[::-1]
        types = list(dict.fromkeys(map(type_of, values)))
        others = [kind for kind in types if kind != "null"]
        if len(others) > 1:
            return {"enum": values}
        return {"type": types[0] if len(types) == 1 else [*others, "null"], "enum": values}

    def _union(self, nodes: list[ast.expr], depth: int) -> Schema:
        if len(nodes) > _MAX_MEMBERS:
            return {}
        schemas: list[Schema] = []
        for node in nodes:
            schema = self.schema(node, depth + 1)
            if schema not in schemas:
                schemas.append(schema)
        return union(schemas)

    def _own(self, definition: ast.AST | None, depth: int) -> Schema:
        """What a class of the script, or a name that it gave to a type, stands for."""
        if isinstance(definition, ast.ClassDef):
            return self._class(definition, depth)
        if isinstance(definition, ast.Call):
            is_new_type = self._scope.origin_of(definition.func) == "typing.NewType" and len(definition.args) == 2
            return self.schema(definition.args[1], depth + 1) if is_new_type else {}
        is_type = isinstance(definition, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp))
        return self.schema(definition, depth + 1) if is_type else {}

    def _class(self, node: ast.ClassDef, depth: int) -> Schema:
        if not _is_readable(node):
            return {}
        bases = {self._scope.origin_of(base) for base in node.bases}
        if bases & ENUMS:
            return self._enum_class(node)
        if not (self.is_dataclass(node) or self._is_typed_dict(node, 0)):
            return {}
        if id(node) in self._open:
            return {"type": "object"}
        self._open.add(id(node))
        try:
            properties, required = self.fields(node, depth)
        finally:
            self._open.discard(id(node))
        return {"type": "object", "properties": properties, "required": required}

    def _enum_class(self, node: ast.ClassDef) -> Schema:
        values = [
            statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and not statement.targets[0].id.startswith("_")
        ]
        return self._enumeration(values) if len(values) <= _MAX_MEMBERS else {}

    def is_dataclass(self, node: ast.ClassDef) -> bool:
        """Whether the class is decorated as a dataclass."""
        if not _is_readable(node):
            return False
        decorators = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
        return any(self._scope.origin_of(one) == "dataclasses.dataclass" for one in decorators)

    def _is_typed_dict(self, node: ast.ClassDef, depth: int) -> bool:
        if depth > _MAX_DEPTH or not _is_readable(node) or not self._budget.spend(len(node.bases)):
            return False
        if any(self._scope.origin_of(base) == "typing.TypedDict" for base in node.bases):
            return True
        own = [self._scope.definition_of(base) for base in node.bases]
        return any(isinstance(base, ast.ClassDef) and self._is_typed_dict(base, depth + 1) for base in own)

    def fields(self, node: ast.ClassDef, depth: int = 0) -> tuple[dict[str, Schema], list[str]]:
        """Return the fields of a dataclass or TypedDict, those of the script's own bases first, and which are required."""
        properties: dict[str, Schema] = {}
        required: dict[str, None] = {}
        if depth > _MAX_DEPTH or not _is_readable(node):
            return properties, []
        for base in node.bases:
            definition = self._scope.definition_of(base)
            if isinstance(definition, ast.ClassDef) and self._budget.spend(_SCHEMA_CHARACTERS):
                inherited, needed = self.fields(definition, depth + 1)
                properties.update(inherited)
                required.update(dict.fromkeys(needed))
        is_total = not any(one.arg == "total" and _is_false(one.value) for one in node.keywords)
        for statement in node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            name, marker = statement.target.id, self._marker(statement.annotation)
            is_left_out = marker in _NO_FIELDS or _is_no_parameter(statement.value)
            if is_left_out or len(properties) >= _MAX_MEMBERS or not self._budget.spend(len(name)):
                continue
            properties[name] = self._field(statement, depth)
            required.pop(name, None)
            if marker == "typing.Required" or is_total and marker != "typing.NotRequired" and not _has_default(statement.value):
                required[name] = None
        return properties, list(required)

    def _field(self, statement: ast.AnnAssign, depth: int) -> Schema:
        schema = self.schema(statement.annotation, depth + 1)
        value = _options(statement.value).get("default", statement.value)
        try:
            return schema if value is None else with_default(schema, literal_value(value, self._budget))
        except NoLiteral:
            return schema

    def _marker(self, annotation: ast.expr) -> str | None:
        return self._scope.origin_of(annotation.value if isinstance(annotation, ast.Subscript) else annotation)


def of_type(kind: str) -> Schema:
    """Return the schema of any value of a type. Readers of schemas refuse an array that says nothing of its items."""
    return {"type": kind, "items": {}} if kind == "array" else {"type": kind}


def union(schemas: list[Schema]) -> Schema:
    """Return the schema of what fits one of these."""
    if not schemas or {} in schemas:
        return {}
    others = [schema for schema in schemas if schema != {"type": "null"}]
    is_nullable = len(others) < len(schemas)
    if not others:
        return {"type": "null"}
    if len(others) > 1 and not all(set(schema) == {"type"} for schema in others):
        return {"anyOf": schemas}
    types: list[str] = []
    for schema in others:
        if "type" in schema:
            types += schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if is_nullable and not types:  # an enumeration of several types, or a union
        return {"anyOf": schemas}
    types = list(dict.fromkeys([*types, "null"] if is_nullable else types))
    merged = {"type": types[0] if len(types) == 1 else types, **{key: value for key, value in others[0].items() if key != "type"}}
    if is_nullable and "enum" in merged and None not in merged["enum"]:
        merged["enum"] = [*merged["enum"], None]
    return merged


def with_default(schema: Schema, default: Any) -> Schema:
    """Return the schema with its default; one of None makes null fit, as in `x: int = None`."""
    if default is None and schema:
        schema = union([schema, {"type": "null"}])
    return {**schema, "default": default}


def _is_readable(node: ast.ClassDef) -> bool:
    """Whether the class is of a size that people write: one with thousands of bases would take minutes."""
    return max(len(node.bases), len(node.keywords), len(node.decorator_list)) <= _MAX_BASES and len(node.body) <= _MAX_STATEMENTS


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the operands of `A | B | C`, up to one more than may be; of another operator something unknown."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and len(found) <= _MAX_MEMBERS:
        if not isinstance(node.op, ast.BitOr):
            return [ast.Constant(...)]
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _options(value: ast.expr | None) -> dict[str | None, ast.expr]:
    """Return the arguments of the `field(...)` that a field of a dataclass is set to."""
    return {one.arg: one.value for one in value.keywords} if isinstance(value, ast.Call) else {}


def _is_no_parameter(value: ast.expr | None) -> bool:
    return _is_false(_options(value).get("init"))


def _has_default(value: ast.expr | None) -> bool:
    is_field = isinstance(value, ast.Call) and getattr(value.func, "id", getattr(value.func, "attr", "")) == "field"
    return bool({"default", "default_factory"} & set(_options(value))) if is_field else value is not None

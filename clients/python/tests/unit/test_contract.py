"""The types of the client are those of docs/openapi.json."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import TestCase

from pycell import _request, events, metadata
from pycell import types as answers
from pycell._wire import members
from pycell.errors import BY_CODE

CHECKOUT = Path(__file__).resolve().parents[4]
SCHEMAS: dict[str, Any] = json.loads((CHECKOUT / "docs/openapi.json").read_text())["components"]["schemas"]

#: What is not a dataclass of the client: requests, which it writes; events that callers do not see; what it does not ask for.
NOT_READ = {
    "ExecuteRequest",
    "ExecuteBatchRequest",
    "ValidateRequest",
    "StartExecutionRequest",
    "InputFile",
    "RequestedLimits",
    "EndEvent",
    "PingEvent",
    "HealthFinding",
    "HealthReport",
}


def class_of(name: str) -> type[Any]:
    for module in (answers, events, metadata):
        if dataclasses.is_dataclass(found := getattr(module, name, None)):
            return typing.cast("type[Any]", found)
    raise AssertionError(f"The client has no {name}: it is new in docs/openapi.json, or belongs to NOT_READ")


def kinds_of(schema: dict[str, Any]) -> set[Any]:
    """The types of Python that a schema allows."""
    found: set[Any] = {type(None)} if schema.get("nullable") else set()
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return found | {dict if name in NOT_READ else class_of(name)}
    if "allOf" in schema:
        return found.union(*map(kinds_of, schema["allOf"]))
    if "oneOf" in schema:
        return found.union(*map(kinds_of, schema["oneOf"]))
    match schema.get("type"):
        case "array":
            return found | {tuple}
        case "object":
            return found | {dict}
        case "string" if schema.get("format") == "date-time":
            return found | {datetime}
        case "string":
            return found | {str}
        case "integer":
            return found | {int}
        case "number":
            return found | {float}
        case "boolean":
            return found | {bool}
    raise AssertionError(f"no type: {schema}")


def kinds_of_hint(hint: Any) -> set[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType or origin is typing.Union:
        return set().union(*map(kinds_of_hint, arguments))
    if origin is typing.Literal:
        return {type(each) for each in arguments}
    if origin is not None:
        return {tuple} if origin is tuple else {dict}
    return {hint}


def element_of(schema: dict[str, Any]) -> set[Any]:
    return kinds_of(schema["items"])


class ContractTest(TestCase):
    def test_each_schema_is_read_by_a_class_of_its_name(self) -> None:
        names = set(SCHEMAS) - NOT_READ
        self.assertGreater(len(names), 20)
        for name in names:
            class_of(name)
        self.assertLessEqual(NOT_READ, set(SCHEMAS))

    def test_classes_have_the_members_of_their_schemas_and_no_others(self) -> None:
        for name in set(SCHEMAS) - NOT_READ:
            with self.subTest(name):
                self.assertEqual({each.name for each in members(class_of(name))}, set(SCHEMAS[name]["properties"]))

    def test_what_a_schema_requires_has_no_default(self) -> None:
        for name in set(SCHEMAS) - NOT_READ:
            required = {each.name for each in members(class_of(name)) if each.is_required}
            # The kind of an event is known before it is read, so it has a default. No error is worth less without its id.
            expected = set(SCHEMAS[name].get("required", [])) - {"type", "requestId"}
            with self.subTest(name):
                self.assertEqual(required - {"type"}, expected)

    def test_members_have_the_types_of_their_schemas(self) -> None:
        compared = 0
        for name in set(SCHEMAS) - NOT_READ:
            cls = class_of(name)
            hints = typing.get_type_hints(cls)
            for member in members(cls):
                schema = SCHEMAS[name]["properties"][member.name]
                if hints[member.field] is Any:
                    # A result: any value of JSON.
                    self.assertEqual(member.name, "result")
                    continue
                kinds = kinds_of(schema)
                if not member.is_required and None.__class__ in kinds_of_hint(hints[member.field]):
                    kinds |= {type(None)}  # absent
                with self.subTest(f"{name}.{member.name}"):
                    self.assertEqual(kinds_of_hint(hints[member.field]), kinds)
                    if schema.get("type") == "array":
                        self.assertEqual(kinds_of_hint(typing.get_args(hints[member.field])[0]), element_of(schema))
                compared += 1
        self.assertGreater(compared, 100)

    def test_closed_choices_are_those_of_the_schemas(self) -> None:
        for name in set(SCHEMAS) - NOT_READ:
            cls = class_of(name)
            hints = typing.get_type_hints(cls)
            for member in members(cls):
                hint = hints[member.field]
                if typing.get_origin(hint) is typing.Literal:
                    with self.subTest(f"{name}.{member.name}"):
                        self.assertEqual(set(typing.get_args(hint)), set(SCHEMAS[name]["properties"][member.name]["enum"]))

    def test_each_code_is_an_error_of_a_kind(self) -> None:
        self.assertEqual(set(BY_CODE), set(SCHEMAS["ErrorResponse"]["properties"]["code"]["enum"]))

    def test_requests_have_the_members_of_their_schemas(self) -> None:
        options: dict[str, Any] = {
            "mode": "script",
            "stdin": "",
            "files": {"a": "text", "b": b"bytes"},
            "timeout_ms": 1,
            "memory_mb": 16,
        }
        body = _request.run_body("1", {"a": 1}, typing.cast(Any, options))
        self.assertEqual(set(body), set(SCHEMAS["ExecuteRequest"]["properties"]))
        self.assertEqual(set(body["limits"]), set(SCHEMAS["RequestedLimits"]["properties"]))
        self.assertEqual(set().union(*body["files"]), set(SCHEMAS["InputFile"]["properties"]))
        started, _ = _request.start_body("1", {"a": 1}, typing.cast(Any, {**options, "callback_url": "https://a.example"}))
        self.assertEqual(set(started), set(SCHEMAS["StartExecutionRequest"]["properties"]))
        judged = {name: options[name] for name in _request.JudgedOptions.__annotations__}
        batch = _request.batch_body("1", [{}], typing.cast(Any, judged))
        self.assertEqual(set(batch), set(SCHEMAS["ExecuteBatchRequest"]["properties"]))
        self.assertEqual(set(_request.validate_body("1", "script")), set(SCHEMAS["ValidateRequest"]["properties"]))

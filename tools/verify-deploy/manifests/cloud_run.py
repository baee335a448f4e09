"""Checks a Cloud Run service against Google's own description of its API; schemas.py calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

#: How the description says of a field that the Knative API has it and Cloud Run does not.
UNSUPPORTED = "Not supported by Cloud Run"
#: Annotations are free text to the schema; the description lists those that Cloud Run takes, and on what.
LISTED_ANNOTATION = re.compile(r"\* `([^`]+)`: ([^*]+)")
#: Only these are Cloud Run's; it refuses what it does not know of them.
OWN_ANNOTATIONS = ("run.googleapis.com/", "autoscaling.knative.dev/")

PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def is_of(form: str, value: object) -> bool:
    # To Python, True is an integer too.
    return isinstance(value, PYTHON_TYPES[form]) and (form == "boolean" or not isinstance(value, bool))


class CloudRunSchema:
    """`discovery` is the parsed discovery document of run.v1."""

    def __init__(self, discovery: dict[str, Any]) -> None:
        self._schemas: dict[str, Any] = discovery["schemas"]
        listed = LISTED_ANNOTATION.findall(self._schemas["ObjectMeta"]["properties"]["annotations"]["description"])
        if len(listed) < 10:
            raise ValueError("the description of run.v1 lists its annotations in another form than before")
        self._annotations = {name: set(re.findall(r"[A-Z][a-z]+", where)) for name, where in listed}

    def problems(self, document: dict[str, Any]) -> Iterator[str]:
        if (document.get("apiVersion"), document.get("kind")) != ("serving.knative.dev/v1", "Service"):
            yield f"is {document.get('apiVersion')} {document.get('kind')}, expected serving.knative.dev/v1 Service"
            return
        yield from self._object(document, "Service", "")
        yield from self._annotated(document.get("metadata"), "Service")
        template = (document.get("spec") or {}).get("template") or {}
        yield from self._annotated(template.get("metadata"), "Revision")

    def _object(self, value: dict[str, Any], schema: str, path: str) -> Iterator[str]:
        known = self._schemas[schema]["properties"]
        for key, member in value.items():
            where = f"{path}.{key}".lstrip(".")
            if key not in known:
                yield f"{where}: there is no such field in {schema}"
            elif known[key].get("description", "").startswith(UNSUPPORTED):
                yield f"{where}: not supported by Cloud Run"
            else:
                yield from self._value(member, known[key], where)

    def _value(self, value: Any, form: dict[str, Any], path: str) -> Iterator[str]:
        if "$ref" in form:
            if isinstance(value, dict):
                yield from self._object(value, form["$ref"], path)
            else:
                yield f"{path}: {value!r} is no object"
            return
        if not is_of(form["type"], value):
            yield f"{path}: {value!r} is no {form['type']}"
        elif "enum" in form and value not in form["enum"]:
            yield f"{path}: {value!r} is none of {', '.join(form['enum'])}"
        elif form["type"] == "array":
            for index, item in enumerate(value):
                yield from self._value(item, form["items"], f"{path}.{index}")
        elif form["type"] == "object":
            for key, item in value.items():
                yield from self._value(item, form["additionalProperties"], f"{path}.{key}")

    def _annotated(self, metadata: dict[str, Any] | None, resource: str) -> Iterator[str]:
        for name in (metadata or {}).get("annotations") or {}:
            if name.startswith(OWN_ANNOTATIONS) and not self._annotations.get(name, set()) & {resource, "All"}:
                yield f"metadata.annotations: {name} is not one that Cloud Run takes on a {resource}"

"""Validates manifests strictly and offline; manifests.test.mjs starts it.

Reads {"versions": ["1.30"], "schemas": {"keda.sh/v1alpha1 ScaledObject": {...}}, "wheel": "...whl", "kubernetes": {name: [document, ...]}, "cloudRun": {name: [document]}} from
standard input, and writes {"kubernetes": {name: [problem, ...]}, "cloudRun": ...}. A field that a schema does not know is
a problem, and so is a kind without a schema.
"""

from __future__ import annotations

import functools
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import kubernetes_validate  # type: ignore[import-not-found]
from kubernetes_validate import utils

DISCOVERY_DOCUMENT = "googleapiclient/discovery_cache/documents/run.v1.json"
#: How Google's description says of a field that the Knative API has it and Cloud Run does not.
UNSUPPORTED = "Not supported by Cloud Run"
OWN_ANNOTATIONS = ("run.googleapis.com/", "autoscaling.knative.dev/")

# It reads its megabyte of definitions for each document anew.
utils.schema_contents = functools.cache(utils.schema_contents)


def kubernetes_problems(
    document: dict[str, Any], versions: list[str], schemas: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """Of kinds that Kubernetes does not bring, the schema is one of ours."""
    kind = f"{document.get('apiVersion')} {document.get('kind')}"
    if kind in schemas:
        for error in jsonschema.Draft7Validator(schemas[kind]).iter_errors(document):
            yield f"{kind}: {error.json_path}: {error.message[:300]}"
        return
    for version in versions:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except (kubernetes_validate.ValidationError, utils.SchemaNotFoundError) as error:
            path = ".".join(map(str, getattr(error, "path", [])))
            yield f"{document.get('kind')} in Kubernetes {version}: {path}: {error.message[:300]}"


def cloud_run_schema(wheel: str) -> dict[str, Any]:
    """Google's description of the API as a JSON schema in which no object takes a field that it does not list."""
    with zipfile.ZipFile(wheel) as archive:
        schemas: dict[str, Any] = json.loads(archive.read(DISCOVERY_DOCUMENT))["schemas"]
    for schema in schemas.values():
        fields = schema.get("properties", {}).items()
        kept = {name: field for name, field in fields if not field.get("description", "").startswith(UNSUPPORTED)}
        schema.update(properties=kept, additionalProperties=False)
    # Annotations are free text to the schema; the description lists those that Cloud Run takes.
    annotations = schemas["ObjectMeta"]["properties"]["annotations"]
    listed = re.findall(r"\* `([^`]+)`: ", annotations["description"])
    others = "^(?!" + "|".join(map(re.escape, OWN_ANNOTATIONS)) + ")"
    annotations["propertyNames"] = {"anyOf": [{"enum": listed}, {"pattern": others}]}
    text = re.sub(r'"\$ref": "(\w+)"', r'"$ref": "#/schemas/\1"', json.dumps(schemas))
    return {"$ref": "#/schemas/Service", "schemas": json.loads(text)}


def main() -> None:
    request = json.load(sys.stdin)
    cloud_run = jsonschema.Draft7Validator(cloud_run_schema(request["wheel"]))
    answer = {
        "kubernetes": {
            name: [
                problem
                for document in documents
                for problem in kubernetes_problems(document, request["versions"], request["schemas"])
            ]
            for name, documents in request["kubernetes"].items()
        },
        "cloudRun": {
            name: [f"{error.json_path}: {error.message[:300]}" for each in documents for error in cloud_run.iter_errors(each)]
            for name, documents in request["cloudRun"].items()
        },
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

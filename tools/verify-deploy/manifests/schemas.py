"""Checks manifests against the schemas of Kubernetes and Cloud Run; started by validator.mjs.

Reads one JSON request from standard input and writes one JSON answer:

    {"kubernetesVersions": ["1.30"], "cloudRunWheel": "...whl", "inputs": [{"name": "a", "api": "kubernetes", "text": "..."}]}
    [{"name": "a", "documents": [...], "problems": ["..."]}]

Strict: a field that a schema does not know is a problem, and so are a kind without a schema and a key given twice.
"""

from __future__ import annotations

import functools
import json
import sys
import zipfile
from collections.abc import Hashable, Iterator
from typing import Any

import kubernetes_validate  # type: ignore[import-not-found]
import yaml  # type: ignore[import-untyped]
from kubernetes_validate import utils

from cloud_run import CloudRunSchema

DISCOVERY_DOCUMENT = "googleapiclient/discovery_cache/documents/run.v1.json"

# It reads its megabyte of definitions for each document anew.
utils.schema_contents = functools.cache(utils.schema_contents)


class StrictLoader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML lets the later of two equal keys win; in a manifest that hides a mistake."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen and key_node.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, f"{key_node.value} is given twice", key_node.start_mark)
            seen.add(key_node.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def kubernetes_problems(document: dict[str, Any], versions: list[str]) -> Iterator[str]:
    for version in versions:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(step) for step in error.path)
            yield f"Kubernetes {version}: {path}: {error.message[:300]}"
        except utils.SchemaNotFoundError as error:
            # The program of this library only warns of it.
            yield f"Kubernetes {version}: {error.message}"


def name_of(document: dict[str, Any]) -> str:
    return f"{document.get('kind')}/{(document.get('metadata') or {}).get('name')}"


def check(text: str, api: str, versions: list[str], cloud_run: CloudRunSchema | None) -> tuple[list[Any], list[str]]:
    try:
        documents = [document for document in yaml.load_all(text, Loader=StrictLoader) if document is not None]
    except yaml.YAMLError as error:
        return [], [f"no YAML: {error}"]
    problems = [] if documents else ["it is empty"]
    for document in documents:
        if api == "kubernetes":
            found = kubernetes_problems(document, versions)
        elif api == "cloud-run" and cloud_run is not None:
            found = cloud_run.problems(document)
        else:
            # Read only, such as a compose file, which has a check of its own.
            found = iter(())
        problems += [f"{name_of(document)}: {problem}" for problem in found]
    return documents, problems


def main() -> None:
    request = json.load(sys.stdin)
    cloud_run = None
    if request.get("cloudRunWheel"):
        with zipfile.ZipFile(request["cloudRunWheel"]) as wheel:
            cloud_run = CloudRunSchema(json.loads(wheel.read(DISCOVERY_DOCUMENT)))
    answer = []
    for entry in request["inputs"]:
        documents, problems = check(entry["text"], entry["api"], request["kubernetesVersions"], cloud_run)
        answer.append({"name": entry["name"], "documents": documents, "problems": problems})
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

"""What the tests of the description of scripts share."""

from __future__ import annotations

import json
from typing import Any

from pycell_runner.validation.validate import validate


def describe(script: str) -> dict[str, Any]:
    """Return the description of a script in mode `function`."""
    described: dict[str, Any] = json.loads(validate(script, "function"))
    return described


def parameters(script: str) -> dict[str, Any]:
    """Return the schema of the inputs of its main."""
    schema: dict[str, Any] = describe(script)["main"]["parameters"]
    return schema


def schema_of(annotation: str, before: str = "") -> Any:
    """Return the schema of a parameter with this annotation, in a script that has some lines before."""
    return parameters(f"{before}\ndef main(x: {annotation}): pass")["properties"]["x"]

"""What the API asks for: the payload of a RUN frame. Read by the supervisor, before the fork."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Literal


class RequestError(Exception):
    """The payload of a RUN frame is not what docs/protocol.md says; the message names the field."""


@dataclass(frozen=True, slots=True)
class RunLimits:
    """The limits of one run."""

    timeout_ms: int
    """Wall time from the script's first instruction, milliseconds."""
    memory_bytes: int
    """Address space that the run may take beyond what it starts with, bytes."""
    output_bytes: int
    """stdout and stderr together, bytes."""
    result_bytes: int
    """JSON text of the return value, bytes."""
    result_depth: int
    """Levels of lists and objects in the return value."""
    open_files: int
    """File descriptors."""
    file_bytes: int
    """Size of one file, bytes."""
    cpu_seconds: int
    """Processor time of all threads, seconds: a backstop for the wall clock."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One script and how to run it."""

    script: str
    mode: Literal["run", "compile"]
    """`compile` stops after CPython has accepted the syntax; nothing of the script is executed."""
    limits: RunLimits


_LIMIT_NAMES = {
    "timeout_ms": "timeoutMs",
    "memory_bytes": "memoryBytes",
    "output_bytes": "outputBytes",
    "result_bytes": "resultBytes",
    "result_depth": "resultDepth",
    "open_files": "openFiles",
    "file_bytes": "fileBytes",
    "cpu_seconds": "cpuSeconds",
}


def parse_request(payload: bytes) -> RunRequest:
    """Read the JSON of a RUN frame. Raises RequestError, naming the field, where it does not fit."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"RUN payload is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise RequestError("RUN payload is not an object")
    script = body.get("script")
    if not isinstance(script, str):
        raise RequestError("RUN payload: script is not a string")
    mode = body.get("mode")
    if mode not in ("run", "compile"):
        raise RequestError(f"RUN payload: mode is {mode!r}, not 'run' or 'compile'")
    limits = body.get("limits")
    if not isinstance(limits, dict):
        raise RequestError("RUN payload: limits is not an object")
    values: dict[str, int] = {}
    for field in fields(RunLimits):
        name = _LIMIT_NAMES[field.name]
        value = limits.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise RequestError(f"RUN payload: limits.{name} is {value!r}, not a positive integer")
        values[field.name] = value
    return RunRequest(script=script, mode=mode, limits=RunLimits(**values))

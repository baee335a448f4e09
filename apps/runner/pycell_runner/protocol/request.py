"""What the service asks for: the limits of runs, and the payload of a RUN frame.

The supervisor and zygotes read the limits at their start. A run reads its request before it executes the script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Final, Literal


class RequestError(Exception):
    """What the service sent does not follow docs/protocol.md; the message names the field."""


@dataclass(frozen=True, slots=True)
class RunLimits:
    """The limits of one run. Those of `--limits` hold for every run of a runner."""

    timeout_ms: int
    """Wall time from START, milliseconds."""
    memory_bytes: int
    """Memory that the run may take beyond what it starts with, files in its tmpfs included, bytes."""
    output_bytes: int
    """stdout and stderr together, bytes."""
    result_bytes: int
    """JSON text of the return value, bytes."""
    result_depth: int
    """Levels of lists and objects in the return value."""
    open_files: int
    """File descriptors."""
    file_bytes: int
    """Size of one file, and of /tmp, bytes."""
    cpu_seconds: int
    """CPU time of all threads, seconds: a backstop for the wall clock."""
    threads: int
    """Threads, the main thread included."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One script and how to run it."""

    script: str
    mode: Literal["run", "compile"]
    """`compile` stops after CPython has accepted the syntax; nothing of the script is executed."""
    limits: RunLimits
    """Those that it keeps by itself: size and depth of its result. The others are kept by supervisor and kernel."""


_LIMIT_NAMES = {
    "timeout_ms": "timeoutMs",
    "memory_bytes": "memoryBytes",
    "output_bytes": "outputBytes",
    "result_bytes": "resultBytes",
    "result_depth": "resultDepth",
    "open_files": "openFiles",
    "file_bytes": "fileBytes",
    "cpu_seconds": "cpuSeconds",
    "threads": "threads",
}


def parse_limits(text: str) -> RunLimits:
    """Read the JSON of `--limits`. Raises RequestError, naming the field, where it does not fit."""
    limits = _parse_object(text, "limits")
    values: dict[str, int] = {}
    for field in fields(RunLimits):
        name = _LIMIT_NAMES[field.name]
        value = limits.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise RequestError(f"limits.{name} is {value!r}, not a positive integer")
        values[field.name] = value
    return RunLimits(**values)


#: The first byte of a RUN frame's payload; the script follows it.
_MODES: Final[dict[int, Literal["run", "compile"]]] = {0: "run", 1: "compile"}


def parse_request(payload: bytes, limits: RunLimits) -> RunRequest:
    """Read the payload of a RUN frame. Raises RequestError where it does not fit.

    RUN carries no limits: they are those of the run's runner, `limits`.
    """
    mode = _MODES.get(payload[0]) if payload else None
    if mode is None:
        raise RequestError(f"RUN payload: mode is {payload[:1]!r}, not 0 or 1")
    try:
        # A script is text of the service's language, in which surrogates may stand alone.
        return RunRequest(payload[1:].decode("utf-8", "surrogatepass"), mode, limits)
    except UnicodeDecodeError as error:
        raise RequestError(f"RUN payload: script is not UTF-8: {error}") from error


def _parse_object(text: str, what: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{what} is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise RequestError(f"{what} is not an object")
    return body

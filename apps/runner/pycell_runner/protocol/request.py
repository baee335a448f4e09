"""What the service asks for: the limits of runs, and the payloads of RUN and START.

The supervisor and zygotes read the limits at their start. A run reads its request before it executes the script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from .sections import SectionsError, decode_sections, with_length


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


def parse_start(payload: bytes, limits: RunLimits) -> RunLimits:
    """Read the payload of a START frame: return the limits of its run, within those of the runner, `limits`.

    Raises RequestError, naming the field, where it does not fit.
    """
    timeout_ms = _parse_object(str(payload, "utf-8", "replace"), "START payload").get("timeoutMs")
    if not isinstance(timeout_ms, int) or isinstance(timeout_ms, bool) or not 0 < timeout_ms <= limits.timeout_ms:
        raise RequestError(f"START payload: timeoutMs is {timeout_ms!r}, not from 1 to {limits.timeout_ms}")
    return replace(limits, timeout_ms=timeout_ms)


_MODES: Final[dict[str, Literal["run", "compile"]]] = {"run": "run", "compile": "compile"}
#: How RUN begins for a script and nothing else. Compared as a whole: the decoder of JSON would touch pages that most
#: runs have no other use for, a tenth of the CPU time of a small one.
_PLAIN_HEAD: Final = b'{"mode":"run","sections":[["script",%d]]}'


def parse_request(payload: bytes, limits: RunLimits) -> RunRequest:
    """Read the payload of a RUN frame. Raises RequestError where it does not fit.

    RUN carries no limits: they are those of the run's runner, `limits`.
    """
    try:
        head, sections = _plain_sections(payload) or decode_sections(payload, ("script",))
        # A script is text of the service's language, in which surrogates may stand alone.
        script = sections["script"].decode("utf-8", "surrogatepass")
    except SectionsError as error:
        raise RequestError(f"RUN payload: {error}") from error
    except KeyError as error:
        raise RequestError("RUN payload: there is no section script") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"RUN payload: script is not UTF-8: {error}") from error
    mode = _MODES.get(str(head.get("mode")))
    if mode is None:
        raise RequestError(f"RUN payload: mode is {head.get('mode')!r}, not run or compile")
    return RunRequest(script, mode, limits)


def plain_payload(script: bytes) -> bytes:
    """Return the payload of RUN for a script and nothing else, as the service writes it."""
    return with_length(_PLAIN_HEAD % len(script)) + script


def _plain_sections(payload: bytes) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """Return what decode_sections() does, for a payload that has the usual form; None for every other."""
    start = int.from_bytes(payload[:4], "big") + 4
    script = payload[start:]
    return ({"mode": "run"}, {"script": script}) if payload[4:start] == _PLAIN_HEAD % len(script) else None


def _parse_object(text: str, what: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{what} is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise RequestError(f"{what} is not an object")
    return body

"""What the service asks for: the limits of runs, and the payloads of RUN and START.

The supervisor and zygotes read the limits at their start. A run reads its request before it executes the script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, Sequence

from .payload import Payload
from .sections import LENGTH_BYTES, SectionsError, names_and_lengths, read_head, with_length


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
    files: int
    """Files and figures that it may leave."""
    artifact_bytes: int
    """The same together, bytes."""


RunMode = Literal["function", "script", "program", "component", "compile", "validate"]
"""`function` calls main(), `script` runs a program. `program` does so for its output and its end alone: it has no result,
and nothing is gathered. `component` calls main() with the inputs as they were sent, without warnings that Python does not
show of modules, and leaves out files that do not fit. `compile` stops after CPython has accepted the syntax, and
`validate` describes the script: nothing of it is executed in either."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One script and how to run it."""

    script: str
    mode: RunMode
    limits: RunLimits
    """Those that it keeps by itself, and its memory, which may be less than its runner allows. The others are kept by
    supervisor and kernel."""
    inputs: bytes | None = None
    """A JSON object, as the client wrote it."""
    stdin_bytes: int | None = None
    """How much of the payload that is left is for standard input; None where there is none."""
    files: Sequence[tuple[str, int]] = ()
    """Names and lengths of the files that come behind it."""


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
    "files": "files",
    "artifact_bytes": "artifactBytes",
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


_MODES: Final[dict[str, RunMode]] = {
    "function": "function",
    "script": "script",
    "program": "program",
    "component": "component",
    "compile": "compile",
    "validate": "validate",
}
#: In the order in which they come.
_SECTIONS: Final = ("script", "inputs", "stdin", "files")
#: How RUN begins for a script and nothing else. Compared as a whole: the decoder of JSON would touch pages that most
#: runs have no other use for, a tenth of the CPU time of a small one.
_PLAIN_HEAD: Final = b'{"mode":"function","sections":[["script",%d]]}'


def parse_request(payload: Payload, limits: RunLimits) -> RunRequest:
    """Read a RUN payload up to what goes to files. Raises RequestError where it does not fit.

    RUN carries no limits but that of memory: they are those of the run's runner, `limits`.
    """
    try:
        head_bytes = payload.take(int.from_bytes(payload.take(LENGTH_BYTES), "big"))
        if head_bytes == _PLAIN_HEAD % payload.left:
            return RunRequest(_script(payload.take(payload.left)), "function", limits)
        return _parse_parts(payload, read_head(head_bytes), limits)
    except (SectionsError, EOFError) as error:
        raise RequestError(f"RUN payload: {error}") from error


def plain_payload(script: bytes) -> bytes:
    """Return the payload of RUN for a script and nothing else, as the service writes it."""
    return with_length(_PLAIN_HEAD % len(script)) + script


def _parse_parts(payload: Payload, head: dict[str, Any], limits: RunLimits) -> RunRequest:
    mode = _MODES.get(str(head.get("mode")))
    if mode is None:
        raise RequestError(f"RUN payload: mode is {head.get('mode')!r}, not one of {', '.join(_MODES)}")
    memory_bytes = head.get("memoryBytes", limits.memory_bytes)
    if type(memory_bytes) is not int or not 0 < memory_bytes <= limits.memory_bytes:
        raise RequestError(f"RUN payload: memoryBytes is {memory_bytes!r}, not from 1 to {limits.memory_bytes}")
    sections = names_and_lengths(head["sections"])
    lengths = dict(sections)
    if [name for name, _ in sections] != [name for name in _SECTIONS if name in lengths]:
        raise RequestError(f"RUN payload: its sections are not some of {', '.join(_SECTIONS)}, in this order")
    if sum(lengths.values()) != payload.left:
        raise RequestError("RUN payload: the sections do not fill the payload")
    if "script" not in lengths:
        raise RequestError("RUN payload: there is no section script")
    files = names_and_lengths(head.get("files", []))
    if sum(length for _, length in files) != lengths.get("files", 0):
        raise RequestError("RUN payload: the files do not fill their section")
    script = _script(payload.take(lengths["script"]))
    inputs = payload.take(lengths["inputs"]) if "inputs" in lengths else None
    own_limits = limits if memory_bytes == limits.memory_bytes else replace(limits, memory_bytes=memory_bytes)
    return RunRequest(script, mode, own_limits, inputs, lengths.get("stdin"), files)


def _script(section: bytes) -> str:
    try:
        # A script is text of the service's language, in which surrogates may stand alone.
        return section.decode("utf-8", "surrogatepass")
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

"""What schemathesis is told besides the description: scripts that run, streams, and which refusals are right.

Loaded by SCHEMATHESIS_HOOKS. PYCELL_FUZZ_SUMMARY names the file that takes what was really sent, as JSON, at the end; with
PYCELL_FUZZ_KEYED=1 the service has keys, and each operation that takes one needs one.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import threading
import zlib
from collections import Counter
from typing import Any

import jsonschema_rs
import schemathesis
from schemathesis.core.failures import Failure

from scripts import FUNCTIONS, PROGRAMS, SLOW

STREAMS = ("text/event-stream", "application/x-ndjson")
# What is refused by its meaning, which no schema can say: what a script does, and what depends on settings.
BY_MEANING = frozenset(
    "SCRIPT_TOO_LARGE POLICY_VIOLATION SYNTAX_ERROR MAIN_MISSING INVALID_INPUTS SCRIPT_ERROR SCRIPT_EXITED SCRIPT_CRASHED"
    " TIMEOUT MEMORY_LIMIT OUTPUT_LIMIT RESULT_TOO_LARGE ARTIFACTS_TOO_LARGE RESULT_NOT_SERIALIZABLE"
    " IDEMPOTENCY_KEY_REUSED PAYLOAD_TOO_LARGE".split()
)
REQUESTS_BY_MEANING = re.compile(
    r"Field (limits\.(timeoutMs|memoryMb) is|callbackUrl cannot be used|inputs has more than \d+ elements"
    r"|files\[\d+\]\.(name is .*, as that of|name )|files has more)"
)
ERRORS = {"error", "result"}

_sent: Counter[str] = Counter()
_faults: list[str] = []
_refusals: list[str] = []
_event_schemas: dict[str, Any] = {}
# Operations are asked beside each other: each has chances of its own, so that their order decides nothing.
_asked: Counter[str] = Counter()
_lock = threading.Lock()


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Takes out what the checks of streams below see to themselves, event by event."""
    components = _without_nullable({"schemas": raw_schema["components"]["schemas"]})
    for path, operations in raw_schema["paths"].items():
        for method, operation in operations.items():
            label = f"{method.upper()} {path}"
            for response in operation["responses"].values():
                for media_type in STREAMS:
                    content = response.get("content", {}).get(media_type)
                    if content is None:
                        continue
                    schema = content.pop("schema")
                    content.pop("example", None)
                    if media_type == "application/x-ndjson":
                        _event_schemas[label] = {**_without_nullable(schema), "components": components}
            if os.environ.get("PYCELL_FUZZ_KEYED") and operation.get("security"):
                operation["security"] = [way for way in operation["security"] if way]


def _without_nullable(schema: Any) -> Any:
    """The schema in the words of JSON Schema: `nullable` is OpenAPI 3.0's own."""
    if isinstance(schema, list):
        return [_without_nullable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _without_nullable(value) for name, value in schema.items() if name not in ("nullable", "example")}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Gives a part of the cases a script that runs, and has a part ask for a stream."""
    label = case.operation.label
    with _lock:
        _asked[label] += 1
        count = _asked[label]
    chance = zlib.crc32(f"{label}:{count}:{case.body!r}".encode("utf-8", "replace"))
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("script"), str):
        is_positive = case.meta is not None and case.meta.generation.mode.is_positive
        if chance % 10 < 7:
            body = {**body, "script": _script_for(body, chance // 10)}
        if is_positive and chance % 10 < 8:
            body = _with_moderate_settings(body)
        case.body = body
    if case.method.upper() in ("GET", "POST") and case.headers is not None and "Accept" not in case.headers:
        kind = chance // 1000 % 8
        if kind < 2:
            case.headers["Accept"] = STREAMS[kind]


def _script_for(body: dict[str, Any], chance: int) -> str:
    if chance % 200 == 0:
        return SLOW
    scripts = PROGRAMS if body.get("mode") == "script" else FUNCTIONS
    return scripts[chance % len(scripts)]


def _with_moderate_settings(body: dict[str, Any]) -> dict[str, Any]:
    """What is right by the description may be more than this service allows: brings it within that."""
    body = {name: value for name, value in body.items() if name != "callbackUrl"}
    limits = body.get("limits")
    if isinstance(limits, dict):
        limits = dict(limits)
        if isinstance(limits.get("timeoutMs"), int):
            limits["timeoutMs"] = 300 + limits["timeoutMs"] % 900
        if isinstance(limits.get("memoryMb"), int):
            limits["memoryMb"] = 64 + limits["memoryMb"] % 448
        body["limits"] = limits
    return body


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Counts what was really answered."""
    status = response.status_code
    mode = "negative" if case.meta is not None and case.meta.generation.mode.is_negative else "positive"
    media_type = _media_type(response)
    seen = ["all", f"status {status}", f"data {mode}", f"operation {case.operation.label}"]
    if media_type in STREAMS:
        seen.append(f"stream {media_type}")
    if b'"durationMs"' in response.content:
        seen.append("runs")
    _add(*seen)
    if status >= 500 and not (status == 503 and _is_documented(case, status)):
        _faults.append(f"{status} to {case.method} {case.formatted_path}: {response.text[:500]}")


def _add(*names: str, many: int = 1) -> None:
    with _lock:
        for name in names:
            _sent[name] += many


def _media_type(response: Any) -> str:
    return (response.headers.get("content-type") or [""])[0].split(";")[0].strip().lower()


def _is_documented(case: Any, status: int) -> bool:
    return str(status) in case.operation.definition.raw.get("responses", {})


@schemathesis.hook
def after_network_error(context: Any, case: Any, request: Any) -> None:
    """No request may be left without an answer."""
    _faults.append(f"no answer to {case.method} {case.formatted_path}")


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Whether it is one: a request that is right by the description may be wrong by what it means."""
    if failure.code == "ST204" and response.status_code == 401:
        # Where there are keys, who has none is not told what there is.
        return False
    if failure.code != "ST202":
        return True
    try:
        answer = json.loads(response.content)
    except ValueError:
        return True
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), str):
        return True
    _add(f"refused {answer.get('code')}")
    if answer.get("code") in BY_MEANING:
        return False
    if REQUESTS_BY_MEANING.match(answer["error"]):
        return False
    _refusals.append(f"{case.operation.label}: {answer['error'][:200]}")
    return True


@schemathesis.check
def streams_conformance(ctx: Any, response: Any, case: Any) -> None:
    """Each event is one of those that the description has, and a run's stream is whole."""
    media_type = _media_type(response)
    if response.status_code != 200 or media_type not in STREAMS:
        return
    label = case.operation.label
    is_batch = label.endswith("/batch")
    schema = _event_schemas["POST /execute/batch" if is_batch else "POST /execute"]
    text = response.content.decode("utf-8")
    events = _sse_events(text) if media_type == STREAMS[0] else [json.loads(line) for line in text.splitlines()]
    validator = jsonschema_rs.Draft4Validator(schema)
    for event in events:
        for error in validator.iter_errors(event):
            raise AssertionError(f"{label}: an event of the stream violates its schema: {error.message}: {event}")
    if label == "POST /execute":
        names = [event["type"] for event in events if event["type"] != "ping"]
        ends = [name for name in names if name in ERRORS]
        if names[:1] != ["start"] or names[-1:] != ["end"] or len(ends) != 1:
            raise AssertionError(f"{label}: the stream is not whole: {names}")
    _add("events checked", many=len(events))


def _sse_events(text: str) -> list[dict[str, Any]]:
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "data" in fields:
            events.append({"type": fields["event"], **json.loads(fields["data"])})
    return events


def _write_summary() -> None:
    with open(os.environ["PYCELL_FUZZ_SUMMARY"], "w", encoding="utf-8") as file:
        json.dump({"counts": _sent, "faults": _faults[:20], "refusals": _refusals[:20]}, file)


atexit.register(_write_summary)

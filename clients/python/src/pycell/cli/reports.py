"""What the commands say of errors and runs: to people on standard error, to programs as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from .._wire import members
from ..errors import ConnectionFailed, PycellError, ScriptError
from ..types import ExecutionReport
from .terminal import Output


def show_error(error: PycellError, err: Output) -> None:
    """Say what went wrong. What is not of the script has the id under which the service's log has it, if it came there."""
    traceback = error.traceback if isinstance(error, ScriptError) else None
    if traceback:
        err.line(traceback)
    err.line(f"pycell: {error.code or type(error).__name__}: {error.message}")
    if error.hint:
        err.line(f"pycell: {error.hint}")
    for note in getattr(error, "__notes__", ()):
        err.line(f"pycell: {note}")
    was_sent = not isinstance(error, ConnectionFailed) or error.may_have_run
    if was_sent and not isinstance(error, ScriptError) and error.request_id:
        err.line(f"pycell: the request was {error.request_id}")


def described_error(error: PycellError) -> dict[str, Any]:
    """Return the body of the error as the service sent it, but for artifacts and measurements; else what is known."""
    if error.problem is None:
        known = {"error": error.message, "code": error.code, "requestId": error.request_id}
        return {name: value for name, value in known.items() if value is not None}
    told: dict[str, Any] = wire_form(error.problem)
    return {name: value for name, value in told.items() if name not in ("artifacts", "execution", "type")}


def described_report(report: ExecutionReport | None) -> dict[str, Any]:
    """Return the measurements, where there are any."""
    return {} if report is None else {"execution": wire_form(report)}


def wire_form(value: Any) -> Any:
    """Return a dataclass as the service sends it; what is absent is left out."""
    if isinstance(value, tuple):
        return [wire_form(each) for each in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    absent = {field.name: field.default for field in fields(value)}
    told = ((member.name, getattr(value, member.field), absent[member.field]) for member in members(type(value)))
    return {name: wire_form(each) for name, each, default in told if each != default or default not in (None, (), "")}

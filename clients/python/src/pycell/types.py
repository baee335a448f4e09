"""What the service answers, field by field as its OpenAPI document has it; a test compares the two.

Times that end in `_ms` are milliseconds, sizes bytes. What may be absent is None.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file or a figure that a script left. `name` comes from the script: judge it before a file gets it."""

    name: str
    media_type: str
    size_bytes: int
    base64: str = field(repr=False)

    @property
    def content(self) -> bytes:
        """Its bytes. Raises ValueError where the service sent no base64."""
        try:
            return base64.b64decode(self.base64, validate=True)
        except binascii.Error as error:
            raise ValueError(f"The artifact {self.name!r} is no base64: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLimits:
    """What held for a run."""

    timeout_ms: int
    memory_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionTimings:
    """Where the time went; together it is `duration_ms`."""

    queue_ms: float
    policy_ms: float
    start_ms: float
    run_ms: float
    result_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionReport:
    """What the service measured of a run."""

    id: str
    isolation: str
    duration_ms: float
    cpu_ms: float | None = None
    peak_memory_bytes: int | None = None
    limits: HeldLimits
    timings: ExecutionTimings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptViolation:
    """One thing that the script policy refuses. Lines and columns count from 1; `end_column` is behind the end."""

    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteResponse:
    """A script came to its end: what it returned, printed and left."""

    result: Any
    stdout: str
    stderr: str
    artifacts: tuple[Artifact, ...]
    execution: ExecutionReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why there is no result. `error` is a sentence for people, `code` is for programs."""

    error: str
    code: str
    #: Always, of the service as it is; an answer without one is worth no less.
    request_id: str | None = None
    trace_id: str | None = None
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    violations: tuple[ScriptViolation, ...] = ()
    traceback: str | None = None
    exit_code: int | None = None
    signal: str | None = None
    execution: ExecutionReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorResponse(Problem):
    """The same with what the script had printed and left."""

    stdout: str = ""
    stderr: str = ""
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult(ExecuteResponse):
    """What came of one input of a batch. `index` is its place among the inputs, from 0."""

    index: int
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchError(ErrorResponse):
    """Why one input of a batch has no result. `status` is the HTTP status that a single call would have had."""

    index: int
    status: int


BatchItem: TypeAlias = BatchResult | BatchError


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSyntaxError:
    """Why CPython cannot compile a script."""

    error: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingModule:
    """A module that is imported and not there, and the one that may be meant."""

    name: str
    nearest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptImports:
    """Top-level names of the modules that a script imports."""

    known: tuple[str, ...]
    missing: tuple[MissingModule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MainDescription:
    """`main` of a script. `is_async` is `async` on the wire. `parameters` is the JSON Schema of its inputs."""

    is_async: bool = field(metadata={"wire": "async"})
    doc: str | None
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateResponse:
    """What can be said of a script without executing it."""

    valid: bool
    violations: tuple[ScriptViolation, ...]
    syntax_error: ScriptSyntaxError | None
    imports: ScriptImports
    main: MainDescription | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsynchronousExecution:
    """What has become of an execution in the background."""

    id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    expires_at: datetime | None = None
    http_status: int | None = None
    outcome: ExecuteResponse | ErrorResponse | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.status in ("succeeded", "failed", "cancelled")

    def response(self) -> ExecuteResponse:
        """Return what the script came to.

        Raises the error that a single call would have raised, ExecutionCancelled, and NotEnded where it has not ended, or
        its outcome was not asked for: `start` and `cancel` answer without it.
        """
        # Here, since errors are made of these types.
        from .errors import ExecutionCancelled, NotEnded, error_of_problem

        if self.status == "cancelled":
            raise ExecutionCancelled(f"The execution {self.id} was cancelled")
        if self.outcome is None:
            raise NotEnded(f"The execution {self.id} is {self.status}, and its outcome is not here: get it, or wait for it")
        if isinstance(self.outcome, ErrorResponse):
            raise error_of_problem(self.outcome, self.http_status)
        return self.outcome

"""What can go wrong, by who has to know: the script's author, who sends the request, or who runs the service.

    PycellError
        ScriptError            the script failed, or cannot be run as it is
            ScriptRefused          the script policy refuses the script, or it is too large: nothing ran
        RequestRefused         the request was refused, and nothing ran
            AuthenticationFailed   there is no key, or it is not known or not allowed
            NotFound               there is no such path, or no such execution for this caller
            RateLimited            too many requests; `retry_after` says when there is room again
        ServiceUnavailable     the service is full, starting, or shutting down
        ServiceFault           a fault of the service; its log has the cause under `request_id`
        UnexpectedAnswer       what answered is no pycell, or one of another kind
        ConnectionFailed       there was no answer, or not all of it
            StreamCut              a stream or a batch ended without its end
        ExecutionCancelled     an execution in the background was cancelled
        NotEnded               an execution in the background has not ended yet
"""

from __future__ import annotations

from typing import Final

from .types import Artifact, ErrorResponse, Problem, ScriptViolation


class PycellError(Exception):
    """Any failure. Its text is a sentence for people, made of what the service said: hostile text, where a script raised.

    code         what happened, for programs, as in the service's documentation; None where the service said none
    status       the HTTP status; None where there was no answer
    request_id   the id under which the service's log has it
    retry_after  seconds after which the service asks to be tried again
    problem      the whole body of the error
    may_have_run whether a script of this call may have run, wholly or in part
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        problem: Problem | None = None,
        may_have_run: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.problem = problem
        self.may_have_run = may_have_run

    @property
    def line(self) -> int | None:
        """The place in the script, from 1."""
        return self.problem.line if self.problem else None

    @property
    def column(self) -> int | None:
        """The place in the line, in code points from 1."""
        return self.problem.column if self.problem else None

    @property
    def hint(self) -> str | None:
        """What can be done instead, for people."""
        return self.problem.hint if self.problem else None


class ScriptError(PycellError):
    """The script failed, met a limit, or cannot be run as it is: for its author. The same script fails again."""

    @property
    def traceback(self) -> str | None:
        """Python's own, the frames of the script."""
        return self.problem.traceback if self.problem else None

    @property
    def stdout(self) -> str:
        """What it had printed."""
        return self.problem.stdout if isinstance(self.problem, ErrorResponse) else ""

    @property
    def stderr(self) -> str:
        """What it had printed to sys.stderr."""
        return self.problem.stderr if isinstance(self.problem, ErrorResponse) else ""

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """What it had left."""
        return self.problem.artifacts if isinstance(self.problem, ErrorResponse) else ()


class ScriptRefused(ScriptError):
    """The script policy refuses the script, or it is too large: for its author. Nothing ran."""

    @property
    def violations(self) -> tuple[ScriptViolation, ...]:
        """All reasons, in source order."""
        return self.problem.violations if self.problem else ()


class RequestRefused(PycellError):
    """The request was refused, and nothing ran. The same request is refused again."""


class AuthenticationFailed(RequestRefused):
    """There is no key, or it is not known, has expired, or is switched off."""


class NotFound(RequestRefused):
    """There is no such path, or no such execution for this caller."""


class RateLimited(RequestRefused):
    """The caller has sent more requests than it may."""


class ServiceUnavailable(PycellError):
    """The service is full, starting, or shutting down. The same request may succeed later."""


class ServiceFault(PycellError):
    """A fault of the service."""


class UnexpectedAnswer(PycellError):
    """What answered is no pycell, or one of another kind."""


class ConnectionFailed(PycellError):
    """There was no answer, or not all of it. `may_have_run`: the service may have had the whole request."""

    def __init__(self, message: str, *, may_have_run: bool = True, request_id: str | None = None) -> None:
        super().__init__(message, request_id=request_id, may_have_run=may_have_run)


class StreamCut(ConnectionFailed):
    """A stream or a batch ended without its end: nothing is known of what was to come."""


class ExecutionCancelled(PycellError):
    """The execution was cancelled: it has no outcome."""


class NotEnded(PycellError):
    """The execution has not ended. It goes on."""


#: What each code is. A test compares it with the codes of the service.
BY_CODE: Final[dict[str, type[PycellError]]] = {
    "INVALID_REQUEST": RequestRefused,
    "UNAUTHENTICATED": AuthenticationFailed,
    "FORBIDDEN": AuthenticationFailed,
    "RATE_LIMITED": RateLimited,
    "NOT_FOUND": NotFound,
    "METHOD_NOT_ALLOWED": RequestRefused,
    "PAYLOAD_TOO_LARGE": RequestRefused,
    "UNSUPPORTED_MEDIA_TYPE": RequestRefused,
    "IDEMPOTENCY_KEY_REUSED": RequestRefused,
    "SCRIPT_TOO_LARGE": ScriptRefused,
    "POLICY_VIOLATION": ScriptRefused,
    "SYNTAX_ERROR": ScriptError,
    "MAIN_MISSING": ScriptError,
    "INVALID_INPUTS": ScriptError,
    "SCRIPT_ERROR": ScriptError,
    "SCRIPT_EXITED": ScriptError,
    "SCRIPT_CRASHED": ScriptError,
    "TIMEOUT": ScriptError,
    "MEMORY_LIMIT": ScriptError,
    "OUTPUT_LIMIT": ScriptError,
    "RESULT_TOO_LARGE": ScriptError,
    "ARTIFACTS_TOO_LARGE": ScriptError,
    "RESULT_NOT_SERIALIZABLE": ScriptError,
    "SANDBOX_BUSY": ServiceUnavailable,
    "SANDBOX_UNAVAILABLE": ServiceUnavailable,
    "INTERNAL": ServiceFault,
}


#: The service lost the sandbox, maybe under the script, or does not know what happened.
_AFTER_A_RUN: Final = frozenset(("SANDBOX_UNAVAILABLE", "INTERNAL"))


def error_of_problem(
    problem: Problem,
    status: int | None = None,
    retry_after: float | None = None,
    *,
    request_id: str | None = None,
    has_begun: bool = False,
) -> PycellError:
    """Return the error for what the service said. A code that is not known counts by its status.

    `request_id` is for a body that has none. `has_begun`: the service had handed the script over.
    """
    kind = BY_CODE.get(problem.code) or error_class_of(status)
    return kind(
        problem.error,
        code=problem.code,
        status=status,
        request_id=problem.request_id or request_id,
        retry_after=retry_after,
        problem=problem,
        may_have_run=has_begun
        or problem.execution is not None
        or problem.code in _AFTER_A_RUN
        or status in (502, 504),  # of a gateway that speaks as the service does
    )


def error_class_of(status: int | None) -> type[PycellError]:
    """Return what an answer with this HTTP status is, where nothing else is known of it."""
    match status:
        case 401 | 403:
            return AuthenticationFailed
        case 404:
            return NotFound
        case 422:
            return ScriptError
        case 429:
            return RateLimited
        case 502 | 503 | 504:
            return ServiceUnavailable
        case None:
            return PycellError
        case _ if status >= 500:
            return ServiceFault
        case _ if status >= 400:
            return RequestRefused
        case _:
            return UnexpectedAnswer

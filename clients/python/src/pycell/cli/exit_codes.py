"""How the command ends; README.md has the table."""

from __future__ import annotations

from enum import IntEnum

from ..errors import (
    ConnectionFailed,
    PycellError,
    RateLimited,
    RequestRefused,
    ScriptError,
    ServiceFault,
    ServiceUnavailable,
)


class ExitCode(IntEnum):
    """Numbers for shells. A new one is an addition; what is there stays."""

    SUCCESS = 0
    SCRIPT_FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNAVAILABLE = 4
    NO_ANSWER = 5
    NOT_WRITTEN = 6
    FAULT = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


def exit_code_of(error: PycellError) -> ExitCode:
    """Return how the command ends after an error."""
    match error:
        case ScriptError():
            return ExitCode.SCRIPT_FAILED
        case RateLimited() | ServiceUnavailable() | ServiceFault():
            return ExitCode.UNAVAILABLE
        case RequestRefused():
            return ExitCode.REFUSED
        case ConnectionFailed():
            return ExitCode.NO_ANSWER
        case _:
            # UnexpectedAnswer: what is there is no pycell.
            return ExitCode.NO_ANSWER

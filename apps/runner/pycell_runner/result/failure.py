"""Describes why a script failed. Called by the run, after the script; everything here reads objects of the script.

Those objects may be hostile: `describe` bounds what it copies, and reports what it can where the exception itself
raises.
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import dataclass
from traceback import StackSummary, TracebackException, format_exception_only
from types import TracebackType
from typing import Final, Iterator, Sequence

from ..protocol.contract import OutcomeStatus
from ..protocol.outcome import Outcome, outcome_of_failure
from .json_text import encode_ascii_json
from .not_serializable import type_name
from .source_text import column_of_byte

#: The name under which the script is compiled: tracebacks show it.
SCRIPT_NAME: Final = "script.py"
#: The script's `__name__`. Not `__main__`: a script that ends with `if __name__ == "__main__": main()` must
#: not run twice.
SCRIPT_MODULE: Final = "script"

_MAX_MESSAGE_CHARACTERS: Final = 4_000
_MAX_TRACEBACK_CHARACTERS: Final = 32_000
#: Of a deeper stack, which takes a raised recursion limit, only the innermost frames are looked at.
_MAX_FRAMES: Final = 2_000
#: What CPython offers, at the end of a message.
_SUGGESTION: Final = re.compile(r"(?:\.|, or) (?:Did you mean: '[^'\n]{1,200}'|[Dd]id you forget to import '[^'\n]{1,200}')\?(?: Or did you forget to import '[^'\n]{1,200}'\?)?\Z")
_ast_only: Final = 0x400  # ast.PyCF_ONLY_AST

_compile = compile


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result."""

    status: OutcomeStatus
    message: str
    line: int | None = None
    column: int | None = None
    traceback: str | None = None
    hint: str | None = None
    """What the author can do instead."""
    exit_code: int | None = None
    """The exit status that it asked for."""

    def to_outcome(self) -> Outcome:
        """Return the outcome, ASCII only, so that no character of a message can break it."""
        head: dict[str, object] = {
            "status": self.status,
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "traceback": self.traceback,
            "hint": self.hint,
            "exitCode": self.exit_code,
        }
        return outcome_of_failure(encode_ascii_json({key: value for key, value in head.items() if value is not None}))


def shortened(text: str, limit: int) -> str:
    """Return the text; where it has more characters than `limit`, the middle is left out."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def _innermost_script_frame(trace: TracebackType | None) -> TracebackType | None:
    innermost = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SCRIPT_NAME:
            innermost = trace
        trace = trace.tb_next
    return innermost


def _position(trace: TracebackType | None, lines: Sequence[str]) -> tuple[int | None, int | None]:
    """Return line and column, 1-based, of the innermost frame of the script."""
    innermost = _innermost_script_frame(trace)
    if innermost is None:
        return None, None
    line = innermost.tb_lineno
    for index, (start, _, offset, _) in enumerate(innermost.tb_frame.f_code.co_positions()):
        if index == innermost.tb_lasti // 2:
            if start is None or offset is None or not 1 <= start <= len(lines):
                return line, None
            return start, column_of_byte(lines[start - 1], offset)
    return line, None


def _linked(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and those that a traceback shows with it: causes, contexts, members of groups."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        error_or_none = waiting.pop()
        if error_or_none is None or id(error_or_none) in seen:
            continue
        seen.add(id(error_or_none))
        yield error_or_none
        waiting += (error_or_none.__cause__, error_or_none.__context__)
        if isinstance(error_or_none, BaseExceptionGroup):
            waiting += error_or_none.exceptions


def _name_without_module(error: BaseException) -> None:
    """Have a class of the script shown as `MyError`, not as `script.MyError`."""
    kind = type(error)
    if kind.__module__ == SCRIPT_MODULE:
        type.__setattr__(kind, "__module__", "builtins")


def _is_of_script(filename: str) -> bool:
    """Whether a frame is the script's: its own, or of code that it compiled under a name of its choice.

    What Python and the packages bring has an absolute path; code that is generated or written in C has these names.
    """
    if filename == SCRIPT_NAME or filename.startswith("/tmp/"):
        return True
    return not (filename.startswith(("/", "<frozen ", "<__array_")) or filename.endswith((".pyx", ".pxd", ".pxi")))


def _keep_script_frames(report: TracebackException) -> None:
    seen: set[int] = set()
    waiting: list[TracebackException | None] = [report]
    while waiting:
        part = waiting.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        part.stack = StackSummary.from_list([frame for frame in part.stack if _is_of_script(frame.filename)])
        waiting += (part.__cause__, part.__context__, *(part.exceptions or ()))


def _suggestion(error: BaseException) -> str:
    """Return what CPython adds to the message, such as `. Did you mean: 'total'?`; empty for most.

    Up to 3.11 only the interpreter's own display of an exception has it; since then `traceback` does.
    """
    if not isinstance(error, (NameError, AttributeError, ImportError)):
        return ""
    display = io.StringIO()
    if sys.version_info >= (3, 12):
        # For names it looks into the innermost frame, so it is given the frames, of which none is read or shown.
        report = TracebackException(type(error), error, error.__traceback__, limit=0, compact=True)
        display.writelines(report.format_exception_only())
    else:
        stderr, limit = sys.stderr, getattr(sys, "tracebacklimit", None)
        try:
            sys.stderr, sys.tracebacklimit = display, 0
            sys.__excepthook__(type(error), error, None)
        finally:
            sys.stderr, sys.tracebacklimit = stderr, limit
    match = _SUGGESTION.search(display.getvalue()[-_MAX_MESSAGE_CHARACTERS:].rstrip("\n"))
    return match[0] if match and not str(error).endswith(match[0]) else ""


def _format(error: BaseException) -> str:
    for linked in _linked(error):
        _name_without_module(linked)
    report = TracebackException.from_exception(error, limit=-_MAX_FRAMES, compact=True)
    _keep_script_frames(report)
    return "".join(report.format()).rstrip("\n")


def _message(error: BaseException, name: str, suggestion: str) -> str:
    text = str.__str__(str(error)) + suggestion
    return shortened(f"{name}: {text}" if text else name, _MAX_MESSAGE_CHARACTERS)


def describe(error: BaseException, lines: Sequence[str], status: OutcomeStatus = "SCRIPT_ERROR") -> Failure:
    """Return the failure for an exception that the script did not catch. `lines` are the script's."""
    name, suggestion = "exception", ""
    line = column = report = None
    try:
        name = shortened(type_name(error), _MAX_MESSAGE_CHARACTERS)
        line, column = _position(error.__traceback__, lines)
        suggestion = _suggestion(error)
        message = _message(error, name, suggestion)
    except BaseException:  # the exception's own __str__ or its metaclass raised
        message = f"{name}: (its message cannot be shown)"
    try:
        report = _format(error)
        report = shortened(report if report.endswith("?") else report + suggestion, _MAX_TRACEBACK_CHARACTERS)
    except BaseException:  # the same, or the script has replaced what the traceback module needs
        report = None
    where = f" (line {line})" if line is not None else ""
    return Failure(status, f"{message}{where}", line, column, report)


def describe_syntax_error(error: SyntaxError, script: str, lines: Sequence[str]) -> Failure:
    """Return the failure for a script that CPython does not accept, in CPython's own words."""
    line = error.lineno
    column = error.offset if error.offset and error.offset > 0 else None
    if line is not None and column is not None and 1 <= line <= len(lines) and _parses(script):
        # What the compiler finds after parsing is placed in bytes; the parser itself counts characters.
        column = column_of_byte(lines[line - 1], column - 1)
    if error.msg.startswith("f-string: ") and column is not None:
        column = _column_in_f_string(error, column, lines)
    where = "" if line is None else f" (line {line}{'' if column is None else f', column {column}'})"
    report = "".join(format_exception_only(error)).rstrip("\n")
    message = shortened(f"{type(error).__name__}: {error.msg}{where}", _MAX_MESSAGE_CHARACTERS)
    return Failure("SYNTAX_ERROR", message, line, column, shortened(report, _MAX_TRACEBACK_CHARACTERS))


def _column_in_f_string(error: SyntaxError, column: int, lines: Sequence[str]) -> int | None:
    """Up to 3.11 an expression in an f-string is parsed alone, in parentheses, and the column counted in there."""
    line = lines[error.lineno - 1] if error.lineno is not None and 1 <= error.lineno <= len(lines) else ""
    text = (error.text or "").strip()
    if sys.version_info >= (3, 12) or not text.startswith("(") or text in line:
        return column
    inner = text[1:-1]
    return line.index(inner) + column - 1 if line.count(inner) == 1 else None


def _parses(script: str) -> bool:
    try:
        _compile(script, SCRIPT_NAME, "exec", _ast_only, dont_inherit=True)
    except SyntaxError:
        return False
    return True


def describe_compiler_limit(error: Exception) -> Failure:
    """Return the failure for a script that CPython's compiler gives up on: too deep, too large, null bytes."""
    name = type(error).__name__
    if isinstance(error, ValueError):
        return Failure("SYNTAX_ERROR", shortened(f"{name}: {error}", _MAX_MESSAGE_CHARACTERS))
    return Failure("SYNTAX_ERROR", f"{name}: the script nests too deeply or is too large for Python's compiler")

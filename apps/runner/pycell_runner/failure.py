"""What the API is told when a script fails. Runs in the run; everything here reads objects of the script.

The script may have made those objects to hurt: `describe` bounds what it copies, and falls back to the type's
name where the exception itself raises.
"""

from __future__ import annotations

import json
import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Iterator

#: The name under which the script is compiled: tracebacks show it.
SCRIPT_NAME: Final = "script.py"
#: The script's `__name__`. Not `__main__`: a script that ends with `if __name__ == "__main__": main()` must
#: not run twice.
SCRIPT_MODULE: Final = "script"

_MAX_MESSAGE_CHARACTERS: Final = 4_000
_MAX_TRACEBACK_CHARACTERS: Final = 32_000

_dumps: Final = json.dumps


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result: the payload of a FAILURE frame."""

    code: str
    message: str
    line: int | None = None
    column: int | None = None
    traceback: str | None = None

    def to_json(self) -> bytes:
        """Return the payload, ASCII only, so that no character of a message can break it."""
        body = {
            "code": self.code,
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "traceback": self.traceback,
        }
        return _dumps({key: value for key, value in body.items() if value is not None}).encode("ascii")


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def _script_frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SCRIPT_NAME:
            yield trace
        trace = trace.tb_next


def _position(trace: TracebackType | None, lines: list[str]) -> tuple[int | None, int | None]:
    """Return line and column, 1-based, of the innermost frame of the script."""
    innermost = None
    for innermost in _script_frames(trace):
        pass
    if innermost is None:
        return None, None
    line = innermost.tb_lineno
    for index, (start, _, offset, _) in enumerate(innermost.tb_frame.f_code.co_positions()):
        if index == innermost.tb_lasti // 2:
            if start is None or offset is None or not 1 <= start <= len(lines):
                return line, None
            # CPython counts UTF-8 bytes, people count characters.
            before = lines[start - 1].encode("utf-8", "surrogatepass")[:offset]
            return start, len(before.decode("utf-8", "replace")) + 1
    return line, None


def _keep_script_frames(report: traceback.TracebackException, seen: set[int]) -> None:
    if id(report) in seen:
        return
    seen.add(id(report))
    report.stack = traceback.StackSummary.from_list([frame for frame in report.stack if frame.filename == SCRIPT_NAME])
    for linked in (report.__cause__, report.__context__, *(getattr(report, "exceptions", None) or ())):
        if linked is not None:
            _keep_script_frames(linked, seen)


def _format(error: BaseException) -> str:
    report = traceback.TracebackException.from_exception(error, compact=True)
    _keep_script_frames(report, set())
    prefix = f"{SCRIPT_MODULE}."
    lines = "".join(report.format()).splitlines()
    return "\n".join(line[len(prefix) :] if line.startswith(prefix) else line for line in lines)


def exception_name(error: BaseException) -> str:
    """Return the exception's type as a traceback would name it."""
    kind = type(error)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", SCRIPT_MODULE) else f"{module}.{kind.__qualname__}"


def describe(error: BaseException, lines: list[str], code: str = "SCRIPT_ERROR") -> Failure:
    """Return the failure for an exception that the script let through. `lines` are the script's."""
    name = "exception"
    line: int | None = None
    column: int | None = None
    try:
        name = exception_name(error)
        line, column = _position(error.__traceback__, lines)
        text = str(error)
        message = _shortened(f"{name}: {text}" if text else name, _MAX_MESSAGE_CHARACTERS)
        report = _shortened(_format(error), _MAX_TRACEBACK_CHARACTERS)
    except BaseException:  # the exception's own __str__, __module__ or a patched traceback module raised
        message, report = f"{name}: (its message cannot be shown)", None
    where = f" (line {line})" if line is not None else ""
    return Failure(code, f"{message}{where}", line, column, report)


def describe_syntax_error(error: SyntaxError) -> Failure:
    """Return the failure for a script that CPython does not accept, in CPython's own words."""
    line = error.lineno
    column = error.offset if error.offset and error.offset > 0 else None
    where = "" if line is None else f" (line {line}{'' if column is None else f', column {column}'})"
    report = "".join(traceback.format_exception_only(error)).rstrip("\n")
    return Failure("SYNTAX_ERROR", f"{type(error).__name__}: {error.msg}{where}", line, column, report)

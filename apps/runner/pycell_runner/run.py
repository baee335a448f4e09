"""The run: the process that holds one script. Everything here happens after the fork.

Whatever this process says is told by the script's own process, so the supervisor and the API believe none of
it: they check the form of the outcome and measure time and memory themselves.
"""

from __future__ import annotations

import builtins
import io
import linecache
import os
import signal
import sys
import types
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from . import confinement, conversion, failure, limits, linux
from .failure import SCRIPT_MODULE, SCRIPT_NAME, Failure
from .frames import FrameType, encode
from .request import RunRequest

_MAIN_MISSING: Final = "Script must contain a main() function"

# Taken here, before the script can replace them.
_write = os.write
_exit = os._exit
_set_recursion_limit = sys.setrecursionlimit
_RECURSION_LIMIT: Final = sys.getrecursionlimit()


@dataclass(frozen=True, slots=True)
class RunPipes:
    """The write ends that the run is given; the supervisor holds the other ends."""

    stdout: int
    stderr: int
    outcome: int


def run_script(
    request: RunRequest, pipes: RunPipes, isolated: bool, base_address_space: int, supervisor: int
) -> NoReturn:
    """Become the run for `request`: lock this process down, execute the script, write its outcome, exit.

    The exit status is 0 once the outcome is written. Anything else means that there is none.
    """
    outcome_descriptor = pipes.outcome
    try:
        outcome_descriptor = _take_descriptors(pipes, request.limits.open_files)
        _reset_signals()
        _reset_streams()
        linux.die_with_parent(supervisor)
        confinement.confine(request.limits, base_address_space, isolated)
        _send(outcome_descriptor, FrameType.STARTED, str(limits.peak_resident_bytes()).encode())
    except BaseException as error:
        # Not the script's doing, and the script never runs: the reason goes to the service's log.
        _send(outcome_descriptor, FrameType.FAILURE, Failure("INTERNAL", f"{error!r}").to_json())
        _exit(1)
    frame_type, payload = _execute(request)
    _flush()
    try:
        _send(outcome_descriptor, frame_type, payload)
    except OSError:  # the script closed the channel: there is no way left to tell its result
        _exit(EXIT_NO_CHANNEL)
    _exit(0)


EXIT_NO_CHANNEL: Final = 98


def _take_descriptors(pipes: RunPipes, open_files: int) -> int:
    """Arrange the descriptors: 0 is empty, 1 and 2 are the pipes, the outcome channel is the last one.

    The last number, because scripts that close or write to low descriptors by mistake must not meet it.
    """
    outcome = open_files - 1
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0, inheritable=False)
    os.dup2(pipes.outcome, outcome, inheritable=False)
    os.dup2(pipes.stdout, 1, inheritable=True)
    os.dup2(pipes.stderr, 2, inheritable=True)
    limits.close_other_descriptors(frozenset({0, 1, 2, outcome}))
    return outcome


def _reset_signals() -> None:
    """Undo what the supervisor set up for itself: its wake-up pipe and handlers are inherited."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _reset_streams() -> None:
    """Give the script streams of its own, written through: what it printed before it is killed is not lost."""
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(
        io.FileIO(1, "w", closefd=False), encoding="utf-8", write_through=True  # type: ignore[type-var]
    )
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True  # type: ignore[type-var]
    )


def _send(descriptor: int, frame_type: FrameType, payload: bytes) -> None:
    data = memoryview(encode(frame_type, 0, payload))
    while data:
        data = data[_write(descriptor, data) :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # closed or replaced by the script: then there is nothing of ours in it
            continue
    linux.flush_c_streams()


def _execute(request: RunRequest) -> tuple[FrameType, bytes]:
    """Compile and run the script; return the frame that tells how it ended."""
    lines = request.script.splitlines()
    try:
        code = compile(request.script, SCRIPT_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        return FrameType.FAILURE, failure.describe_syntax_error(error).to_json()
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:  # nests too deep for the compiler
        return FrameType.FAILURE, failure.describe(error, lines, "SYNTAX_ERROR").to_json()
    if request.mode == "compile":
        return FrameType.RESULT, b"null"
    try:
        value = _call_main(code, request.script)
    except BaseException as error:
        return FrameType.FAILURE, _why(error, lines).to_json()
    if isinstance(value, Failure):
        return FrameType.FAILURE, value.to_json()
    return _result(value, request)


def _call_main(code: types.CodeType, script: str) -> Any:
    """Execute the module body, then call its `main`; an awaitable is awaited."""
    module = types.ModuleType(SCRIPT_MODULE)
    module.__file__ = SCRIPT_NAME
    module.__dict__["__builtins__"] = builtins
    sys.modules[SCRIPT_MODULE] = module
    sys.argv = [SCRIPT_NAME]
    linecache.cache[SCRIPT_NAME] = (len(script), None, script.splitlines(keepends=True), SCRIPT_NAME)
    exec(code, module.__dict__)
    main = module.__dict__.get("main")
    if not callable(main):
        return Failure("MAIN_MISSING", _MAIN_MISSING)
    value = main()
    if hasattr(type(value), "__await__"):
        import asyncio  # 30 ms that only an `async def main` should pay

        return asyncio.run(_await(value))
    return value


async def _await(value: Any) -> Any:
    return await value


def _why(error: BaseException, lines: list[str]) -> Failure:
    if isinstance(error, MemoryError):
        limits.release_report_reserve()
        return failure.describe(error, lines, "MEMORY_LIMIT")
    if isinstance(error, SystemExit):
        described = failure.describe(error, lines, "SCRIPT_EXITED")
        where = f" (line {described.line})" if described.line is not None else ""
        status = 0 if error.code is None else error.code
        message = f"Script called sys.exit({status!r}) instead of returning from main(){where}"
        return Failure("SCRIPT_EXITED", message[:1000], described.line, described.column)
    return failure.describe(error, lines)


def _result(value: Any, request: RunRequest) -> tuple[FrameType, bytes]:
    """Convert the return value, within its limits of depth and size."""
    _set_recursion_limit(_RECURSION_LIMIT)
    try:
        text = conversion.encode_json(conversion.Converter(request.limits.result_depth).plain(value))
    except conversion.NotSerializable as error:
        return FrameType.FAILURE, Failure("RESULT_NOT_SERIALIZABLE", f"Return value cannot become JSON: {error}").to_json()
    except MemoryError as error:
        return FrameType.FAILURE, _why(error, []).to_json()
    except BaseException as error:  # a method of the script's own type raised while its value was read
        name = failure.exception_name(error)
        problem = f"Return value cannot become JSON: {conversion.type_name(value)} raised {name} while it was read"
        return FrameType.FAILURE, Failure("RESULT_NOT_SERIALIZABLE", problem).to_json()
    if len(text) > request.limits.result_bytes:
        return FrameType.FAILURE, Failure("RESULT_TOO_LARGE", str(len(text))).to_json()
    return FrameType.RESULT, text

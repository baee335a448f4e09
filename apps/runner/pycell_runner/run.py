"""The run: the process that holds one script. Everything here happens after the fork.

Until it has read the RUN frame it is a *spare*, and as trustworthy as its zygote. Whatever it says afterwards is told
by the script's own process, so the supervisor and the API believe none of it: they check the form of the outcome and
measure time and memory themselves.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import io
import os
import resource
import signal
import sys
from dataclasses import dataclass
from typing import Callable, Final, NoReturn

from . import confinement, limits, linux, own_builtins
from .execution import Outcome, execute
from .failure import Failure
from .frames import HEADER_BYTES, FrameType, decode_header, encode_header
from .request import RunLimits, parse_request

#: Exit status of a run that could not write its outcome because the script closed the channel.
EXIT_NO_CHANNEL: Final = 98
#: Exit status of a spare that could not become a run.
EXIT_NOT_STARTED: Final = 1
_CHUNK_BYTES: Final = 64 * 1024

# Taken here, before the script can replace them.
_read = os.read
_write = os.write
_exit = os._exit
_memoryview = memoryview
_usage = resource.getrusage
_RUSAGE_SELF: Final = resource.RUSAGE_SELF
_MemoryError = MemoryError

#: What is said when there is no memory, or no unharmed interpreter, to say more with.
_OUT_OF_MEMORY: Final = (FrameType.FAILURE, Failure("MEMORY_LIMIT", "MemoryError").to_json())
_BROKEN: Final = (
    FrameType.FAILURE,
    Failure("SCRIPT_ERROR", "Script left the interpreter in a state in which its outcome cannot be told").to_json(),
)


@dataclass(frozen=True, slots=True)
class RunDescriptors:
    """What a run is given: its connection to the API, and the write ends of its output pipes."""

    connection: int
    stdout: int
    stderr: int


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What all runs of a zygote have in common."""

    limits: RunLimits
    isolated: bool
    """In a jail: the run gets the filter of system calls."""
    supervisor: int
    """Its pid."""
    isolate: Callable[[int], None]
    """Separates the run of this number from the others, where its jail is not its own. Raises OSError."""
    warm: Callable[[], object]
    """Does ahead what would cost the run time, when the API has time to spare."""


def run_script(number: int, descriptors: RunDescriptors, plan: RunPlan) -> NoReturn:
    """Become run `number`: lock this process down, wait for the script, execute it, write its outcome.

    Then it waits to be killed. It exits by itself only where there is no outcome, or no script.
    """
    connection = plan.limits.open_files - 1
    try:
        _take_descriptors(descriptors, connection)
        _reset_signals()
        plan.isolate(number)
        linux.die_with_parent(plan.supervisor)
        confinement.confine(plan.isolated)
        _tell_ready(connection, number)
        payload = _receive(connection, number, plan)
        if payload is None:
            _exit(0)  # the API has no need of it any more
        request = parse_request(payload)
    except BaseException as error:
        # Not a script's doing, and no script has run: the reason goes to the service's log.
        _send(connection, (FrameType.FAILURE, Failure("INTERNAL", f"{error!r}").to_json()))
        _exit(EXIT_NOT_STARTED)
    # From here on every name that is looked up may have been replaced by the script. A bare `except` looks up none.
    try:
        outcome = execute(request, plan.limits)
    except _MemoryError:
        limits.release_report_reserve()
        outcome = _OUT_OF_MEMORY
    except:  # noqa: E722
        outcome = _BROKEN
    try:
        _flush()
    except:  # noqa: E722 - there is nothing of ours in what cannot be written out
        pass
    try:
        _send(connection, outcome)
        while True:  # stopped, measured and killed from outside; tearing down its memory can wait for the answer
            _read(connection, 1) or _exit(0)
    except:  # noqa: E722 - the script closed the channel: there is no way left to tell its result
        _exit(EXIT_NO_CHANNEL)


def _take_descriptors(given: RunDescriptors, connection: int) -> None:
    """Arrange the descriptors: 0 is empty, 1 and 2 are the pipes, the connection is the last one.

    The last number, because scripts that close or write to low descriptors by mistake must not meet it.
    """
    os.dup2(given.connection, connection, inheritable=False)
    os.dup2(given.stdout, 1, inheritable=True)
    os.dup2(given.stderr, 2, inheritable=True)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0, inheritable=True)
    limits.close_other_descriptors(frozenset({0, 1, 2, connection}))


def _tell_ready(connection: int, number: int) -> None:
    """Say that the script may come, and what this process has used up to here."""
    used = _usage(_RUSAGE_SELF)
    micros = int((used.ru_utime + used.ru_stime) * 1e6)
    # Written by hand, of whole numbers: the encoder would touch pages that most runs have no other use for.
    ready = b'{"residentBytes":%d,"cpuMs":%d.%03d}' % (used.ru_maxrss * 1024, micros // 1000, micros % 1000)
    _write(connection, encode_header(FrameType.READY, number, len(ready)) + ready)


def _receive(connection: int, number: int, plan: RunPlan) -> bytes | None:
    """Wait for the script; None when the API has closed the connection instead."""
    while header := _read_exactly(connection, HEADER_BYTES):
        frame_type, length = decode_header(header)
        payload = _read_exactly(connection, length)
        if frame_type == _RUN:
            return payload
        if frame_type != _WARM:
            raise ValueError(f"expected RUN, got type {frame_type}")
        plan.warm()
        _tell_ready(connection, number)
    return None


#: Comparing with members of an enumeration would touch a few pages more.
_RUN: Final = int(FrameType.RUN)
_WARM: Final = int(FrameType.WARM)


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    """Read so many bytes; None when the stream ends before."""
    data = _read(descriptor, length) if length else b""
    while len(data) < length:
        more = _read(descriptor, length - len(data))
        if not more:
            return None
        data += more
    return data


def prepare_interpreter(isolated: bool) -> None:
    """Set up in this process what its forks need: each page that one of them writes to by itself costs it 3 us."""
    _make_streams()
    if isolated:
        confinement.explain_refused_processes()
    _hide_runner()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _reset_signals() -> None:
    """Undo what the supervisor set up for itself: wake-up pipe and handler are inherited."""
    _set_wakeup_fd(-1)
    _set_signal(_SIGCHLD, _SIG_DFL)
    _set_signal(_SIGINT, _default_int_handler)


# The functions of C: the `signal` module around them makes enumeration members of numbers.
_set_wakeup_fd = _signal.set_wakeup_fd
_set_signal = _signal.signal
_default_int_handler = _signal.default_int_handler
_SIGCHLD: Final = int(signal.SIGCHLD)
_SIGINT: Final = int(signal.SIGINT)
_SIG_DFL: Final = int(signal.SIG_DFL)


def _make_streams() -> None:
    """Give the script streams of its own, written through: what it printed before it is killed is not lost.

    They name descriptors, which the run puts in place; this process has 0, 1 and 2 open for as long.
    """
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(  # type: ignore[misc]
        io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8"
    )
    sys.stdout = sys.__stdout__ = _written_through(1, "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _written_through(2, "backslashreplace")  # type: ignore[misc]
    linux.write_c_lines_through()


def _written_through(descriptor: int, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)


def _hide_runner() -> None:
    """Scripts see the standard library and the packages: `import pycell_runner` fails like any unknown name."""
    own_builtins.leave_no_trace()
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def _send(descriptor: int, frame: Outcome) -> None:
    """Write a frame, a large one without a copy of its payload, for which there may be no memory."""
    frame_type, payload = frame
    if len(payload) < _CHUNK_BYTES:  # in one piece: two would wake the API twice
        pieces: tuple[bytes, ...] = (encode_header(frame_type, 0, len(payload)) + payload,)
    else:
        pieces = (encode_header(frame_type, 0, len(payload)), payload)
    for part in pieces:
        rest = _memoryview(part)
        while rest:
            rest = rest[_write(descriptor, rest) :]


def _flush() -> None:
    """Write out what is left in buffers of C, and of streams that the script put in place of ours."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BaseException:  # closed, deleted or broken by the script
            continue
    linux.flush_c_streams()

"""The run: the process that holds one script. Everything here happens after the fork.

Whatever this process says is told by the script's own process, so the supervisor and the API believe none of
it: they check the form of the outcome and measure time and memory themselves.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from dataclasses import dataclass
from typing import Final, NoReturn

from . import confinement, limits, linux
from .execution import Outcome, execute
from .failure import Failure
from .frames import FrameType, encode_header
from .request import RunRequest

#: Exit status of a run that could not write its outcome because the script closed the channel.
EXIT_NO_CHANNEL: Final = 98

# Taken here, before the script can replace them.
_write = os.write
_exit = os._exit
_memoryview = memoryview
_MemoryError = MemoryError

#: What is said when there is no memory, or no unharmed interpreter, to say more with.
_OUT_OF_MEMORY: Final = (FrameType.FAILURE, Failure("MEMORY_LIMIT", "MemoryError").to_json())
_BROKEN: Final = (
    FrameType.FAILURE,
    Failure("SCRIPT_ERROR", "Script left the interpreter in a state in which its outcome cannot be told").to_json(),
)


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
        _hide_runner()
        linux.die_with_parent(supervisor)
        confinement.confine(request.limits, base_address_space, isolated)
        _send(outcome_descriptor, (FrameType.STARTED, str(limits.peak_resident_bytes()).encode()))
    except BaseException as error:
        # Not the script's doing, and the script never runs: the reason goes to the service's log.
        _send(outcome_descriptor, (FrameType.FAILURE, Failure("INTERNAL", f"{error!r}").to_json()))
        _exit(1)
    # From here on every name that is looked up may have been replaced by the script. A bare `except` looks up none.
    try:
        outcome = execute(request)
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
        _send(outcome_descriptor, outcome)
    except:  # noqa: E722 - the script closed the channel: there is no way left to tell its result
        _exit(EXIT_NO_CHANNEL)
    _exit(0)


def _take_descriptors(pipes: RunPipes, open_files: int) -> int:
    """Arrange the descriptors: 0 is empty, 1 and 2 are the pipes, the outcome channel is the last one.

    The last number, because scripts that close or write to low descriptors by mistake must not meet it.
    """
    outcome = open_files - 1
    os.dup2(pipes.stdout, 1, inheritable=True)
    os.dup2(pipes.stderr, 2, inheritable=True)
    os.dup2(pipes.outcome, outcome, inheritable=False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0, inheritable=True)
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
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def _send(descriptor: int, frame: Outcome) -> None:
    """Write a frame without a copy of its payload, for which there may be no memory."""
    frame_type, payload = frame
    for part in (encode_header(frame_type, 0, len(payload)), payload):
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

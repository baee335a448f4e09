"""The run: a process that executes one script. Called right after the fork; nothing in here runs before it.

Until it has read the RUN frame it is a *spare*, and as trustworthy as its zygote. Whatever it sends afterwards comes
from the script's own process, so the supervisor and the service believe none of it: they check the form of the outcome
and measure time and memory themselves.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
import resource
import signal
import sys
from dataclasses import dataclass
from typing import Callable, Final, NoReturn, Sequence

from ..kernel import descriptors, linux, rlimits
from ..kernel.seccomp import Filter
from ..profiles.work_folder import OUTPUT
from ..protocol.contract import EXIT_WITHOUT_CONNECTION
from ..protocol.frames import HEADER_BYTES, FrameType, decode_header, encode_header
from ..protocol.outcome import Artifact, Outcome, payload_start
from ..protocol.payload import Payload
from ..protocol.request import RunLimits, RunRequest, parse_request
from ..result.failure import Failure
from . import artifacts, belongings, confinement, program_end
from .execution import execute

#: Exit status of a spare that could not become a run.
_EXIT_NOT_STARTED: Final = 1
_CHUNK_BYTES: Final = 64 * 1024

# Taken here, before the script can replace them.
_read = os.read
_write = os.write
_exit = os._exit
_set_blocking = os.set_blocking
_memoryview = memoryview
_usage = resource.getrusage
_RUSAGE_SELF: Final = resource.RUSAGE_SELF
_OUTPUT: Final = f"/{OUTPUT}"
_MemoryError = MemoryError

#: The outcome when there is no memory, or no unharmed interpreter, to make another one with.
_OUT_OF_MEMORY: Final = Failure("MEMORY_LIMIT", "MemoryError").to_outcome()
_BROKEN: Final = Failure(
    "SCRIPT_ERROR", "Script left the interpreter in a state in which its outcome cannot be reported"
).to_outcome()


@dataclass(frozen=True, slots=True)
class RunDescriptors:
    """What a run is given: its connection to the service, and the write ends of its output pipes."""

    connection: int
    stdout: int
    stderr: int
    announced: int | None
    """Tells that the supervisor knows of this run; its end, that the zygote has died before. None: it does know."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What all runs of a zygote have in common."""

    limits: RunLimits
    """What is put on each of them before it has its script."""
    filter: Filter | None
    """Of system calls, which confines the run; None without a jail."""
    supervisor: int
    """Its pid."""
    isolate: Callable[[int], str | None]
    """Separates the run of this number from the others; returns its working folder. Raises OSError."""
    shared_bytes: int
    """What a small script looks at of the memory that it shares with its zygote, and a spare has not looked at yet."""
    shared_bytes_when_warm: int
    """The same of a spare that has been warmed."""
    warm: Callable[[], object]
    """Does ahead what would cost the script time, while the service has no script for this run yet."""


def run_script(number: int, given: RunDescriptors, plan: RunPlan) -> NoReturn:
    """Become run `number`: isolate and confine this process, wait for the script, execute it, send its outcome.

    Then it waits to be killed. It exits by itself only where there is no outcome, or no script.
    """
    connection = plan.limits.open_files - 1
    try:
        _take_descriptors(given, connection)
        _reset_signals()
        if plan.filter is None:
            # A session of its own makes it a leftover to a supervisor that does not know it.
            _wait_until_announced(given.announced)
        folder = plan.isolate(number)
        if plan.filter is not None:
            # Not sooner: by now it has come, and nobody has to wait.
            _wait_until_announced(given.announced)
        linux.die_with_parent(plan.supervisor)
        confinement.confine(plan.filter)
        _send_ready(connection, number, plan.shared_bytes)
        payload = _receive_run(connection, number, plan)
        if payload is None:
            _exit(0)  # the service does not need this spare any more
        request = _take_request(payload, plan.limits, folder is not None)
        output = None if folder is None else folder + _OUTPUT
        known_hooks = program_end.count_hooks()
    except BaseException as error:
        # Not a script's doing, and no script has run: the reason goes to the service's log.
        _send(connection, Failure("INTERNAL", f"{error!r}").to_outcome())
        _exit(_EXIT_NOT_STARTED)
    mode = request.mode
    # From here on every name that is looked up may have been replaced by the script. A bare `except` looks up none.
    try:
        outcome = execute(request)
    except _MemoryError:
        rlimits.release_report_reserve()
        outcome = _OUT_OF_MEMORY
    except:  # noqa: E722
        outcome = _BROKEN
    try:
        program_end.wait_for_rest(known_hooks)
    except:  # noqa: E722 - what cannot be ended is the script's
        pass
    left: Sequence[Artifact] = ()
    try:
        if mode != "program":  # of which nobody wants what it has left: none of its time goes there
            left, failed = artifacts.gather(output, connection, request.limits, mode == "component")
            if failed is not None and outcome[1]:  # else it has a failure already
                outcome = failed.to_outcome()
    except:  # noqa: E722 - it may have broken what gathers them
        left = ()
    try:
        _flush()
    except:  # noqa: E722 - what cannot be flushed is the script's
        pass
    try:
        _set_blocking(connection, True)  # the script may have changed it: neither waits then
        _send(connection, outcome, left)
        while True:  # stopped, measured and killed from outside; tearing down its memory can wait for the answer
            _read(connection, 1) or _exit(0)
    except:  # noqa: E722 - the script has closed the connection: its outcome cannot be sent
        _exit(EXIT_WITHOUT_CONNECTION)


def rehearse(connection: int, plan: RunPlan) -> None:
    """Do in this process what a run does from READY to OUTCOME, and no more. It leaves the interpreter as a script does."""
    _send_ready(connection, 1, plan.shared_bytes)
    payload = _receive_run(connection, 1, plan)
    assert payload is not None
    outcome = execute(parse_request(payload, plan.limits))
    left, _ = artifacts.gather(None, connection, plan.limits)
    _send(connection, outcome, left)


def _take_request(payload: Payload, limits: RunLimits, has_folder: bool) -> RunRequest:
    """Read the request, and put into its places what comes with the script."""
    request = parse_request(payload, limits)
    if request.files or request.stdin_bytes is not None:
        belongings.lay_out(payload, request, has_folder)
    if request.limits is not limits:
        rlimits.narrow_memory(limits.memory_bytes - request.limits.memory_bytes)
    return request


def _take_descriptors(given: RunDescriptors, connection: int) -> None:
    """Arrange the descriptors: 0 is empty, 1 and 2 are the pipes, the connection is the last one.

    The last number, because scripts that close or write to low descriptors by mistake must not meet it.
    """
    os.dup2(given.connection, connection, inheritable=False)
    os.dup2(given.stdout, 1, inheritable=True)
    os.dup2(given.stderr, 2, inheritable=True)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0, inheritable=True)
    kept = {0, 1, 2, connection} if given.announced is None else {0, 1, 2, connection, given.announced}
    descriptors.close_other_descriptors(kept)


def _wait_until_announced(announced: int | None) -> None:
    if announced is not None:
        if not _read(announced, 1):
            _exit(0)  # the zygote died first: nobody would watch this run
        os.close(announced)


def _send_ready(connection: int, number: int, shared_bytes: int) -> None:
    """Say that the script may come, and what this process has used up to here."""
    used = _usage(_RUSAGE_SELF)
    micros = int((used.ru_utime + used.ru_stime) * 1e6)
    # Written by hand, of whole numbers: the encoder would touch pages that most runs have no other use for.
    measures = (used.ru_maxrss * 1024, shared_bytes, micros // 1000, micros % 1000)
    ready = b'{"residentBytes":%d,"sharedBytes":%d,"cpuMs":%d.%03d}' % measures
    _write(connection, encode_header(FrameType.READY, number, len(ready)) + ready)


def _receive_run(connection: int, number: int, plan: RunPlan) -> Payload | None:
    """Wait for RUN and return its payload, which may still be coming; None when the service has closed the connection instead."""
    while header := _read_exactly(connection, HEADER_BYTES):
        frame_type, length = decode_header(header)
        if frame_type == _RUN:
            # Most come as a whole.
            return Payload(connection, _read(connection, min(length, _CHUNK_BYTES)), length)
        if frame_type != _WARM or length:
            raise ValueError(f"expected RUN, got type {frame_type}")
        plan.warm()
        _send_ready(connection, number, plan.shared_bytes_when_warm)
    return None


#: Comparing with members of an enumeration would touch a few pages more.
_RUN: Final = int(FrameType.RUN)
_WARM: Final = int(FrameType.WARM)
_OUTCOME: Final = int(FrameType.OUTCOME)


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    """Read so many bytes; None when the stream ends before."""
    data = _read(descriptor, length) if length else b""
    while len(data) < length:
        more = _read(descriptor, length - len(data))
        if not more:
            return None
        data += more
    return data


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


def _send(descriptor: int, outcome: Outcome, left: Sequence[Artifact] = ()) -> None:
    """Write OUTCOME, a large one without a copy of its result, for which there may be no memory."""
    head, result = payload_start(outcome, left), outcome[1]
    length = len(head) + len(result)
    for _, content in left:
        length += len(content)
    start = encode_header(_OUTCOME, 0, length) + head
    # In one piece where that is small: two would wake the service twice, and it takes few small ones.
    pieces = [start]
    for content in [result, *[content for _, content in left]]:
        if len(pieces[-1]) + len(content) < _CHUNK_BYTES:
            pieces[-1] += content
        else:
            pieces.append(content)
    for part in pieces:
        rest = _memoryview(part)
        while rest:
            rest = rest[_write(descriptor, rest) :]


def _flush() -> None:
    """Write what is left in buffers of C, and of streams that the script put in place of ours."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BaseException:  # closed, deleted or broken by the script
            continue
    linux.flush_c_streams()

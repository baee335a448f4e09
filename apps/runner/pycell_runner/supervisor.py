"""The supervisor: forks the run, watches it, and tells the API how it went. It never touches the script.

It is the only one to measure and to kill: deadline, output limit, processor time and memory of the run are
judged here, outside the process that holds the script. In the jail it is pid 1, so its end is the end of
everything that the run may have started.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import time
from typing import Final, Protocol

from .descendants import kill_descendants
from .frames import Frame, FrameDecoder, FrameError, FrameType, encode
from .request import RunRequest
from .run import RunPipes, run_script
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: Failures carry a message and a traceback, however small the limit for results is. The 36,000 characters that
#: failure.py allows take up to 12 bytes each.
_FAILURE_BYTES: Final = 512 * 1024


class Host(Protocol):
    """The API, as the supervisor sees it."""

    def send(self, data: bytes) -> None:
        """Send whole frames, waiting until they are taken. Does nothing when the API is gone."""

    def fileno(self) -> int: ...

    def cancelled(self, run: int) -> bool:
        """Read what the API has sent, without waiting; True when it cancelled this run or is gone."""


class Supervisor:
    """Serves one run at a time on a connection to the API."""

    def __init__(self, host: Host, isolated: bool) -> None:
        self._host = host
        self._isolated = isolated
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        for descriptor in (self._wake_read, self._wake_write):
            os.set_blocking(descriptor, False)
        # A child's death arrives as a byte on this pipe; a handler must exist for that.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        # The run shares this process's uid: no signal of its may end the supervisor.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self, run: int, request: RunRequest, base_address_space: int) -> None:
        """Run one request to its end and send everything that the API must know of it."""
        readers, pipes = _open_pipes()
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                run_script(request, pipes, self._isolated, base_address_space, supervisor)
            finally:  # never reached; should it be, the run must not go on as a second supervisor
                os._exit(1)
        for descriptor in (pipes.stdout, pipes.stderr, pipes.outcome):
            os.close(descriptor)
        state = RunState(run, request, pid, output_left=request.limits.output_bytes)
        try:
            self._watch(state, readers)
        finally:
            status, usage = self._reap(state)
            self._drain(state, readers)
            for descriptor in (readers.stdout, readers.stderr, readers.outcome):
                os.close(descriptor)
        self._report(state, status, usage)

    def _watch(self, state: RunState, readers: RunPipes) -> None:
        """Relay output until there is a cause for the run to end."""
        decoder = FrameDecoder(max(state.request.limits.result_bytes, _FAILURE_BYTES))
        streams = {readers.stdout: FrameType.STDOUT, readers.stderr: FrameType.STDERR}
        watched = (self._host.fileno(), self._wake_read, *streams, readers.outcome)
        for descriptor in watched:
            self._selector.register(descriptor, selectors.EVENT_READ)
        try:
            if self._host.cancelled(state.run):  # it may have come together with the request
                state.end("cancelled")
            while state.cause is None:
                wait = state.deadline - time.monotonic()
                if wait <= 0:
                    state.end("timeout" if state.started_at is not None else "not-started")
                    break
                for key, _ in self._selector.select(wait):
                    self._handle(key.fd, state, streams, readers.outcome, decoder)
        finally:
            for key in list(self._selector.get_map().values()):
                self._selector.unregister(key.fd)

    def _handle(
        self, descriptor: int, state: RunState, streams: dict[int, FrameType], outcome: int, decoder: FrameDecoder
    ) -> None:
        if descriptor == self._host.fileno():
            if self._host.cancelled(state.run):
                state.end("cancelled")
        elif descriptor == self._wake_read:
            os.read(self._wake_read, _CHUNK_BYTES)
            if os.waitid(os.P_PID, state.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                # What it wrote last is still in the pipe.
                self._read_outcome(outcome, state, decoder)
                state.end("died")
        elif descriptor == outcome:
            if not self._read_outcome(outcome, state, decoder):
                self._selector.unregister(descriptor)
        elif not self._relay(descriptor, streams[descriptor], state):  # readable, so it does not block
            self._selector.unregister(descriptor)

    def _relay(self, descriptor: int, stream: FrameType, state: RunState) -> bool:
        """Pass on one piece of output; False when there will be no more. Output beyond the limit ends the run.

        Raises BlockingIOError when there is nothing to read yet.
        """
        data = os.read(descriptor, _CHUNK_BYTES)
        allowed = data[: state.output_left]
        state.output_left -= len(allowed)
        if allowed:
            self._host.send(encode(stream, state.run, allowed))
        if len(allowed) < len(data):
            state.end_by_output()
            return False
        return len(data) > 0

    def _read_outcome(self, descriptor: int, state: RunState, decoder: FrameDecoder) -> bool:
        """Read what the run says of itself; False at the end of the channel.

        The first frame must be STARTED, sent before the script had a chance to write; the next is the outcome.
        """
        while state.cause is None:
            try:
                data = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                return True
            if not data:
                return False
            try:
                for frame in decoder.feed(data):
                    if state.started_at is None and frame.type is FrameType.STARTED:
                        self._start(state, frame.payload)
                    elif state.started_at is None and frame.type is FrameType.FAILURE:
                        state.end("not-started", frame.payload.decode("utf-8", "replace"))
                    elif state.started_at is not None and frame.type in (FrameType.RESULT, FrameType.FAILURE):
                        _check_size(frame, state.request.limits.result_bytes)
                        state.outcome = encode(frame.type, state.run, frame.payload)
                        state.end("outcome")
                        break
                    else:
                        raise FrameError(f"unexpected {frame.type.name} from the run")
            except FrameError as error:
                state.end("malformed-outcome", str(error))
        return True

    def _start(self, state: RunState, payload: bytes) -> None:
        state.baseline_bytes = int(payload)
        state.started_at = time.monotonic()
        state.deadline = state.started_at + state.request.limits.timeout_ms / 1000
        self._host.send(encode(FrameType.STARTED, state.run))

    def _reap(self, state: RunState) -> tuple[int, resource.struct_rusage]:
        """Kill the run and everything it left behind, wait until it is gone, return status and usage."""
        os.kill(state.pid, signal.SIGKILL)
        _, status, usage = os.wait4(state.pid, 0)
        if not self._isolated:
            kill_descendants()
        return status, usage

    def _drain(self, state: RunState, readers: RunPipes) -> None:
        """Relay what is left in the output pipes, up to the limit."""
        for descriptor, stream in ((readers.stdout, FrameType.STDOUT), (readers.stderr, FrameType.STDERR)):
            try:
                while self._relay(descriptor, stream, state):
                    continue
            except BlockingIOError:  # local mode: a process that could not be found still holds the pipe
                continue

    def _report(self, state: RunState, status: int, usage: resource.struct_rusage) -> None:
        if state.outcome is not None:
            self._host.send(state.outcome)
        ended = json.dumps(state.ended(status, usage)).encode()
        self._host.send(encode(FrameType.ENDED, state.run, ended))


def _open_pipes() -> tuple[RunPipes, RunPipes]:
    """Return the read ends, which never block, and the write ends."""
    ends = [os.pipe() for _ in range(3)]
    for read, _ in ends:
        os.set_blocking(read, False)
    return RunPipes(*(read for read, _ in ends)), RunPipes(*(write for _, write in ends))


def _check_size(frame: Frame, result_bytes: int) -> None:
    """Refuse an outcome over its limit: the run's own check of it may have been tampered with."""
    limit = result_bytes if frame.type is FrameType.RESULT else _FAILURE_BYTES
    if len(frame.payload) > limit:
        raise FrameError(f"{frame.type.name} of {len(frame.payload)} bytes, at most {limit} are allowed")

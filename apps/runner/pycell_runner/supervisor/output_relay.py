"""Passes on to the service what runs print. Called by the supervisor only.

What it costs this process and the service is bounded by time and by bytes, never by how small the pieces are in which a
run prints.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Callable, Final

from ..protocol.frames import FrameType, encode
from .control_connection import ControlConnection
from .event_loop import EventLoop
from .place import take_line
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: After a piece smaller than this, what follows is gathered for a while and read at once.
_SMALL_BYTES: Final = 4 * 1024
_GATHER_SECONDS: Final = 0.003
#: What a pipe holds. Without a jail a script can have larger ones; what is left in them comes with its end.
_PIPE_BYTES: Final = 64 * 1024
#: More than a pipe can hold, each of its buffers read alone. A killed run that is not dead yet may still be writing.
_MAX_DRAIN_READS: Final = 1024


class OutputRelay:
    """Reads the output pipes of runs.

    `on_excess` is called with a run that has printed more than it may; what it may has been passed on then.
    """

    def __init__(self, loop: EventLoop, control: ControlConnection, on_excess: Callable[[RunState], object]) -> None:
        self._loop = loop
        self._control = control
        self._on_excess = on_excess

    def begin(self, run: RunState) -> None:
        """Read what the run prints, from START on, unless the service wants none for now."""
        if _is_readable(run) and not run.is_gathering:
            for descriptor, stream in _streams(run):
                if stream not in run.ended_streams and not self._loop.is_watched(descriptor):
                    self._loop.watch(descriptor, partial(self._read, run))

    def pause(self, run: RunState) -> None:
        """Read nothing of it until `begin`."""
        for descriptor, _ in _streams(run):
            self._stop(descriptor)

    def drain(self, run: RunState) -> None:
        """Pass on what is left in its pipes, and read no more of them."""
        self.pause(run)
        for descriptor, stream in _streams(run):
            # A killed run may be writing still, and what is too much is not passed on.
            self._drain_one(run, descriptor, stream, run.output_left + _CHUNK_BYTES)

    def pass_on_rest(self, run: RunState) -> None:
        """Pass on what is in the pipes of a run that lives. One that writes as fast as it is read from has no more than that."""
        for descriptor, stream in _streams(run):
            self._drain_one(run, descriptor, stream, _PIPE_BYTES)

    def _read(self, run: RunState) -> None:
        """Pass on one piece of each stream. Called when there is one, or when it was waited for long enough.

        Both at the same moment: what is gathered of one must not be overtaken by what was printed to the other after it.
        """
        run.is_gathering = False
        # Of a run that is gone the descriptors may be another's by now.
        if not _is_readable(run):
            return
        if self._control.is_full:  # the service does not read: output has to wait, deadlines do not
            self._read_later(run)
            return
        largest = 0
        for descriptor, stream in _streams(run):
            if stream in run.ended_streams:
                continue
            try:
                data = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                continue
            largest = max(largest, len(data))
            if not data:
                run.ended_streams.add(stream)
                self._stop(descriptor)
            elif not self._pass_on(run, stream, data):
                self.pause(run)
                return
        if 0 < largest < _SMALL_BYTES:
            self._read_later(run)
        else:
            self.begin(run)

    def _read_later(self, run: RunState) -> None:
        self.pause(run)
        run.is_gathering = True
        self._loop.after(_GATHER_SECONDS, partial(self._read, run))

    def _stop(self, descriptor: int) -> None:
        if self._loop.is_watched(descriptor):
            self._loop.unwatch(descriptor)

    def _drain_one(self, run: RunState, descriptor: int, stream: FrameType, left: int) -> None:
        """Pass on what is in one pipe, but for the answer of a run that was asked where it is. Reads no more once `left` has come."""
        gathered: list[bytes] = []
        for _ in range(_MAX_DRAIN_READS):
            try:
                data = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                break
            if not data:
                break
            gathered.append(data)
            left -= len(data)
            if left <= 0:
                break
        rest = b"".join(gathered)
        if run.is_asked and stream is FrameType.STDERR:
            rest, line = take_line(rest)
            run.line = line or run.line
        for start in range(0, len(rest), _CHUNK_BYTES):
            if not self._pass_on(run, stream, rest[start : start + _CHUNK_BYTES]):
                return

    def _pass_on(self, run: RunState, stream: FrameType, data: bytes) -> bool:
        """Send what the run may print; False when that is not all."""
        allowed = data[: run.output_left]
        run.output_bytes += len(allowed)
        if allowed:
            self._control.send(encode(stream, run.number, allowed))
        if len(allowed) == len(data):
            return True
        self._on_excess(run)
        return False


def _streams(run: RunState) -> tuple[tuple[int, FrameType], tuple[int, FrameType]]:
    return (run.stdout, FrameType.STDOUT), (run.stderr, FrameType.STDERR)


def _is_readable(run: RunState) -> bool:
    # What a run answers that was asked where it is, is taken out of the rest.
    return run.started_at is not None and not (run.is_paused or run.is_asked or run.is_ended_sent)

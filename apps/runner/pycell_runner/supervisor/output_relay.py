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
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: After a piece smaller than this, what follows is gathered for a while and read at once.
_SMALL_BYTES: Final = 4 * 1024
_GATHER_SECONDS: Final = 0.003
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
        for descriptor, stream in _streams(run):
            self._watch(run, descriptor, stream)

    def pause(self, run: RunState) -> None:
        """Read nothing of it until `begin`."""
        for descriptor, _ in _streams(run):
            self._stop(descriptor)

    def drain(self, run: RunState) -> None:
        """Pass on what is left in its pipes, and read no more of them."""
        for descriptor, stream in _streams(run):
            self._stop(descriptor)
            self._drain_one(run, descriptor, stream)

    def _watch(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        if _is_readable(run) and not self._loop.is_watched(descriptor):
            self._loop.watch(descriptor, partial(self._read, run, descriptor, stream))

    def _stop(self, descriptor: int) -> None:
        if self._loop.is_watched(descriptor):
            self._loop.unwatch(descriptor)

    def _read(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        """Pass on one piece. Called when there is one, or when it was waited for long enough."""
        # Of a run that is gone the descriptor may be another's by now.
        if not _is_readable(run):
            return
        if self._control.is_full:  # the service does not read: output has to wait, deadlines do not
            self._read_later(run, descriptor, stream)
            return
        try:
            data = os.read(descriptor, _CHUNK_BYTES)
        except BlockingIOError:  # nothing came while it was gathered
            self._watch(run, descriptor, stream)
            return
        if not data or not self._pass_on(run, stream, data):
            self._stop(descriptor)
        elif len(data) < _SMALL_BYTES:
            self._read_later(run, descriptor, stream)
        else:
            self._watch(run, descriptor, stream)

    def _read_later(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        self._stop(descriptor)
        self._loop.after(_GATHER_SECONDS, partial(self._read, run, descriptor, stream))

    def _drain_one(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        gathered = b""
        for _ in range(_MAX_DRAIN_READS):
            try:
                data = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                break
            if not data:
                break
            if len(gathered) + len(data) > _CHUNK_BYTES:
                if not self._pass_on(run, stream, gathered):
                    return
                gathered = b""
            gathered += data
        if gathered:
            self._pass_on(run, stream, gathered)

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
    return run.started_at is not None and not run.is_paused and not run.is_ended_sent

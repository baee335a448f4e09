"""The supervisor's end of its connection to the API. The run closes its copy before it sees the script."""

from __future__ import annotations

import os
import socket
from collections import deque
from typing import Final

from .frames import Frame, FrameDecoder, FrameError, FrameType

_CHUNK_BYTES: Final = 64 * 1024


class SocketHost:
    """The API behind a connected stream socket."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._decoder = FrameDecoder()
        self._frames: deque[Frame] = deque()
        self._gone = False

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        """Send whole frames, waiting until they are taken. Does nothing when the API is gone."""
        if self._gone:
            return
        try:
            self._socket.sendall(data)
        except ConnectionError:  # it went away meanwhile: cancelled() says so
            self._gone = True

    def receive(self) -> Frame | None:
        """Wait for the next frame; None when the API has gone. Raises FrameError for bytes that are no frames."""
        while not self._frames:
            if not self._read(0):
                return None
        return self._frames.popleft()

    def cancelled(self, run: int) -> bool:
        """Read what the API has sent, without waiting; True when it cancelled this run or is gone."""
        try:
            if not self._read(socket.MSG_DONTWAIT):
                return True
        except BlockingIOError:  # nothing new
            pass
        except FrameError:  # a service that is out of step cannot be served any more
            return True
        cancelled = any(frame.type is FrameType.CANCEL and frame.run == run for frame in self._frames)
        self._frames.clear()
        return cancelled

    def _read(self, flags: int) -> bool:
        """Take in one piece of what was sent; False when there will be no more."""
        try:
            data = b"" if self._gone else self._socket.recv(_CHUNK_BYTES, flags)
        except ConnectionError:
            data = b""
        self._frames.extend(self._decoder.feed(data))
        return bool(data)

"""The supervisor's end of its connection to the API."""

from __future__ import annotations

import os
import socket
from typing import Final

from .frames import Frame, FrameDecoder, FrameType

_CHUNK_BYTES: Final = 64 * 1024


class SocketHost:
    """The API behind a connected stream socket."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._decoder = FrameDecoder()

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self) -> Frame | None:
        """Wait for the next frame; None when the API has gone."""
        while True:
            data = self._socket.recv(_CHUNK_BYTES)
            if not data:
                return None
            for frame in self._decoder.feed(data):
                return frame

    def cancelled(self) -> bool:
        """Read what is there; True when it cancels the run or the API is gone."""
        data = self._socket.recv(_CHUNK_BYTES)
        return not data or any(frame.type is FrameType.CANCEL for frame in self._decoder.feed(data))

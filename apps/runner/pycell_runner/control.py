"""The supervisor's end of the control connection to the API. No run ever holds a descriptor of it."""

from __future__ import annotations

import os
import socket
from typing import Final, Iterator

from .frames import Frame, FrameDecoder

_CHUNK_BYTES: Final = 64 * 1024
#: Everything that the API sends on this connection is a header or little more.
_MAX_PAYLOAD_BYTES: Final = 64 * 1024
#: With more than this unsent, runs are no longer read from: an API that does not read slows their output down.
_FULL_BYTES: Final = 8 * 1024 * 1024


class Control:
    """Frames to and from the API over a stream socket that never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        self._decoder = FrameDecoder(_MAX_PAYLOAD_BYTES)
        self._unsent = bytearray()
        self.gone = False
        """The API has closed its end, or died."""

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether the API has yet to read before `flush()` can send the rest."""
        return bool(self._unsent)

    @property
    def is_full(self) -> bool:
        """Whether so much is unsent that nothing more should be read for the API."""
        return len(self._unsent) > _FULL_BYTES

    def send(self, data: bytes) -> None:
        """Send whole frames, now or when the API reads again. Does nothing when it is gone."""
        if self._unsent:
            self._unsent += data
            return
        sent = self._try(data)
        if sent < len(data):
            self._unsent += data[sent:]

    def flush(self) -> None:
        """Send what could not be sent before."""
        del self._unsent[: self._try(self._unsent)]

    def send_rest(self) -> None:
        """Send what is unsent, waiting until the API reads. For the end of this process."""
        self._socket.setblocking(True)
        while self._unsent:
            self.flush()

    def receive(self) -> Iterator[Frame]:
        """Yield the frames that have come, without waiting. Raises FrameError for bytes that are no frames."""
        try:
            data = self._socket.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self.gone = True
        yield from self._decoder.feed(data)

    def _try(self, data: bytes | bytearray) -> int:
        if self.gone:
            return len(data)
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except ConnectionError:  # it went away: there is nobody left to tell
            self.gone = True
            return len(data)

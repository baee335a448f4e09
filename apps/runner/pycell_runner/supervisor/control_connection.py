"""The supervisor's end of the control connection to the service.

Called by the supervisor only. A zygote has no descriptor of it, since it is started by exec; of one run's supervisor
the run closes it right after the fork.
"""

from __future__ import annotations

import os
import socket
from typing import Final, Iterator

from ..protocol.frames import Frame, FrameDecoder

_CHUNK_BYTES: Final = 64 * 1024
#: Everything that the service sends on this connection is a header or little more.
_MAX_PAYLOAD_BYTES: Final = 64 * 1024
#: With more than this unsent, runs are no longer read from: a service that does not read slows their output down.
_FULL_BYTES: Final = 8 * 1024 * 1024


class ControlConnection:
    """Frames to and from the service over a stream socket that never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        self._decoder = FrameDecoder(_MAX_PAYLOAD_BYTES)
        self._unsent = bytearray()
        self.is_closed = False
        """The service has closed its end, or died."""

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether the service has yet to read before `flush()` can send the rest."""
        return bool(self._unsent)

    @property
    def is_full(self) -> bool:
        """Whether so much is unsent that nothing more should be read for the service."""
        return len(self._unsent) > _FULL_BYTES

    def send(self, data: bytes) -> None:
        """Send whole frames, now or when the service reads again. Does nothing when it is closed."""
        if self._unsent:
            self._unsent += data
            return
        sent = self._send_some(data)
        if sent < len(data):
            self._unsent += data[sent:]

    def flush(self) -> None:
        """Send what could not be sent before."""
        del self._unsent[: self._send_some(self._unsent)]

    def send_rest(self) -> None:
        """Send what is unsent, waiting until the service reads. For the end of this process."""
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
            self.is_closed = True
        yield from self._decoder.feed(data)

    def _send_some(self, data: bytes | bytearray) -> int:
        """Send what can be sent without waiting; return how many bytes are done with."""
        if self.is_closed:
            return len(data)
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except ConnectionError:  # nobody is left to read it
            self.is_closed = True
            return len(data)

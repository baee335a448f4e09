"""The payload of a RUN frame, while it comes: what is large in it goes on to files, and is never held as a whole.

Read by the run, before it executes the script.
"""

from __future__ import annotations

import os
from typing import Final

_CHUNK_BYTES: Final = 64 * 1024
_read = os.read
_write = os.write


class Payload:
    """Hands out a payload of a known length piece by piece."""

    __slots__ = ("_descriptor", "_buffer", "_at", "left")

    def __init__(self, descriptor: int, buffer: bytes, length: int) -> None:
        """`buffer`: what has been read of it already; the rest comes from the descriptor."""
        self._descriptor = descriptor
        self._buffer = buffer
        self._at = 0
        self.left = length
        """Bytes that have not been taken."""

    def take(self, length: int) -> bytes:
        """Return the next bytes. Raises EOFError where there are not so many."""
        start = self._at
        end = start + length
        if end > len(self._buffer):
            return self._take_more(length)
        self._at = end
        self.left -= length
        return self._buffer[start:end]

    def copy(self, length: int, target: int) -> None:
        """Write the next bytes to a descriptor. Raises EOFError where there are not so many, OSError where it takes none."""
        while length > 0:
            piece = self.take(min(length, _CHUNK_BYTES))
            length -= len(piece)
            while piece:
                piece = piece[_write(target, piece) :]

    def _take_more(self, length: int) -> bytes:
        if length > self.left:
            raise EOFError(f"the payload has {self.left} bytes left, not {length}")
        pieces = [self._buffer[self._at :]]
        missing = length - len(pieces[0])
        while missing > 0:
            piece = _read(self._descriptor, missing)
            if not piece:
                raise EOFError("the connection ended within the payload")
            pieces.append(piece)
            missing -= len(piece)
        self._buffer, self._at = b"", 0
        self.left -= length
        return b"".join(pieces)

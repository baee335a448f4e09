"""The frames that the service, the supervisor and runs exchange; docs/protocol.md is the specification.

The supervisor uses it on the control connection. A run uses the header alone, on its own connection, on both sides of
the script: what it needs afterwards is taken at import.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Iterator

#: type (u8), flags (u8, zero), reserved (u16, zero), run number (u32), payload length (u32); big-endian.
_HEADER: Final = struct.Struct("!BBHII")
HEADER_BYTES: Final = _HEADER.size

#: Payloads above this are refused by every decoder, whatever the limits of a run say.
MAX_PAYLOAD_BYTES: Final = 256 * 1024 * 1024


class FrameType(IntEnum):
    """What a frame means. Below 16: sent by the service; from 16 on: sent by the runner."""

    RUN = 1
    CANCEL = 2
    START = 3
    FINISH = 4
    WARM = 5
    PAUSE = 6
    RESUME = 7
    PING = 8
    HELLO = 16
    READY = 17
    STDOUT = 18
    STDERR = 19
    OUTCOME = 20
    ENDED = 21
    GONE = 22
    ZYGOTE = 23
    PONG = 24
    LOST = 25


_KNOWN_TYPES: Final = frozenset(int(member) for member in FrameType)


class FrameError(Exception):
    """The bytes are not a frame: unknown type, a reserved field that is set, or a payload over the limit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. `run` numbers the run it belongs to, zero where it belongs to none."""

    type: FrameType
    run: int
    payload: bytes


def encode_header(frame_type: int, run: int, payload_bytes: int) -> bytes:
    """Return the 12 bytes that go before a payload of `payload_bytes`, for a writer that cannot spare a copy."""
    return _HEADER.pack(frame_type, 0, 0, run, payload_bytes)


def encode(frame_type: FrameType, run: int, payload: bytes = b"") -> bytes:
    """Return the frame's bytes: 12 of header, then the payload."""
    return encode_header(frame_type, run, len(payload)) + payload


def decode_header(header: bytes | bytearray, max_payload_bytes: int = MAX_PAYLOAD_BYTES) -> tuple[int, int]:
    """Return the type and the length of the payload. Raises FrameError where it is not a valid header."""
    type_number, flags, reserved, _, length = _HEADER.unpack_from(header)
    if type_number not in _KNOWN_TYPES or flags != 0 or reserved != 0:
        raise FrameError(f"not a frame header: {bytes(header[:HEADER_BYTES]).hex()}")
    if length > max_payload_bytes:
        raise FrameError(f"payload of {length} bytes, at most {max_payload_bytes} are allowed")
    return type_number, length


class FrameDecoder:
    """Cuts a stream of bytes, fed in any pieces, into frames.

    `max_payload_bytes` bounds what a hostile peer can make the decoder hold.
    """

    def __init__(self, max_payload_bytes: int = MAX_PAYLOAD_BYTES) -> None:
        self._max_payload_bytes = max_payload_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take `data` when the iteration begins, and yield each frame that it completes.

        Raises FrameError as soon as a header is not valid; the stream is useless from there on.
        """
        self._buffer += data
        while len(self._buffer) >= HEADER_BYTES:
            type_number, length = decode_header(self._buffer, self._max_payload_bytes)
            if len(self._buffer) < HEADER_BYTES + length:
                return
            _, _, _, run, _ = _HEADER.unpack_from(self._buffer)
            payload = bytes(self._buffer[HEADER_BYTES : HEADER_BYTES + length])
            del self._buffer[: HEADER_BYTES + length]
            yield Frame(FrameType(type_number), run, payload)

"""Takes streams apart: lines of NDJSON, and server-sent events. Only LF ends a line here, as the service writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ._wire import WireError


class LineSplitter:
    """Makes lines of chunks, in time that grows with their size alone: a line of many megabytes is put together once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Return the lines that end in this chunk, without their ends."""
        *ended, rest = chunk.split(b"\n")
        for line in ended:
            self._pieces.append(line)
            yield b"".join(self._pieces)
            self._pieces.clear()
        if rest:
            self._pieces.append(rest)


    def begins_with(self, first: bytes) -> bool:
        """Return whether the line that has not ended begins with this byte, as far as it has begun."""
        return not self._pieces or self._pieces[0].startswith(first)


@dataclass(frozen=True, slots=True)
class Frame:
    """A server-sent event."""

    number: int
    kind: str
    data: bytes


class FrameReader:
    """Makes server-sent events of chunks. An event that is cut off is dropped: who comes again gets it whole."""

    def __init__(self) -> None:
        self._lines = LineSplitter()
        self._fields: dict[bytes, bytes] = {}

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Return the events that end in this chunk. Raises WireError."""
        for line in self._lines.feed(chunk):
            if line:
                name, _, value = line.partition(b":")
                if name:  # else a comment, which is a sign of life
                    self._fields[name] = value.removeprefix(b" ")
            elif self._fields:
                fields, self._fields = self._fields, {}
                yield _frame(fields)


def _frame(fields: dict[bytes, bytes]) -> Frame:
    number = fields.get(b"id", b"")
    if not (number.isdigit() and len(number) <= 10):
        raise WireError("an event without a number")
    return Frame(int(number), fields.get(b"event", b"").decode("utf-8", "replace"), fields.get(b"data", b""))

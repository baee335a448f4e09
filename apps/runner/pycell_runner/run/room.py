"""The room that the files and figures of a run have together. Called by the run, after the script."""

from __future__ import annotations

import os
from typing import Final, Sequence

from ..protocol.outcome import Artifact
from ..result import failure
from ..result.artifact_names import safe_name
from ..result.json_text import encode_ascii_json

_STDERR: Final = 2
_MAX_NOTE_CHARACTERS: Final = 2_000

_write = os.write
_len = len
_OSError = OSError


class TooLarge(Exception):
    """There is more than the limits allow; the message says what."""


class Room:
    """What has been gathered, and how much more there may be.

    `most`, `most_bytes`: files and figures, and their bytes together. `leaves_out`: what does not fit is left out, and the
    rest is kept; else it is an error.
    """

    def __init__(self, most: int, most_bytes: int, leaves_out: bool) -> None:
        self.most = most
        self.bytes_left = most_bytes
        self.leaves_out = leaves_out
        self.artifacts: list[Artifact] = []
        self.left_out: list[str] = []
        """Why, for each that was left out."""
        self._most_bytes = most_bytes
        self._taken: set[str] = set()

    def add(self, path: str, content: bytes) -> None:
        """Add what fits, under a safe name that nothing else has."""
        self.bytes_left -= _len(content)
        name = safe_name(path, self._taken)
        self._taken.add(name)
        self.artifacts.append((encode_ascii_json(name), content))

    def add_figures(self, figures: Sequence[tuple[str, bytes]]) -> None:
        """Add what was drawn behind the files, which keep their names. Raises TooLarge."""
        files = _len(self.artifacts)
        for name, content in figures:
            if _len(self.artifacts) >= self.most:
                self.leave_out(f"there are {_len(figures)} open figures and {files} files")
            elif _len(content) > self.bytes_left:
                self.leave_out(f"with {name}, which has {_len(content)} bytes, they are larger")
            else:
                self.add(name, content)

    def leave_out(self, why: str) -> None:
        """Note why something is left out. Raises TooLarge where nothing may be."""
        if not self.leaves_out:
            raise TooLarge(why)
        self.left_out.append(why)

    def tell_left_out(self) -> None:
        """Write what was left out to stderr, in one line, where something was."""
        if not self.left_out:
            return
        text = f"Not all files and figures are kept (at most {self.most}, of {self._most_bytes} bytes together): {'; '.join(self.left_out)}"
        line = failure.shortened(text, _MAX_NOTE_CHARACTERS).replace("\n", " ")
        rest = f"{line}\n".encode("utf-8", "backslashreplace")
        try:
            while rest:
                rest = rest[_write(_STDERR, rest) :]
        except _OSError:
            return  # closed by the script

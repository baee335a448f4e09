"""Reports what is being done and how long it took; called by every module that takes time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """One line per step on `stream`: what is done, then its seconds."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announces `text` before the work, so that a long step is not mistaken for a hang."""
        started = time.monotonic()
        self._stream.write(f"{text} ...")
        self._stream.flush()
        try:
            yield
        except BaseException:
            self._stream.write(" failed\n")
            self._stream.flush()
            raise
        self._stream.write(f" {time.monotonic() - started:.1f} s\n")
        self._stream.flush()

    def note(self, text: str) -> None:
        """A fact worth a line of its own, such as a module that had to be left out."""
        self._stream.write(f"{text}\n")
        self._stream.flush()

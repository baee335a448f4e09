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
        self._write(f"{text} ...")
        try:
            yield
        except BaseException:
            self._write(" failed\n")
            raise
        self._write(f" {time.monotonic() - started:.1f} s\n")

    def note(self, text: str) -> None:
        """A fact worth a line of its own, such as a module that had to be left out."""
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        print(text, end="", file=self._stream, flush=True)

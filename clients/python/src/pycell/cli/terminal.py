"""Writes what scripts print. A terminal obeys what is printed on it, so there only text is let through."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TextIO

#: What reverses the order of what is read, and halves of surrogate pairs.
_DECEIVING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_has_control = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]").search
_REPLACEMENT: Final = "\ufffd"


class _State(Enum):
    TEXT = auto()
    ESCAPE = auto()
    """Behind ESC."""
    SEQUENCE = auto()
    """In a control sequence, which ends with a letter."""
    STRING = auto()
    """In a string to the terminal, such as its title, which ends with BEL or ST."""


class TerminalText:
    """Takes escape sequences and control characters out of text that comes in pieces.

    What is left cannot come together to a new sequence: no control character is in it but tabs and line ends. A carriage return
    alone, which would write over its line, is a line end.
    """

    def __init__(self) -> None:
        self._state = _State.TEXT
        self._is_behind_return = False

    def feed(self, text: str) -> str:
        """Return what may be shown of the next piece."""
        text = _DECEIVING.sub(_REPLACEMENT, text)
        if self._state is _State.TEXT and not self._is_behind_return and not _has_control(text):
            return text
        return "".join(map(self._next, text))

    def _next(self, each: str) -> str:
        was_behind_return, self._is_behind_return = self._is_behind_return, False
        if each == "\n":
            # Ends whatever is open: nothing hides more than its own line.
            self._state = _State.TEXT
            return "" if was_behind_return else "\n"
        match self._state:
            case _State.TEXT:
                return self._text(each)
            case _State.ESCAPE:
                self._state = self._behind_escape(each)
            case _State.SEQUENCE:
                return self._sequence(each)
            case _State.STRING:
                if each in "\x07\x9c":
                    self._state = _State.TEXT
                elif each == "\x1b":
                    self._state = _State.ESCAPE
        return ""

    def _text(self, each: str) -> str:
        if each == "\r":
            self._is_behind_return = True
            return "\n"
        if each == "\x1b":
            self._state = _State.ESCAPE
        elif each == "\x9b":
            self._state = _State.SEQUENCE
        elif each in "\x90\x98\x9d\x9e\x9f":
            self._state = _State.STRING
        elif each == "\t" or not _has_control(each):
            return each
        return ""

    def _behind_escape(self, each: str) -> _State:
        if each == "[":
            return _State.SEQUENCE
        if each in "]PX^_":
            return _State.STRING
        # Between: a sequence of several characters, such as the choice of a character set.
        return _State.ESCAPE if " " <= each <= "/" or each == "\x1b" else _State.TEXT

    def _sequence(self, each: str) -> str:
        if " " <= each <= "?":
            return ""
        self._state = _State.TEXT
        # A character that cannot be in one breaks it off.
        return "" if "@" <= each <= "~" else self._text(each)


class OutputLost(Exception):
    """The output cannot be written. `is_left`: nobody reads it any more. The text says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or type(error).__name__)
        self.is_left = error.errno == errno.EPIPE


@dataclass(slots=True)
class _Line:
    """The line that is written on, which two outputs share where both go to the terminal."""

    is_begun: bool = False


class Output:
    """Standard output or standard error. One that was closed before we began takes anything, and it goes nowhere."""

    def __init__(self, stream: TextIO | None, beside: Output | None = None) -> None:
        self._stream = stream
        self._shown = TerminalText() if stream is not None and stream.isatty() else None
        both = beside is not None and beside._shown is not None and self._shown is not None
        self._line: _Line = beside._line if beside is not None and both else _Line()

    def write(self, text: str) -> None:
        """Write a piece, as it comes to a file, and as text alone to a terminal. Raises OutputLost."""
        if self._shown is not None:
            text = self._shown.feed(text)
        if not text or self._stream is None:
            return
        self._line.is_begun = not text.endswith("\n")
        # As bytes: no line end becomes another one, and no character stops it.
        encoding = self._stream.encoding if self._shown is not None else "utf-8"
        try:
            self._stream.buffer.write(text.encode(encoding or "utf-8", "replace"))
            self._stream.flush()
        except OSError as error:
            self._give_up(self._stream)
            raise OutputLost(error) from None

    def line(self, text: str) -> None:
        """Write a line of its own: what a script has printed last may have had no line end. Raises OutputLost."""
        if self._line.is_begun:
            self.write("\n")
        # A sequence that is still open does not reach into it.
        self._shown = TerminalText() if self._shown is not None else None
        self.write(text if text.endswith("\n") else f"{text}\n")

    def _give_up(self, stream: TextIO) -> None:
        """Let what comes go nowhere: Python would write what is left once more when it ends, and complain."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)

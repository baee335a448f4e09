"""The script's text as CPython's tokenizer sees it. Called by the run, before the script and after it failed."""

from __future__ import annotations

import re
from typing import Final

#: What ends a line for CPython. `str.splitlines` would also split at form feeds, U+2028 and others.
_split_lines: Final = re.compile(r"\r\n|\r|\n").split


def source_lines(script: str) -> list[str]:
    """Return the script's lines without their ends."""
    return _split_lines(script)


def column_of_byte(line: str, offset_bytes: int) -> int:
    """Return the 1-based column in code points for CPython's 0-based offset in UTF-8 bytes."""
    return len(line.encode("utf-8", "surrogatepass")[:offset_bytes].decode("utf-8", "replace")) + 1

"""Makes names of artifacts that a client can take for relative paths. Called by the run, after the script.

The service looks again, by the same rules: libs/sandbox/src/protocol/artifact-name.ts.
"""

from __future__ import annotations

import re
from typing import Container, Final
from unicodedata import category

from ..protocol.contract import FILE_NAME_BYTES, FILE_NAME_STEPS

#: What separates folders, drives and streams on Windows, or is a pattern to a shell.
_SEPARATORS: Final = frozenset('\\:*?"<>|')
#: Control, format and separator characters, halves of surrogate pairs, and what this Python does not know.
_UNSAFE_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
_is_device = re.compile(r"(?:con|prn|aux|nul|com[0-9\xb9\xb2\xb3]|lpt[0-9\xb9\xb2\xb3]|conin\$|conout\$)(?:\.|\Z)", re.IGNORECASE).match
#: What is longer is no extension, and is cut like the rest of a name.
_MAX_EXTENSION: Final = 16
_category = category
_len = len
_range = range


def safe_name(path: str, taken: Container[str]) -> str:
    """Return the name for a file at a path relative to output/: the path itself, where it is safe and not taken."""
    steps = [_safe_step(step) for step in path.split("/")]
    if _len(steps) > FILE_NAME_STEPS:
        steps = [*steps[: FILE_NAME_STEPS - 1], "_".join(steps[FILE_NAME_STEPS - 1 :])]
    name = "/".join(steps)
    if _len(name.encode()) > FILE_NAME_BYTES:
        name = _safe_step(_cut(steps[-1], ""))
    stem, dot, extension = name.rpartition(".")
    if not stem or "/" in extension or _len(extension) > _MAX_EXTENSION:
        stem, dot, extension = name, "", ""
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}{dot}{extension}"
        if _len(name.encode()) > FILE_NAME_BYTES:
            name = _cut(stem.rpartition("/")[2], f"-{number}{dot}{extension}")
    return name


def _safe_step(step: str) -> str:
    safe = "".join(["_" if each in _SEPARATORS or _category(each) in _UNSAFE_CATEGORIES else each for each in step])
    if safe.rstrip(". ") != safe:
        safe = safe.rstrip(". ") + "_"
    return f"_{safe}" if not safe or safe[0] in " ~" or _is_device(safe) else safe


def _cut(text: str, end: str) -> str:
    """Return the text with that end, cut before it so that both fit."""
    room = FILE_NAME_BYTES - _len(end.encode())
    return text.encode()[: max(room, 0)].decode("utf-8", "ignore").rstrip(". ") + end

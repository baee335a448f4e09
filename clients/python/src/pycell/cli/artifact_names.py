"""Which names of artifacts may become files. They come from hostile runs, by a service that may be a foreign one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MOST_BYTES: Final = 255
_MOST_STEPS: Final = 8
#: What separates folders, drives and streams on Windows, or is a pattern to a shell.
_SEPARATORS: Final = frozenset('\\:*?"<>|')
#: Control, format and separator characters, halves of surrogate pairs, and what this Python does not know.
_UNSAFE_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
_is_device = re.compile(
    r"(?:con|prn|aux|nul|com[0-9\xb9\xb2\xb3]|lpt[0-9\xb9\xb2\xb3]|conin\$|conout\$) *(?:\.|\Z)", re.IGNORECASE
).match


def reason_against(name: str) -> str | None:
    """Return why no file may be called so, in words; None where one may."""
    if any(unicodedata.category(each) in _UNSAFE_CATEGORIES for each in name):
        return "it has characters that cannot be seen"
    if len(name.encode()) > _MOST_BYTES:
        return f"it has more than {_MOST_BYTES} bytes"
    if name.startswith("/"):
        return "it is absolute"
    if _SEPARATORS & set(name):
        return "it has characters that are not safe on every system"
    steps = name.split("/")
    if len(steps) > _MOST_STEPS:
        return f"it has more than {_MOST_STEPS} steps"
    for step in steps:
        if reason := _reason_against_step(step):
            return reason
    return None


def _reason_against_step(step: str) -> str | None:
    if step in ("", ".", ".."):
        return "it leads elsewhere"
    if step.startswith("."):
        # .bashrc, .git, .env: what programs read without being told to.
        return "it would be hidden"
    if step.startswith(("~", "-", " ")):
        return "it begins with what a shell reads as something else"
    if step.endswith((".", " ")):
        return "Windows would leave out its end"
    if _is_device(step):
        return "it is a device on Windows"
    return None


def folded(name: str) -> str:
    """Return what is the same for names that some file system takes for one: in capitals or not, composed or not."""
    # Twice: folding can decompose, and composing can bring forth what folds again.
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return unicodedata.normalize("NFKC", once.casefold())

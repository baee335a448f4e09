"""Reads where a run was when its time was over, from what it wrote to stderr. Called by the supervisor only.

It is the run's own process that writes this: a script can spoil or forge it. It serves for a hint, and for nothing else.
"""

from __future__ import annotations

import re
from typing import Final

#: As `faulthandler` writes the stack of one thread, innermost frame first; nothing may follow it but other output.
_STACK: Final = re.compile(
    rb"(?:Stack|Current thread 0x[0-9a-f]{1,16}(?: \[[^\n\]]{0,40}\])?) \(most recent call first\):\n"
    rb'(?:  File "[^"\n]{0,600}", line [0-9]{1,9} in [^\n]{1,600}\n|  \.\.\.\n){1,101}'
)
#: It is the last that a run writes, and no script shall have the supervisor search through all that it printed.
_TAIL_BYTES: Final = 64 * 1024
_SCRIPT_LINE: Final = re.compile(rb'^  File "script\.py", line ([0-9]{1,9}) in ', re.MULTILINE)


def take_line(stderr: bytes) -> tuple[bytes, int | None]:
    """Return what else was printed, and the line of the script that was running; None where there is none in it."""
    found = None
    for found in _STACK.finditer(stderr, max(0, len(stderr) - _TAIL_BYTES)):
        pass  # the last one: what a script printed before may look like it
    if found is None:
        return stderr, None
    line = _SCRIPT_LINE.search(found[0])
    return stderr[: found.start()] + stderr[found.end() :], int(line[1]) if line else None

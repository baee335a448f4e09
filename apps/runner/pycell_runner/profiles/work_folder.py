"""The folder that a script finds itself in. Called by the run, while it isolates itself."""

from __future__ import annotations

import os
from typing import Callable, Final

#: Of a jail. In local mode it is a folder of the run's own.
WORK_IN_JAIL: Final = "/tmp/work"
#: Below it; what a script leaves here is its artifacts.
OUTPUT: Final = "output"
_ONLY_OWN: Final = 0o700
_mkdir = os.mkdir
_chdir = os.chdir


def separate_and_enter(separate: Callable[[int], object], number: int) -> str:
    """Separate the run of this number from the others of a jail, then do as `enter_new`."""
    separate(number)
    return enter_new(WORK_IN_JAIL)


def enter_new(folder: str) -> str:
    """Make the folder, with its output/, and go there. Returns it. Raises OSError."""
    _mkdir(folder, _ONLY_OWN)
    return enter(folder)


def enter(folder: str) -> str:
    """The same where the folder is there already."""
    _chdir(folder)
    _mkdir(OUTPUT, _ONLY_OWN)
    return folder

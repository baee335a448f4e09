"""The signal by which a run is asked where it is. Used by whoever forks runs, and by the supervisor.

The handler is C code of `faulthandler`: it answers within C code of others too, and costs a run nothing until then.
"""

from __future__ import annotations

import faulthandler
import signal
from typing import Final

#: A standard signal: one of those that queue could not be sent to a run whose queue is full.
PLACE_SIGNAL: Final = signal.SIGUSR2
_STDERR: Final = 2


def answer_on_stderr() -> None:
    """Have forks of this process write their Python stack to stderr when they are asked. A script may undo it."""
    faulthandler.register(PLACE_SIGNAL, file=_STDERR, all_threads=False, chain=False)

"""Runs a check in a fork, for what a process cannot take back: limits, signal handlers, what it has learned."""

from __future__ import annotations

import os
import traceback
from typing import Callable


def in_child(check: Callable[[], object]) -> int:
    """Run a check in a fork. Returns its exit status: 0 when it passed; else what it raised is on stderr."""
    pid = os.fork()
    if pid == 0:
        try:
            check()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

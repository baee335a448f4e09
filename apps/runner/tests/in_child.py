"""Runs a check in a fork, for what a process cannot take back: limits, signal handlers, what it has learned."""

from __future__ import annotations

import os
import signal
import traceback
from contextlib import suppress
from pathlib import Path
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
            _kill_children()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def passes_once(check: Callable[[], object]) -> bool:
    """Whether one of some tries passes in a fork: steps of a check may be so short that what else the machine does mixes them up."""
    return any(in_child(check) == 0 for _ in range(5))


def _kill_children() -> None:
    """Runs of a check that failed may wait for ever, and would hold the output of the tests open."""
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            with suppress(OSError):
                # A check may have replaced os.kill.
                signal.pidfd_send_signal(os.pidfd_open(int(pid)), signal.SIGKILL)

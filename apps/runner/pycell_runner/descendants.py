"""Ends what a run left behind where no pid namespace does it: local mode. Called by the supervisor after the run.

The supervisor is a child subreaper there, so a process that left its parent, its group and its session is still
its descendant.
"""

from __future__ import annotations

import os
import signal


def kill_descendants() -> None:
    """Kill every child of this process, and theirs as they arrive, until none is left."""
    while True:
        for pid in _children():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # it ended by itself in between
                continue
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:  # no child is left
            return


def _children() -> list[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]
    except FileNotFoundError:  # a kernel without CONFIG_PROC_CHILDREN, or a system without /proc
        return _children_by_search()


def _children_by_search() -> list[int]:
    if not os.path.isdir("/proc"):
        return []
    mine = str(os.getpid())
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                # The name in parentheses may hold anything; state and parent follow the last one.
                parent = file.read().rpartition(")")[2].split()[1]
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
        if parent == mine:
            found.append(int(name))
    return found

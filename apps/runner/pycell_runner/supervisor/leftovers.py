"""Kills what a run left behind where no pid namespace does it: local mode. Called by the supervisor, after a run.

Every run is a child subreaper of its own and the leader of a session of its own, and so is the supervisor: what a run
started and did not wait for becomes the supervisor's child when the run is gone, whatever it did to hide.
"""

from __future__ import annotations

import os
import signal
from typing import Callable, Collection


def kill_leftovers(known: Callable[[], Collection[int]]) -> None:
    """Kill every child of this process whose pid is not `known`, and their children as they are adopted.

    A child in this process's own session is a zygote, or a run that is not announced yet: a run starts a session of its
    own only after its announcement, which is why `known` is asked after the children. No process can join a session.
    """
    while True:
        children = [pid for pid in _children() if not _is_in_own_session(pid)]
        leftovers = set(children).difference(known())
        if not leftovers:
            return
        for pid in leftovers:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):  # it has ended by itself, and was waited for
                continue


def _is_in_own_session(pid: int) -> bool:
    try:
        return os.getsid(pid) == os.getsid(0)
    except ProcessLookupError:
        return True


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
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        if parent == mine:
            found.append(int(name))
    return found

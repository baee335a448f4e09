"""Confines the run's process. Called by the run after the fork, before it has its script; the rest before the fork.

The order matters: limits first (they need no privilege but the later steps refuse to change them; most are
inherited), then undumpable, no_new_privs, and the seccomp filter last, since it forbids all of the above.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, Final, NoReturn

from ..kernel import linux, rlimits
from ..kernel.seccomp import Filter

_NO_PROCESSES: Final = "a script may not start processes: the sandbox allows threads only"


def confine(filter: Filter | None) -> None:
    """Apply what is not inherited: the limit that counts from the fork on and, in a jail, everything that keeps the
    run inside its process. `filter`: the run's, None without a jail.

    Raises OSError where the kernel refuses a step: the run must not go on then.
    """
    rlimits.limit_cpu_time()
    if filter is None:
        return
    linux.forbid_tracing()
    linux.forbid_new_privileges()
    filter.install()


def wait_by_poll() -> None:
    """Make asyncio and others wait by poll(), here and in forks: the filter has no epoll.

    What a kernel keeps for epoll it counts for the user of the service, and one run could use it up for all. A module
    `selectors` that is loaded later finds out by itself.
    """
    selectors: Any = sys.modules.get("selectors")
    if selectors is not None:
        selectors.DefaultSelector = selectors.PollSelector


def _refuse_process(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError(errno.EPERM, _NO_PROCESSES)


def explain_refused_processes() -> None:
    """Make `os.fork` and `subprocess` say why they fail, here and in forks. The filter is what stops them."""
    import _posixsubprocess

    # subprocess takes fork_exec or, since 3.13 for some calls, posix_spawn.
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp"):
        setattr(os, name, _refuse_process)
    _posixsubprocess.fork_exec = _refuse_process

"""Locks the run's process down. Called by the run after the fork, before it executes the script.

The order matters: limits first (they need no privilege but the later steps refuse to change them; most are
inherited), then undumpable, no_new_privs, and the seccomp filter last, since it forbids all of the above.
"""

from __future__ import annotations

import errno
import os
from typing import Any, Final, NoReturn

from . import linux, seccomp
from .limits import limit_processor_time

_NO_PROCESSES: Final = "a script may not start processes: the sandbox allows threads only"


#: Built before the fork, once for all runs.
_FILTER: Final = seccomp.Filter()


def confine(isolated: bool) -> None:
    """Apply what is not inherited: the limit that counts from the fork on and, in the jail (`isolated`), everything
    that keeps the run inside its process.

    Raises OSError where the kernel refuses a step: the run must not go on then.
    """
    limit_processor_time()
    if not isolated:
        return
    linux.forbid_tracing()
    linux.forbid_new_privileges()
    _FILTER.install()


def _refuse_process(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError(errno.EPERM, _NO_PROCESSES)


def explain_refused_processes() -> None:
    """Make `os.fork` and `subprocess` say why they fail. The filter is what stops them, not this."""
    import _posixsubprocess

    # subprocess takes fork_exec or, since 3.13 for some calls, posix_spawn.
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp"):
        setattr(os, name, _refuse_process)
    _posixsubprocess.fork_exec = _refuse_process

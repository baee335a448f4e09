"""Keeps a zygote's forks from doing what only a fork of several threads needs.

Called by the zygote's program, before anything imports `threading`; run_skipped_hooks() by the run, right after the
fork.

Modules register functions to be called around a fork; each writes to pages that the fork then has to copy: 120 of
them, a sixth of what a small script costs. The locks that those of the standard library make anew can be held by
nobody in a process of one thread.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Final

#: What their hooks renew is locks, and a list of threads in which there is one.
_ABOUT_THREADS_ONLY: Final = frozenset({"threading", "logging", "concurrent.futures.thread"})

_register = os.register_at_fork
_skipped: list[Callable[[], object]] = []


def skip_thread_hooks() -> None:
    """From now on modules of the standard library register no hooks for threads. Call before they are imported."""
    os.register_at_fork = _register_needed


def restore_registration() -> None:
    """Have `os.register_at_fork` be Python's own again, as scripts are to find it."""
    os.register_at_fork = _register


def run_skipped_hooks() -> None:
    """In a fork of a process that had several threads after all: do what was skipped."""
    for hook in _skipped:
        hook()


def _register_needed(**hooks: Any) -> None:
    module = sys._getframe(1).f_globals.get("__name__")
    if module in _ABOUT_THREADS_ONLY:
        if "after_in_child" in hooks:
            _skipped.append(hooks["after_in_child"])
    else:
        _register(**hooks)

"""The system calls by which a zygote forks a run and the fork separates itself: a script may make none of them so.

A zygote's filter lets them pass with any arguments. The run's own part judges them, and nothing else: see seccomp.py.
"""

from __future__ import annotations

from typing import Final

from .rows import Row, call

_FORK: Final = "the zygote forks a run, and tells the supervisor"
_SEPARATE: Final = "a fork separates itself from other runs"
_CONFINE: Final = "a fork limits itself, and puts its own filter on"
_WORST: Final = "none: no script runs before the run's own part of the filter is on"

SET_UP: Final[tuple[Row, ...]] = (
    call(46, "sendmsg", _FORK, _WORST),
    call(56, "clone", _FORK, _WORST),
    call(288, "accept4", _FORK, _WORST),
    call(112, "setsid", _SEPARATE, _WORST),
    call(117, "setresuid", _SEPARATE, _WORST),
    call(119, "setresgid", _SEPARATE, _WORST),
    call(126, "capset", _SEPARATE, _WORST),
    call(165, "mount", _SEPARATE, _WORST),
    call(272, "unshare", _SEPARATE, _WORST),
    call(157, "prctl", _CONFINE, _WORST),
    call(160, "setrlimit", _CONFINE, _WORST),
    call(302, "prlimit64", _CONFINE, _WORST),
)

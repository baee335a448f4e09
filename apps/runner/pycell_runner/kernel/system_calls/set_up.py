"""The system calls by which a zygote forks a run and the fork separates itself: a script may make none of them so.

A zygote's filter lets them pass with any arguments. The run's own part judges them, and nothing else: see seccomp.py.
"""

from __future__ import annotations

from typing import Final

from .rows import Row, call

_WORST: Final = "none: no script runs before the run's own part of the filter is on"
_CALLS: Final = {
    "the zygote forks a run, and tells the supervisor": {46: "sendmsg", 56: "clone", 288: "accept4"},
    "a fork separates itself from other runs": {
        112: "setsid", 117: "setresuid", 119: "setresgid", 126: "capset", 165: "mount", 272: "unshare",
    },
    "a fork limits itself, and puts its own filter on": {157: "prctl", 160: "setrlimit", 302: "prlimit64"},
}  # fmt: skip

SET_UP: Final[tuple[Row, ...]] = tuple(
    call(number, name, why, _WORST) for why, calls in _CALLS.items() for number, name in calls.items()
)

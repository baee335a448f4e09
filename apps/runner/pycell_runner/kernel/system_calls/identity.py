"""Who and where the run is, its limits, and random numbers."""

from __future__ import annotations

from typing import Final

from .rows import Row, both, call, null, one_of, ruled

#: FSIZE, DATA, STACK, CORE, NOFILE, AS. Not CPU: lowered to nothing it causes a SIGKILL that looks as if the host had
#: sent it. Not NPROC, SIGPENDING, RTTIME and the others, which nothing here needs to change.
_LIMITS: Final = (1, 2, 3, 4, 7, 9)
_LIMIT_NAMES: Final = "RLIMIT_FSIZE, _DATA, _STACK, _CORE, _NOFILE, _AS"

_OWN: Final = "its own ids in the jail, which are no user of the host's"

IDENTITY: Final[tuple[Row, ...]] = (
    call(39, "getpid", "os.getpid", "learns that it is pid 1"),
    call(63, "uname", "platform, os.uname", "learns the kernel's version of the host"),
    call(97, "getrlimit", "resource.getrlimit", "learns its limits"),
    call(98, "getrusage", "resource.getrusage, time.process_time", "its own usage; a major fault tells that a page was in nobody's use before"),
    call(102, "getuid", "os.getuid, site, pathlib", _OWN),
    call(104, "getgid", "os.getgid", _OWN),
    call(107, "geteuid", "os.geteuid, tempfile", _OWN),
    call(108, "getegid", "os.getegid", _OWN),
    call(110, "getppid", "os.getppid", "learns that its parent is outside: 0"),
    call(111, "getpgrp", "os.getpgrp", "its own"),
    call(115, "getgroups", "os.getgroups", _OWN),
    call(118, "getresuid", "os.getresuid", _OWN),
    call(120, "getresgid", "os.getresgid", _OWN),
    call(121, "getpgid", "os.getpgid", "its own"),
    call(124, "getsid", "os.getsid", "its own"),
    call(125, "capget", "the self-test of the isolation", "learns that it has no capability"),
    call(140, "getpriority", "os.getpriority", "learns its own niceness"),
    ruled(160, "setrlimit", "resource.setrlimit", "lowers its own limits", _LIMIT_NAMES, one_of(0, *_LIMITS)),
    ruled(
        302, "prlimit64", "resource.getrlimit and setrlimit", "as setrlimit; with another pid it could lift limits, if it had a pid to name",
        f"of itself (pid 0): every limit to read, {_LIMIT_NAMES} to set",
        both(one_of(0, 0), null(2)), both(one_of(0, 0), one_of(1, *_LIMITS)),
    ),
    call(318, "getrandom", "os.urandom, secrets, hash seeds", "random bytes"),
)  # fmt: skip

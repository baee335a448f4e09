"""The resource limits of a run, as the kernel enforces them.

Most are put on the process that forks runs, a zygote or the supervisor of one run, once and before its first fork;
runs inherit them. Three functions are for the run: limit_cpu_time() after the fork, narrow_memory() before the script,
and release_report_reserve() after it.
"""

from __future__ import annotations

import mmap
import resource
from typing import Final

from ..protocol.request import RunLimits

#: What a run that hit its memory limit may take beyond it, so that it can still say so.
REPORT_RESERVE_BYTES: Final = 32 * 1024 * 1024

#: The memory limit with the reserve, as apply_inherited() put it on this process. Kept, because there is no memory left
#: to make it of when it is needed.
_with_reserve: tuple[int, int] | None = None
#: Soft and hard limit of CPU time, which each run puts on itself.
_cpu_seconds: tuple[int, int] | None = None
_setrlimit = resource.setrlimit
_RLIMIT_AS: Final = resource.RLIMIT_AS
_RLIMIT_CPU: Final = resource.RLIMIT_CPU

#: Each takes some 50 bytes of stack: half a MiB of the usual eight.
_STACK_LEVELS: Final = 10_000
#: More than threads that signal each other have at once.
_WAITING_SIGNALS: Final = 256
_SEARCH_CEILING_BYTES: Final = 1 << 46
_SEARCH_STEP_BYTES: Final = 1 << 16


def address_space_bytes() -> int:
    """Return the size of this process's address space, to within 64 KiB, without /proc.

    RLIMIT_AS counts what the interpreter has mapped before the script starts, so the limit of a run is this
    size plus what the script may use. The jail has no /proc to read it from; but a mapping that nobody
    touches costs nothing and succeeds exactly while it fits under the limit, so a binary search finds it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = _SEARCH_CEILING_BYTES if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    fits, too_large = 0, ceiling
    while too_large - fits > _SEARCH_STEP_BYTES:
        middle = (fits + too_large) // 2
        if _can_map(middle):
            fits = middle
        else:
            too_large = middle
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return ceiling - fits


def grow_stack() -> None:
    """Have the stack of this process, and of its forks, grown by a deep recursion of C code.

    A stack grows on demand and counts as address space. Grown ahead, it is part of what a run starts with; a run that
    has used up its memory would die by SIGSEGV at the first call that needs another page of it.
    """
    nested: tuple[object, ...] = ()
    for _ in range(_STACK_LEVELS):
        nested = (nested,)
    hash(nested)


def _can_map(length: int) -> bool:
    try:
        # PROT_NONE and NORESERVE: neither memory nor swap is charged.
        mapping = mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_NORESERVE, prot=0)
    except (OSError, MemoryError, OverflowError):
        return False
    mapping.close()
    return True


_MAP_NORESERVE: Final = getattr(mmap, "MAP_NORESERVE", 0x4000)


def apply_inherited(limits: RunLimits, tmpfs_bytes: int) -> None:
    """Put the limits of a run on this process, which forks runs: they inherit them, and cannot raise them again.

    A run may take `memory_bytes` beyond what this process has mapped now. Files in the run's tmpfs are memory too:
    `tmpfs_bytes`, the most that fits in there, is taken off what it may map. Raises OSError where the kernel refuses.
    """
    global _cpu_seconds, _with_reserve
    memory = address_space_bytes() + limits.memory_bytes - tmpfs_bytes
    _limit(resource.RLIMIT_AS, memory, memory + REPORT_RESERVE_BYTES)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    _with_reserve = (hard, hard)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files, limits.open_files)
    _limit(resource.RLIMIT_CORE, 0, 0)
    # SIGXCPU at the limit; SIGKILL a second later, for a script that ignores it.
    _cpu_seconds = _within_present(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)


def limit_waiting_signals() -> None:
    """Limit the signals that wait for a process, for runs to inherit. Raises OSError.

    The kernel counts them for the user of the service besides, and allows as many as there may be processes on the host.
    """
    _limit(resource.RLIMIT_SIGPENDING, _WAITING_SIGNALS, _WAITING_SIGNALS)


def limit_cpu_time() -> None:
    """Put the one limit on this process, a run, that has to count from its fork on. Raises OSError."""
    if _cpu_seconds is not None:
        _setrlimit(_RLIMIT_CPU, _cpu_seconds)


def narrow_memory(less_bytes: int) -> None:
    """Let this process, a run, have so much less memory than its runner allows. Raises OSError."""
    global _with_reserve
    soft, hard = resource.getrlimit(_RLIMIT_AS)
    if _with_reserve is not None:
        _with_reserve = (hard - less_bytes, hard - less_bytes)
        _setrlimit(_RLIMIT_AS, (soft - less_bytes, hard - less_bytes))


def release_report_reserve() -> None:
    """Let a run that has reached its memory limit use the reserve to report it. Needs no memory itself."""
    if _with_reserve is not None:
        _setrlimit(_RLIMIT_AS, _with_reserve)


def _limit(kind: int, soft: int, hard: int) -> None:
    resource.setrlimit(kind, _within_present(kind, soft, hard))


def _within_present(kind: int, soft: int, hard: int) -> tuple[int, int]:
    """Return the limits, or the hard one that is on this process already where that is narrower."""
    _, present = resource.getrlimit(kind)
    return (soft, hard) if present == resource.RLIM_INFINITY else (min(soft, present), min(hard, present))

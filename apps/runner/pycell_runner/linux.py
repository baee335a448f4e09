"""The few calls of Linux' C library that Python's standard library does not offer.

Used by the supervisor (before the fork) and by the run (after it, before the script is executed). On other systems,
where there is local mode only, the calls that do not exist there do nothing.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_CHILD_SUBREAPER: Final = 36
_M_ARENA_MAX: Final = -8
_IOLBF: Final = 1

_ON_LINUX: Final = sys.platform == "linux"


def _prctl(option: int, value: int) -> None:
    if not _ON_LINUX:
        return
    if _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f"prctl({option}, {value}): {os.strerror(errno)}")


def forbid_tracing() -> None:
    """Make this process undumpable: no process of the same uid may trace it or read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """Set no_new_privs: nothing executed from here on gains a privilege; seccomp needs it too."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent dies (child subreaper)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; `parent` is that parent's pid.

    Raises OSError when the parent has ended already.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError(f"the supervisor (pid {parent}) has ended")


def use_one_malloc_arena() -> None:
    """Keep glibc from reserving 64 MiB of address space for each new thread.

    Under RLIMIT_AS those reservations make `threading` fail with "can't start new thread".
    """
    if _ON_LINUX:
        _libc.mallopt(_M_ARENA_MAX, 1)


def set_c_environment(name: str, value: str) -> None:
    """Set a variable for C libraries only: `os.environ`, which the script sees, stays as it is."""
    _libc.setenv(name.encode(), value.encode(), 1)


def write_c_lines_through() -> None:
    """Have C code's stdout written out at each line, as Python's is, not when a buffer is full."""
    if _ON_LINUX:
        _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, "stdout"), None, _IOLBF, ctypes.c_size_t(0))


def flush_c_streams() -> None:
    """Write out what C code has left in its stdio buffers."""
    _libc.fflush(None)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilitySets(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


_CAPABILITY_VERSION_3: Final = 0x20080522
_PR_GET_NO_NEW_PRIVS: Final = 39


def effective_capabilities() -> int:
    """Return the capabilities that are effective or could be made so, one bit each."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySets * 2)()
    if _libc.capget(ctypes.byref(header), ctypes.byref(sets)) != 0:
        raise OSError(ctypes.get_errno(), "capget failed")
    low, high = (part.effective | part.permitted for part in sets)
    return int(low) | int(high) << 32


def has_no_new_privileges() -> bool:
    """Whether no_new_privs is set."""
    zero = ctypes.c_ulong(0)
    return bool(_libc.prctl(_PR_GET_NO_NEW_PRIVS, zero, zero, zero, zero) == 1)

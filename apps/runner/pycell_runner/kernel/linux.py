"""The few calls of Linux' C library that Python's standard library does not offer.

Called by the supervisor and by zygotes, before the fork, and by runs after it, before the script; the run calls
flush_c_streams() after the script. On other systems, where there is local mode only, the calls that do not exist
there do nothing.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from typing import Any, Final

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_THP_DISABLE: Final = 41
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_CHILD_SUBREAPER: Final = 36
_M_ARENA_MAX: Final = -8
_IOLBF: Final = 1

_ON_LINUX: Final = sys.platform == "linux"
_ZERO: Final = ctypes.c_ulong(0)


# Without releasing the interpreter lock: between these calls a fork must not be left half made.
_c = ctypes.PyDLL(None, use_errno=True)
_c.syscall.restype = ctypes.c_long


def _check(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


class PreparedCall:
    """A call of the C library with its arguments, made before the fork: in the fork it touches few pages."""

    __slots__ = ("_arguments", "_function", "_what")

    def __init__(self, what: str, function: Any, *arguments: object) -> None:
        self._what = what
        self._function = function
        self._arguments = arguments

    def __call__(self) -> None:
        """Make the call. Raises OSError, which names the step, where the kernel refuses."""
        if self._function(*self._arguments) < 0:
            _check(-1, self._what)


def _prctl(what: str, option: int, value: int) -> PreparedCall:
    """A call of prctl; on other systems than Linux one that does nothing."""
    if not _ON_LINUX:
        return PreparedCall(what, lambda: 0)
    return PreparedCall(what, _c.prctl, option, ctypes.c_ulong(value), _ZERO, _ZERO, _ZERO)


#: Make this process undumpable: no process of the same uid may trace it or read its memory.
forbid_tracing: Final = _prctl("prctl(PR_SET_DUMPABLE)", _PR_SET_DUMPABLE, 0)
#: Set no_new_privs: nothing executed from here on gains a privilege; seccomp needs it too.
forbid_new_privileges: Final = _prctl("prctl(PR_SET_NO_NEW_PRIVS)", _PR_SET_NO_NEW_PRIVS, 1)
#: Make this process a child subreaper: the parent of every descendant whose own parent dies.
become_subreaper: Final = _prctl("prctl(PR_SET_CHILD_SUBREAPER)", _PR_SET_CHILD_SUBREAPER, 1)
#: Get no transparent huge pages from here on, nor do forks: one that is unmapped but for a piece stays whole until memory
#: runs short, and no limit of a run counts it.
forbid_huge_pages: Final = _prctl("prctl(PR_SET_THP_DISABLE)", _PR_SET_THP_DISABLE, 1)
_kill_with_parent: Final = _prctl("prctl(PR_SET_PDEATHSIG)", _PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; `parent` is that parent's pid.

    Raises OSError where the kernel refuses, ProcessLookupError when the parent has ended already. In a pid namespace of
    its own a process sees its parent as 0.
    """
    _kill_with_parent()
    if os.getppid() not in (parent, 0):
        raise ProcessLookupError(f"the supervisor (pid {parent}) has ended")


def use_one_malloc_arena() -> None:
    """Keep glibc from reserving 64 MiB of address space for each new thread.

    Under RLIMIT_AS those reservations make `threading` fail with "can't start new thread".
    """
    if _ON_LINUX:
        _libc.mallopt(_M_ARENA_MAX, 1)


def release_free_memory() -> None:
    """Give memory that malloc has free back to the kernel."""
    if _ON_LINUX:
        _libc.malloc_trim(ctypes.c_size_t(0))


def set_c_environment(name: str, value: str) -> None:
    """Set a variable for C libraries only: `os.environ`, which the script sees, stays as it is."""
    _libc.setenv(name.encode(), value.encode(), 1)


def write_c_lines_through() -> None:
    """Have C code's stdout written at each line, as Python's is, not when a buffer is full."""
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


# --- Namespaces, mounts and credentials: what a fork of a zygote needs to become a run ----------------

#: To unshare() it changes nothing, and is refused where there are several.
_CLONE_THREAD: Final = 0x00010000
_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWUSER: Final = 0x10000000
_SYS_CAPSET: Final = 126

_MS_NOSUID: Final = 2
_MS_NODEV: Final = 4
_MS_NOEXEC: Final = 8
_MS_REC: Final = 0x4000
_MS_PRIVATE: Final = 0x40000
_MNT_DETACH: Final = 2
_PR_CAPBSET_DROP: Final = 24
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_CLEAR_ALL: Final = 4
_ALL_CAPABILITIES: Final = [ctypes.c_ulong(number) for number in range(64)]

def tmpfs_mount(target: str, size_bytes: int, max_files: int, executable: bool) -> PreparedCall:
    """Mount an empty tmpfs of a bounded size and number of files, open to everybody in its mount namespace."""
    flags = _MS_NOSUID | _MS_NODEV | (0 if executable else _MS_NOEXEC)
    options = f"size={size_bytes},nr_inodes={max_files},mode=1777".encode()
    return PreparedCall(
        f"mount {target}", _c.mount, b"none", target.encode(), b"tmpfs", ctypes.c_ulong(flags), options
    )


def mount_memory(target: str, options: str) -> None:
    """Mount a tmpfs of any size that only this process's user can enter. Raises OSError, also for options it has not."""
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    _check(_c.mount(b"none", target.encode(), b"tmpfs", flags, f"mode=700,{options}".encode()), f"mount {target}")


def has_one_thread() -> bool:
    """Whether this process has no thread but this one, of Python or of C libraries."""
    return bool(_ON_LINUX and _c.unshare(_CLONE_THREAD) == 0)


def own_mount_namespace() -> None:
    """Enter a mount namespace of its own, of which no other hears. Raises OSError."""
    _check(_c.unshare(_CLONE_NEWNS), "unshare(CLONE_NEWNS)")
    _check(_c.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None), "mount --make-rprivate /")


def detach_mount(target: str) -> None:
    """Take a mount out of this mount namespace, though it may still be in use."""
    _check(_c.umount2(target.encode(), _MNT_DETACH), f"umount {target}")


def own_user_namespace() -> PreparedCall:
    """Enter a new user namespace in which no id is mapped. What is counted per user counts this process alone then."""
    return PreparedCall("unshare(CLONE_NEWUSER)", _c.unshare, _CLONE_NEWUSER)


def empty_bounding_set(kept: int = 0) -> None:
    """Give up every capability that an executed program could gain, but for those `kept`. Needs CAP_SETPCAP."""
    for capability in _ALL_CAPABILITIES:
        if kept >> capability.value & 1:
            continue
        if _c.prctl(_PR_CAPBSET_DROP, capability, _ZERO, _ZERO, _ZERO) < 0:
            if ctypes.get_errno() == errno.EINVAL:
                return  # beyond the last that the kernel knows
            _check(-1, f"drop capability {capability.value}")


def capability_drop(has_ambient: bool = True) -> list[PreparedCall]:
    """Give up every capability, for good. A kernel without an ambient set has none to clear."""
    clear_all = ctypes.c_ulong(_PR_CAP_AMBIENT_CLEAR_ALL)
    ambient = PreparedCall("clear the ambient set", _c.prctl, _PR_CAP_AMBIENT, clear_all, _ZERO, _ZERO, _ZERO)
    return [*([ambient] if has_ambient else []), _capset(0)]


def keep_capabilities(kept: int) -> None:
    """Give up every capability but those `kept`, for this process and whatever it executes as its namespace's root."""
    empty_bounding_set(kept)
    _capset(kept)()


def _capset(capabilities: int) -> PreparedCall:
    """A call that has exactly these capabilities permitted and effective. None is inherited."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySets * 2)()
    for word, part in enumerate(sets):
        part.effective = part.permitted = capabilities >> 32 * word & 0xFFFFFFFF
    return PreparedCall("capset", _c.syscall, _SYS_CAPSET, ctypes.byref(header), ctypes.byref(sets))


#: CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP and CAP_SYS_ADMIN, in the jail's own user namespace if it has one.
ZYGOTE_CAPABILITIES: Final = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 21

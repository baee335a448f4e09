"""The system calls that a run may make: an allow-list, everything else is EPERM.

Built before the fork; installed by the run after it, in the jail only, as the last step before the script. nsjail's
own policy (nsjail.cfg) is the outer filter, around the supervisor; this one is the run's. What is missing here is
missing on purpose: docs/threat-model.md says what each refusal prevents.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
from dataclasses import dataclass
from typing import Final

_AUDIT_ARCH_X86_64: Final = 0xC000003E
_X32_SYSCALL_BIT: Final = 0x40000000

_RET_ALLOW: Final = 0x7FFF0000
_RET_KILL_PROCESS: Final = 0x80000000
_RET_ERRNO: Final = 0x00050000

_LD_W_ABS: Final = 0x20
_AND: Final = 0x54
_JA: Final = 0x05
_JEQ: Final = 0x15
_JGE: Final = 0x35
_JSET: Final = 0x45
_RET: Final = 0x06
#: A conditional jump reaches no further.
_FAR: Final = 255

_OFFSET_NUMBER: Final = 0
_OFFSET_ARCH: Final = 4


def _argument_low(index: int) -> int:
    return 16 + 8 * index


def _argument_high(index: int) -> int:
    return 20 + 8 * index


#: x86-64 numbers of the calls that are allowed with any arguments.
ALLOWED: Final[dict[str, int]] = {
    # files, below a root that is read-only but for the two tmpfs
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8,
    "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "sendfile": 40, "flock": 73,
    "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "getdents": 78, "getcwd": 79, "chdir": 80,
    "fchdir": 81, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87, "symlink": 88,
    "readlink": 89, "chmod": 90, "fchmod": 91, "umask": 95, "utime": 132, "statfs": 137, "fstatfs": 138,
    "getxattr": 191, "lgetxattr": 192, "fgetxattr": 193, "listxattr": 194, "llistxattr": 195, "flistxattr": 196,
    "getdents64": 217, "fadvise64": 221, "utimes": 235, "openat": 257, "mkdirat": 258, "futimesat": 261,
    "newfstatat": 262, "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267,
    "fchmodat": 268, "faccessat": 269, "utimensat": 280, "fallocate": 285, "preadv": 295, "pwritev": 296,
    "renameat2": 316, "copy_file_range": 326, "preadv2": 327, "pwritev2": 328, "statx": 332, "faccessat2": 439,
    # descriptors and waiting for them
    "poll": 7, "pipe": 22, "select": 23, "dup": 32, "dup2": 33, "epoll_create": 213, "epoll_wait": 232,
    "epoll_ctl": 233, "pselect6": 270, "ppoll": 271, "epoll_pwait": 281, "eventfd2": 290, "epoll_create1": 291,
    "dup3": 292, "pipe2": 293, "close_range": 436, "epoll_pwait2": 441,
    # the ends of a stream socket pair (asyncio wakes itself up with one)
    "recvfrom": 45, "shutdown": 48, "getsockname": 51, "getpeername": 52, "getsockopt": 55,
    # memory
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "msync": 26, "mincore": 27, "madvise": 28,
    # threads, time, signals to oneself
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "pause": 34,
    "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "exit": 60, "wait4": 61, "gettimeofday": 96,
    "times": 100, "rt_sigpending": 127, "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "sigaltstack": 131,
    "sched_getparam": 143, "sched_getscheduler": 145, "sched_get_priority_max": 146, "sched_get_priority_min": 147,
    "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "waitid": 247,
    "set_robust_list": 273, "getcpu": 309, "membarrier": 324, "rseq": 334,
    # who and where am I
    "getpid": 39, "uname": 63, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "getgroups": 115, "getresuid": 118,
    "getresgid": 120, "getpgid": 121, "getsid": 124, "capget": 125, "getpriority": 140,
    "getrandom": 318,
}

_AF_UNIX: Final = 1
_SOCK_STREAM: Final = 1
_CLONE_THREAD: Final = 0x00010000
_PR_SET_NAME: Final = 15
_PR_GET_NAME: Final = 16
_RLIMIT_CPU: Final = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    """Allow a call when one argument's value is (or is not) in a set."""

    number: int
    argument: int
    values: tuple[int, ...]
    #: With `refuse`, the values are what is not allowed.
    refuse: bool = False


_RULES: Final = (
    # Terminals do not exist in the jail: what remains is isatty(), FIONREAD, FIONBIO and close-on-exec.
    _Rule(number=16, argument=1, values=(0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    # fcntl: duplicate, flags, record locks and the size of a pipe; no leases, owners or larger pipes.
    _Rule(number=72, argument=1, values=(0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)),
    # A thread's name; everything else of prctl would undo what the run has just locked.
    _Rule(number=157, argument=0, values=(_PR_SET_NAME, _PR_GET_NAME)),
    # setrlimit: not of CPU time. Lowered to nothing it causes a SIGKILL that looks as if the host had sent it.
    _Rule(number=160, argument=0, values=(_RLIMIT_CPU,), refuse=True),
    # kill, tkill, tgkill: SIGKILL and SIGSTOP on oneself would look as if the host had sent them.
    _Rule(number=62, argument=1, values=(signal.SIGKILL, signal.SIGSTOP), refuse=True),
    _Rule(number=200, argument=1, values=(signal.SIGKILL, signal.SIGSTOP), refuse=True),
    _Rule(number=234, argument=2, values=(signal.SIGKILL, signal.SIGSTOP), refuse=True),
)

_CLONE: Final = 56
_CLONE3: Final = 435
_SOCKETPAIR: Final = 53
_SENDTO: Final = 44
_PRLIMIT64: Final = 302


def _instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, value)


def _return(value: int) -> bytes:
    return _instruction(_RET, 0, 0, value)


_REFUSE: Final = _RET_ERRNO | errno.EPERM


def _value_rule(rule: _Rule) -> list[bytes]:
    """Instructions for one rule; 32 bits of the argument suffice, as the kernel reads no more of these."""
    verdict_listed, verdict_other = (_REFUSE, _RET_ALLOW) if rule.refuse else (_RET_ALLOW, _REFUSE)
    body = [_instruction(_LD_W_ABS, 0, 0, _argument_low(rule.argument))]
    for index, value in enumerate(rule.values):
        body.append(_instruction(_JEQ, len(rule.values) - index, 0, value))
    body += [_return(verdict_other), _return(verdict_listed)]
    return [_instruction(_JEQ, 0, len(body), rule.number), *body]


def _clone_rule() -> list[bytes]:
    """Threads yes, processes no: memory and process limits stay the run's own."""
    body = [
        _instruction(_LD_W_ABS, 0, 0, _argument_low(0)),
        _instruction(_JSET, 0, 1, _CLONE_THREAD),
        _return(_RET_ALLOW),
        _return(_REFUSE),
    ]
    return [_instruction(_JEQ, 0, len(body), _CLONE), *body]


def _socketpair_rule() -> list[bytes]:
    """Stream pairs only: a datagram pair with SO_PASSCRED binds a name that another run could find."""
    type_mask = 0xF  # above are SOCK_CLOEXEC and SOCK_NONBLOCK
    body = [
        _instruction(_LD_W_ABS, 0, 0, _argument_low(0)),
        _instruction(_JEQ, 1, 0, _AF_UNIX),
        _return(_REFUSE),
        _instruction(_LD_W_ABS, 0, 0, _argument_low(1)),
        _instruction(_AND, 0, 0, type_mask),
        _instruction(_JEQ, 1, 0, _SOCK_STREAM),
        _return(_REFUSE),
        _return(_RET_ALLOW),
    ]
    return [_instruction(_JEQ, 0, len(body), _SOCKETPAIR), *body]


def _sendto_rule() -> list[bytes]:
    """Send on a connected pair, never to an address."""
    body = [
        _instruction(_LD_W_ABS, 0, 0, _argument_low(4)),
        _instruction(_JEQ, 1, 0, 0),
        _return(_REFUSE),
        _instruction(_LD_W_ABS, 0, 0, _argument_high(4)),
        _instruction(_JEQ, 1, 0, 0),
        _return(_REFUSE),
        _return(_RET_ALLOW),
    ]
    return [_instruction(_JEQ, 0, len(body), _SENDTO), *body]


def _prlimit_rule() -> list[bytes]:
    """Limits of oneself, and not of CPU time.

    With another pid a run could take the supervisor's limits away; why not CPU time: see setrlimit.
    """
    body = [
        _instruction(_LD_W_ABS, 0, 0, _argument_low(0)),
        _instruction(_JEQ, 1, 0, 0),
        _return(_REFUSE),
        _instruction(_LD_W_ABS, 0, 0, _argument_low(1)),
        _instruction(_JEQ, 1, 0, _RLIMIT_CPU),
        _return(_RET_ALLOW),
        # Reading it is fine: then the pointer to a new limit is null.
        _instruction(_LD_W_ABS, 0, 0, _argument_low(2)),
        _instruction(_JEQ, 1, 0, 0),
        _return(_REFUSE),
        _instruction(_LD_W_ABS, 0, 0, _argument_high(2)),
        _instruction(_JEQ, 1, 0, 0),
        _return(_REFUSE),
        _return(_RET_ALLOW),
    ]
    return [_instruction(_JEQ, 0, len(body), _PRLIMIT64), *body]


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Return the numbers as ranges, each from its first to the one after its last."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number:
            ranges[-1] = (ranges[-1][0], number + 1)
        else:
            ranges.append((number, number + 1))
    return ranges


def _search(bounds: list[int], is_allowed: bool) -> list[bytes]:
    """Instructions for a binary search among the bounds between allowed and refused numbers.

    `is_allowed` is the verdict below the first bound; it changes at each. A list would be compared one by one, and
    the kernel translates the whole of it for each run.
    """
    if not bounds:
        return [_return(_RET_ALLOW if is_allowed else _REFUSE)]
    middle = len(bounds) // 2
    below = _search(bounds[:middle], is_allowed)
    above = _search(bounds[middle + 1 :], is_allowed ^ (middle % 2 == 0))
    if len(below) > _FAR:
        return [_instruction(_JGE, 0, 1, bounds[middle]), _instruction(_JA, 0, 0, len(below)), *below, *above]
    return [_instruction(_JGE, len(below), 0, bounds[middle]), *below, *above]


def build_filter() -> bytes:
    """Return the BPF program: eight bytes an instruction."""
    program = [
        _instruction(_LD_W_ABS, 0, 0, _OFFSET_ARCH),
        _instruction(_JEQ, 1, 0, _AUDIT_ARCH_X86_64),
        _return(_RET_KILL_PROCESS),
        _instruction(_LD_W_ABS, 0, 0, _OFFSET_NUMBER),
        _instruction(_JGE, 0, 1, _X32_SYSCALL_BIT),
        _return(_RET_KILL_PROCESS),
    ]
    for rule in _RULES:
        program += _value_rule(rule)
    program += _clone_rule() + _socketpair_rule() + _sendto_rule() + _prlimit_rule()
    # glibc falls back to clone, whose flags can be judged, when it hears that clone3 does not exist.
    program += [_instruction(_JEQ, 0, 1, _CLONE3), _return(_RET_ERRNO | errno.ENOSYS)]
    bounds = [bound for allowed in _ranges(list(ALLOWED.values())) for bound in allowed]
    if bounds[0] == 0:  # nothing lies below it
        return b"".join(program + _search(bounds[1:], is_allowed=True))
    return b"".join(program + _search(bounds, is_allowed=False))


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2


class Filter:
    """The program as the kernel takes it. Made before the fork, so that no run has to make it."""

    def __init__(self) -> None:
        program = build_filter()
        self._instructions = ctypes.create_string_buffer(program, len(program))
        self._program = _Program(len(program) // 8, ctypes.addressof(self._instructions))
        self._prctl = ctypes.CDLL(None, use_errno=True).prctl
        self._arguments = (
            _PR_SET_SECCOMP,
            ctypes.c_ulong(_SECCOMP_MODE_FILTER),
            ctypes.byref(self._program),
            ctypes.c_ulong(0),
            ctypes.c_ulong(0),
        )
        self._is_for_this_machine = platform.machine() == "x86_64"

    def install(self) -> None:
        """Put the filter on this process and on every thread it will start. It cannot be taken off.

        Needs no_new_privs. Raises OSError where the kernel refuses, RuntimeError on another processor than x86-64.
        """
        if not self._is_for_this_machine:
            raise RuntimeError(f"the seccomp filter is written for x86_64, this is {platform.machine()}")
        if self._prctl(*self._arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"seccomp filter refused: {os.strerror(number)}")

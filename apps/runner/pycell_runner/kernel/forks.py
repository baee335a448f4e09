"""Forks that the C library does not offer: with another parent, and in namespaces of their own.

Called by a zygote, or by the supervisor of one run, to fork a run; find_tid_field() and ask_fork() before the first.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import Any, Callable, Final

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWIPC: Final = 0x08000000
_CLONE_NEWPID: Final = 0x20000000
_CLONE_PARENT: Final = 0x00008000
_CLONE_CHILD_SETTID: Final = 0x01000000
_SYS_CLONE: Final = 56

_DESCRIPTOR_WORDS: Final = 512
_PID: Final = struct.Struct("i")
#: For a fork that is asked something: it needs a fraction of a second.
_PATIENCE_SECONDS: Final = 10
# Taken here: the zygote replaces those that scripts find by ones that refuse.
_fork = os.fork

# Without releasing the interpreter lock: a fork must not be left half made.
_c = ctypes.PyDLL(None, use_errno=True)
_syscall = _c.syscall
_syscall.restype = ctypes.c_long
_before_fork = ctypes.pythonapi.PyOS_BeforeFork
_after_fork_in_child = ctypes.pythonapi.PyOS_AfterFork_Child
_after_fork_in_parent = ctypes.pythonapi.PyOS_AfterFork_Parent
for _hook in (_before_fork, _after_fork_in_child, _after_fork_in_parent):
    _hook.restype = None
_c.pthread_self.restype = ctypes.c_void_p


def ask_fork(question: Callable[[], bytes]) -> bytes | None:
    """Return what `question` answers in a fork of this process; None where the fork does not live through it, in time.

    For what would leave traces in this process, could end it, or could wait for ever.
    """
    read, write = os.pipe()
    pid = _fork()
    if pid == 0:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_PATIENCE_SECONDS)
            os.close(read)
            data = question()
            # Whoever asked may have been ended meanwhile: nobody is left to tell.
            with suppress(BrokenPipeError), open(write, "wb") as answer:
                answer.write(data)
            os._exit(0)
        except BaseException as error:
            print(f"a fork failed: {error!r}", file=sys.stderr, flush=True)
        finally:
            os._exit(1)
    os.close(write)
    with open(read, "rb") as answer:
        data = answer.read()
    return data if os.waitpid(pid, 0)[1] == 0 else None


def survives(work: Callable[[], object]) -> bool:
    """Whether a fork of this process lives through the work, in time: the proof of what could end this one."""

    def live_through() -> bytes:
        work()
        return b""

    return ask_fork(live_through) is not None


def find_tid_field() -> int:
    """Return the address at which the C library keeps the id of this thread.

    A `clone` that bypasses the C library leaves the parent's id there; recursive locks would then take two threads for
    one. A fork by the C library writes the child's id there, which tells the field from others that look like it.
    Raises RuntimeError where there is not exactly one such field.
    """
    candidates = _candidate_tid_fields()

    def confirm() -> bytes:
        return " ".join(str(address) for address in _candidate_tid_fields() if address in candidates).encode()

    found = (ask_fork(confirm) or b"").split()
    if len(found) != 1:
        raise RuntimeError(f"the C library's thread descriptor is not understood: {len(found)} candidates")
    return int(found[0])


def sibling_fork(tid_field: int, own_namespaces: bool) -> Callable[[], int]:
    """Return what forks a child of this process's parent: 0 in the child, its pid in this process. It raises OSError.

    With `own_namespaces` it is pid 1 of a new pid namespace and has a mount and an IPC namespace of its own.
    `tid_field` is what find_tid_field() returned.
    """
    namespaces = _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC if own_namespaces else 0
    return partial(_clone, _arguments(_CLONE_PARENT | namespaces, tid_field))


def fork_in_namespaces(tid_field: int) -> int:
    """Fork a child of this process that is pid 1 of a new pid namespace and has an IPC namespace of its own.

    Returns 0 in the child, its pid in this process. Raises OSError.
    """
    return _clone(_arguments(_CLONE_NEWPID | _CLONE_NEWIPC, tid_field))


def fork_as_orphan(tid_field: int) -> int:
    """The same with a child of pid 1, for a kernel without CLONE_PARENT.

    It is forked by an intermediate process, which ends: then pid 1 of this namespace is its parent.
    """
    read, write = os.pipe()
    try:
        intermediate = _fork()
        if intermediate == 0:
            pid = -1
            try:
                pid = fork_in_namespaces(tid_field)
                if pid > 0:
                    os.write(write, _PID.pack(pid))
            finally:
                if pid != 0:  # the intermediate process
                    os._exit(0)
            return 0
        os.close(write)
        write = -1
        os.waitpid(intermediate, 0)
        packed = os.read(read, _PID.size)
    finally:
        for descriptor in (read, write):
            if descriptor != -1:
                os.close(descriptor)
    if not packed:
        raise OSError(errno.EAGAIN, "the intermediate process could not fork")
    return int(_PID.unpack(packed)[0])


def _arguments(flags: int, tid_field: int) -> tuple[Any, ...]:
    """Return those of `clone`, of kinds that ctypes makes no objects of: both processes would copy the pages of these."""
    field = ctypes.byref(ctypes.c_int.from_address(tid_field))
    return (_SYS_CLONE, flags | _CLONE_CHILD_SETTID | signal.SIGCHLD, None, None, field, None)


def _clone(arguments: tuple[Any, ...]) -> int:
    _before_fork()
    pid: int = _syscall(*arguments)
    if pid == 0:
        _after_fork_in_child()
        return 0
    _after_fork_in_parent()
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def _candidate_tid_fields() -> list[int]:
    """Addresses near the start of this thread's descriptor that hold its id."""
    tid = threading.get_native_id()
    start = _c.pthread_self()
    words = (ctypes.c_int * _DESCRIPTOR_WORDS).from_address(start)
    return [start + 4 * index for index, word in enumerate(words) if word == tid]

"""The run's filter of system calls.

Built before the fork; installed by the run after it, in the jail only, as the last step before the script. nsjail's
own policy (nsjail.cfg) is the outer filter, around the supervisor; this one is the run's.
"""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Final


def build_filter() -> bytes:
    """Return the BPF program: eight bytes an instruction."""
    # Here, so that nothing of the table with its texts is left in the memory that runs are forked from.
    from . import bpf, system_calls

    return bpf.build_program(system_calls.TABLE)


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

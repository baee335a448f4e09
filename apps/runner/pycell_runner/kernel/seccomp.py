"""The run's filter of system calls, whole or in two parts.

Built before the fork; put on in the jail only, by the run as the last step before the script. nsjail's own policy
(nsjail.cfg) is the outer filter, around the supervisor; this one is the run's.

Two parts together are the whole one: the kernel takes the stricter of their answers. A zygote puts the first on itself,
which leaves open what it needs to fork a run; the run puts on the second, which judges just that. The kernel translates a filter
for each process that puts it on: of 87 instructions instead of 483.
"""

from __future__ import annotations

import ctypes
import os
import platform
from dataclasses import dataclass, replace
from typing import Final


def build_filter() -> bytes:
    """Return the whole BPF program: eight bytes an instruction."""
    # Here, so that nothing of the table with its texts is left in the memory that runs are forked from.
    from . import bpf, system_calls

    return bpf.build_program(system_calls.TABLE)


def build_zygote_filter() -> bytes:
    """Return the program for a zygote: the whole one, but with all of set_up.py allowed."""
    from . import bpf, system_calls

    left_open = {row.number for row in system_calls.SET_UP}
    rest = [row for row in system_calls.TABLE if row.number not in left_open]
    return bpf.build_program([*rest, *system_calls.SET_UP])


def build_run_filter() -> bytes:
    """Return the program that a run adds to its zygote's: it judges what that leaves open, and nothing else."""
    from . import bpf, system_calls
    from .system_calls.rows import Answer

    ruled = {row.number: row for row in system_calls.TABLE}
    # What is in no row of the table is refused: a row without cases.
    rows = [ruled.get(row.number, replace(row, cases=())) for row in system_calls.SET_UP]
    return bpf.build_program(rows, Answer.ALLOW)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2


class Filter:
    """The program as the kernel takes it. Made before the fork, so that no run has to make it."""

    def __init__(self, program: bytes) -> None:
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


@dataclass(frozen=True, slots=True)
class Filters:
    """What is put on where processes fork runs."""

    of_zygote: Filter | None
    """On the process that forks, before it does; None: nothing."""
    of_run: Filter | None
    """On each run; None: there is no jail."""

    @staticmethod
    def whole() -> Filters:
        """All of it on the run."""
        return Filters(None, Filter(build_filter()))

    @staticmethod
    def in_two_parts() -> Filters:
        """What runs have in common on their zygote."""
        return Filters(Filter(build_zygote_filter()), Filter(build_run_filter()))

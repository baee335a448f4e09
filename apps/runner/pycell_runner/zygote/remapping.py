"""Replaces memory of this process by a private mapping of a file that holds the same bytes, in one call.

Called by snapshot.py. Between the copy and the mapping not one byte may be written, or it is lost; Python writes all the
time. So both are done by a few bytes of machine code: a loop of pwrite(2), and if all of it was written a loop of mmap(2).
Nothing is read or written but by these calls, so that a place that is not there is an error, not the end of the process.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from array import array
from functools import partial
from typing import Final, NoReturn, Sequence

#: int64 remap(const struct { int64 address, bytes, protection, offset; } *ranges, int64 count, int64 file), for x86-64.
#: 0: done; 1: not a byte of the process was touched; 2: some ranges are mapped from the file, others are as they were.
_CODE: Final = bytes.fromhex(
    "53"  # push rbx
    "55"  # push rbp
    "41 54"  # push r12
    "41 55"  # push r13
    "41 56"  # push r14
    "48 89 fb"  # mov rbx, rdi          the ranges
    "49 89 f4"  # mov r12, rsi          how many
    "49 89 d5"  # mov r13, rdx          the file
    "48 89 dd"  # mov rbp, rbx
    "4d 89 e6"  # mov r14, r12
    # write:
    "b8 12 00 00 00"  # mov eax, 18     pwrite64(file, address, bytes, offset)
    "4c 89 ef"  # mov rdi, r13
    "48 8b 75 00"  # mov rsi, [rbp]
    "48 8b 55 08"  # mov rdx, [rbp+8]
    "4c 8b 55 18"  # mov r10, [rbp+24]
    "0f 05"  # syscall
    "48 3b 45 08"  # cmp rax, [rbp+8]
    "75 3a"  # jne not_written
    "48 83 c5 20"  # add rbp, 32
    "49 ff ce"  # dec r14
    "75 db"  # jnz write
    # map:
    "b8 09 00 00 00"  # mov eax, 9      mmap(address, bytes, protection, MAP_PRIVATE | MAP_FIXED, file, offset)
    "48 8b 3b"  # mov rdi, [rbx]
    "48 8b 73 08"  # mov rsi, [rbx+8]
    "48 8b 53 10"  # mov rdx, [rbx+16]
    "41 ba 12 00 00 00"  # mov r10d, 0x12
    "4d 89 e8"  # mov r8, r13
    "4c 8b 4b 18"  # mov r9, [rbx+24]
    "0f 05"  # syscall
    "48 3b 03"  # cmp rax, [rbx]
    "75 14"  # jne not_mapped
    "48 83 c3 20"  # add rbx, 32
    "49 ff cc"  # dec r12
    "75 d3"  # jnz map
    "31 c0"  # xor eax, eax
    "eb 0c"  # jmp out
    # not_written:
    "b8 01 00 00 00"  # mov eax, 1
    "eb 05"  # jmp out
    # not_mapped:
    "b8 02 00 00 00"  # mov eax, 2
    # out:
    "41 5e"  # pop r14
    "41 5d"  # pop r13
    "41 5c"  # pop r12
    "5d"  # pop rbp
    "5b"  # pop rbx
    "c3"  # ret
)
_NOT_WRITTEN: Final = 1
_FIELDS: Final = 4
_MAP_FAILED: Final = ctypes.c_void_p(-1).value

_libc = ctypes.PyDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p


class HalfDone(Exception):
    """Some of the memory is mapped from the file, and some may be mapped no more: this process must not go on."""


class Remapping:
    """The call, prepared: all that it needs is made ahead. To be made once."""

    def __init__(self, ranges: Sequence[tuple[int, int]], file: int) -> None:
        """`ranges` are addresses and ends of whole pages that can be written to; `file` takes their bytes, one behind the other.

        Raises ValueError where there are none, OSError where the kernel refuses memory for code.
        """
        if not ranges:
            raise ValueError("there is nothing to be mapped")
        self._table = array("q")
        offset = 0
        for start, end in ranges:
            self._table.extend((start, end - start, mmap.PROT_READ | mmap.PROT_WRITE, offset))
            offset += end - start
        self._place = _place_code()
        call = ctypes.PYFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)(self._place)
        self._call = partial(call, self._table.buffer_info()[0], len(self._table) // _FIELDS, file)

    def __call__(self) -> bool:
        """Do it. False where the file could not take the bytes: nothing has changed then. Raises HalfDone."""
        result = self._call()
        _libc.munmap(ctypes.c_void_p(self._place), ctypes.c_size_t(mmap.PAGESIZE))
        if result not in (0, _NOT_WRITTEN):
            raise HalfDone("memory could not be mapped from its snapshot")
        return bool(result == 0)


def _place_code() -> int:
    """Return the address of a page of its own with the code. It is never writable and executable at once."""
    size, offset = ctypes.c_size_t(mmap.PAGESIZE), ctypes.c_long(0)
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    place = _libc.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, offset)
    if place is None or place == _MAP_FAILED:
        _fail("mmap")
    ctypes.memmove(place, _CODE, len(_CODE))
    if _libc.mprotect(ctypes.c_void_p(place), size, mmap.PROT_READ | mmap.PROT_EXEC) != 0:
        _fail("mprotect")
    return int(place)


def _fail(what: str) -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")

"""Tells where this process's memory lies: its libraries, its objects, what is mapped. Called by a zygote before its forks.

The jail has no /proc to read it from. Libraries are listed by the dynamic linker; whether a page is mapped, or can be
written to, is asked by system calls that report what they cannot do.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
from dataclasses import dataclass
from typing import Any, Final, Iterator

PAGE: Final = os.sysconf("SC_PAGESIZE")

_MADV_POPULATE_READ: Final = 22
_MADV_POPULATE_WRITE: Final = 23
_LARGEST_PIECE: Final = 1 << 26
_SPAN_GAP_BYTES: Final = 1 << 30

_libc = ctypes.PyDLL(None)
_madvise = _libc.madvise
_madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_mincore = _libc.mincore
_mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_residency = ctypes.create_string_buffer(_LARGEST_PIECE // PAGE)
_mmap = _libc.mmap
_mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
_mmap.restype = ctypes.c_void_p
_mprotect = _libc.mprotect
_mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_munmap = _libc.munmap
_munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
#: MAP_FIXED_NOREPLACE, since Linux 4.17: an older one maps elsewhere, and nothing counts as free. MAP_NORESERVE.
_PROT_NONE: Final = 0
_MAP_FAILED: Final = ctypes.c_void_p(-1).value
_JUST_LOOKING: Final = 0x100000 | 0x4000 | mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS

PageRanges = list[tuple[int, int]]
"""Addresses, and ends."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the program or of a shared library, by addresses of whole pages."""

    start: int
    end: int
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Library:
    """The program, a shared library, or the kernel's own (vdso)."""

    name: bytes
    segments: tuple[Segment, ...]


class _ProgramHeader(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("offset", ctypes.c_uint64),
        ("virtual_address", ctypes.c_uint64),
        ("physical_address", ctypes.c_uint64),
        ("file_size", ctypes.c_uint64),
        ("memory_size", ctypes.c_uint64),
        ("alignment", ctypes.c_uint64),
    ]


class _LibraryInfo(ctypes.Structure):
    _fields_ = [
        ("base", ctypes.c_uint64),
        ("name", ctypes.c_char_p),
        ("headers", ctypes.POINTER(_ProgramHeader)),
        ("header_count", ctypes.c_uint16),
    ]


_PT_LOAD: Final = 1
_PF_W: Final = 2


def libraries() -> list[Library]:
    """Return the program and its shared libraries, as the dynamic linker knows them."""
    found: list[Library] = []

    def visit(info: Any, _size: int, _data: Any) -> int:
        library = info.contents
        segments = []
        for index in range(library.header_count):
            header = library.headers[index]
            start, end = library.base + header.virtual_address, library.base + header.virtual_address + header.memory_size
            if header.type == _PT_LOAD:
                segments.append(Segment(start // PAGE * PAGE, -(-end // PAGE) * PAGE, bool(header.flags & _PF_W)))
        found.append(Library(library.name or b"", tuple(segments)))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LibraryInfo), ctypes.c_size_t, ctypes.c_void_p)(visit)
    _libc.dl_iterate_phdr(callback, None)
    return found


def callback_place() -> int:
    """Return an address in the memory that the C library of ctypes has made executable for callbacks."""
    return ctypes.cast(ctypes.CFUNCTYPE(None)(lambda: None), ctypes.c_void_p).value or 0


def segments(writable: bool) -> PageRanges:
    """Return the segments of the program and its shared libraries: their data, or their code and constants."""
    found = (segment for library in libraries() for segment in library.segments)
    return [(segment.start, segment.end) for segment in found if segment.is_writable == writable]


def spans() -> PageRanges:
    """Address ranges in which this process's memory lies: around its objects and its shared libraries."""
    objects = {id(thing) // PAGE * PAGE for thing in gc.get_objects()}
    data = {page for low, high in segments(writable=True) for page in range(low, high, PAGE)}
    found: list[list[int]] = []
    for address in sorted(objects | data):
        if found and address - found[-1][1] < _SPAN_GAP_BYTES:
            found[-1][1] = address + PAGE
        else:
            found.append([address, address + PAGE])
    return [(low, high) for low, high in found]


def mapped_pages(ranges: PageRanges) -> Iterator[int]:
    """Yield the pages in these ranges that are mapped. A place where nothing is mapped is found by mapping it for a moment."""
    for low, high in ranges:
        waiting = [(start, min(start + _LARGEST_PIECE, high)) for start in range(low, high, _LARGEST_PIECE)][::-1]
        while waiting:
            start, end = waiting.pop()
            if _is_free(start, end - start):
                continue
            if is_mapped(start, end - start):
                yield from range(start, end, PAGE)
            elif end - start > PAGE:
                middle = start + (end - start) // PAGE // 2 * PAGE
                waiting += [(middle, end), (start, middle)]


def is_mapped(address: int, length: int) -> bool:
    """Whether all of this is mapped, at most 64 MiB."""
    return bool(_mincore(address, length, ctypes.addressof(_residency)) == 0)


def is_in_use(page: int) -> bool:
    """Whether a page of this process's own memory has ever been touched."""
    return is_mapped(page, PAGE) and bool(_residency[0] != b"\0")


def _is_free(address: int, length: int) -> bool:
    """Whether nothing at all is mapped there."""
    place = _mmap(address, length, _PROT_NONE, _JUST_LOOKING, -1, 0)
    if place not in (None, _MAP_FAILED):
        _munmap(place, length)
    return bool(place == address)


def protect(start: int, end: int, protection: int) -> None:
    """Set the protection of whole pages. Raises OSError."""
    if _mprotect(start, end - start, protection) != 0:
        raise OSError(f"mprotect of {end - start} bytes failed")


def copy_page(page: int) -> bool:
    """Have a page for writing, as a first write would; False where it cannot be written to, or before Linux 5.14."""
    return bool(_madvise(page, PAGE, _MADV_POPULATE_WRITE) == 0)


def map_block(block: int, length: int) -> bool:
    """Map what there is of these pages, as a first look would; False where it cannot be read, or before Linux 5.14."""
    return bool(_madvise(block, length, _MADV_POPULATE_READ) == 0)

"""Tells where this process's memory lies: its libraries, its objects, what is mapped. Called by a zygote before its forks.

The jail has no /proc to read it from. Libraries are listed by the dynamic linker; whether a page is mapped, or can be
written to, is asked by system calls that report what they cannot do.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import re
from array import array
from dataclasses import dataclass
from typing import Any, Callable, Final, Iterator

from ..kernel.forks import ask_fork

PAGE: Final = os.sysconf("SC_PAGESIZE")

_MADV_KEEPONFORK: Final = 19
_MADV_POPULATE_READ: Final = 22
_MADV_POPULATE_WRITE: Final = 23
_LARGEST_PIECE: Final = 1 << 26
_SPAN_GAP_BYTES: Final = 1 << 30
#: Of what mincore() tells of a page, only the lowest bit has a meaning.
_LOWEST_BIT: Final = bytes(value & 1 for value in range(256))
_RUN: Final = re.compile(rb"\x01+")
_HOLE_BYTES: Final = 256 * 1024

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


def ask_for_memory(excluded: PageRanges) -> PageRanges:
    """Return what this process can write to and has touched, but for some ranges; neighbours are joined. Empty where that cannot be learned.

    A fork finds it out: it copies all of that memory, and maps places for a moment to learn whether they are free.
    """

    def find() -> bytes:
        runs = _touched_memory(excluded)
        holes = list(_holes_between(runs, excluded))
        return array("q", [len(runs), *(place for range_ in [*runs, *holes] for place in range_)]).tobytes()

    answer = array("q", ask_fork(find) or b"")
    ranges = [(answer[index], answer[index + 1]) for index in range(1, len(answer), 2)]
    runs, holes = ranges[: answer[0]] if answer else [], ranges[answer[0] :] if answer else []
    # What is touched here and was not in the fork are pages that a fork finds empty: they must not become those of a file.
    joined = _joined(sorted([*runs, *(hole for hole in holes if not any(_touched(*hole)))]))
    # Some of it may be the fork's alone, made while it looked.
    return [piece for low, high in joined for piece in _pieces(low, high, _is_free_or_mapped)]


def _holes_between(runs: PageRanges, excluded: PageRanges) -> Iterator[tuple[int, int]]:
    """Yield the small places between two that are like them but for being touched: left out, each would make three mappings of one."""
    for (_, start), (end, _) in zip(runs, runs[1:]):
        is_apart = any(low < end and high > start for low, high in excluded)
        if 0 < end - start <= _HOLE_BYTES and not is_apart and is_mapped(start, end - start) and _is_writable(start, end):
            yield start, end


def _joined(ranges: PageRanges) -> PageRanges:
    found: list[list[int]] = []
    for start, end in ranges:
        if found and found[-1][1] == start:
            found[-1][1] = end
        else:
            found.append([start, end])
    return [(start, end) for start, end in found]


def _touched_memory(excluded: PageRanges) -> PageRanges:
    return _joined(
        [
            piece
            for low, high in _without(_spans(), sorted(excluded))
            for start, end in _pieces(low, high, _is_free_or_mapped)
            for first, last in _touched(start, end)
            for piece in _pieces(first, last, _is_writable)
        ]
    )


def _spans() -> PageRanges:
    """Address ranges in which this process's memory lies: around its objects and its shared libraries."""
    objects = {id(thing) // _LARGEST_PIECE for thing in gc.get_objects()}
    data = {place // _LARGEST_PIECE for low, high in segments(writable=True) for place in (low, high)}
    found: list[list[int]] = []
    for number in sorted(objects | data):
        start = number * _LARGEST_PIECE
        if found and start - found[-1][1] < _SPAN_GAP_BYTES:
            found[-1][1] = start + _LARGEST_PIECE
        else:
            found.append([start, start + _LARGEST_PIECE])
    return [(low, high) for low, high in found]


def _without(ranges: PageRanges, excluded: PageRanges) -> Iterator[tuple[int, int]]:
    """Yield what is left of the ranges, in order."""
    for low, high in ranges:
        for start, end in excluded:
            if start < high and end > low:
                if start > low:
                    yield low, start
                low = max(low, end)
        if low < high:
            yield low, high


def _pieces(low: int, high: int, judge: Callable[[int, int], bool | None]) -> Iterator[tuple[int, int]]:
    """Yield the largest pieces that are judged True, in order. None: neither, and it is to be divided."""
    waiting = [(start, min(start + _LARGEST_PIECE, high)) for start in range(low, high, _LARGEST_PIECE)][::-1]
    while waiting:
        start, end = waiting.pop()
        verdict = judge(start, end)
        if verdict:
            yield start, end
        elif verdict is None and end - start > PAGE:
            middle = start + (end - start) // PAGE // 2 * PAGE
            waiting += [(middle, end), (start, middle)]


def _is_free_or_mapped(start: int, end: int) -> bool | None:
    if _is_free(start, end - start):
        return False
    return True if is_mapped(start, end - start) else None


def _is_writable(start: int, end: int) -> bool | None:
    # The latter is refused for memory that the kernel may drop at any time, in which C libraries keep the state of
    # random numbers: each fork gets an empty one, and would not if it was mapped from a file.
    is_own = copy_pages(start, end - start) and _madvise(start, end - start, _MADV_KEEPONFORK) == 0
    return True if is_own else None


def _touched(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of pages that have been touched."""
    _mincore(start, end - start, ctypes.addressof(_residency))
    touched = _residency.raw[: (end - start) // PAGE].translate(_LOWEST_BIT)
    for run in _RUN.finditer(touched):
        yield start + run.start() * PAGE, start + run.end() * PAGE


def is_mapped(start: int, length: int) -> bool:
    """Whether all of this is mapped."""
    return all(
        _mincore(place, min(_LARGEST_PIECE, start + length - place), ctypes.addressof(_residency)) == 0
        for place in range(start, start + length, _LARGEST_PIECE)
    )


def _is_free(start: int, length: int) -> bool:
    """Whether nothing at all is mapped there."""
    place = _mmap(start, length, _PROT_NONE, _JUST_LOOKING, -1, 0)
    if place not in (None, _MAP_FAILED):
        _munmap(place, length)
    return bool(place == start)


def protect(start: int, end: int, protection: int) -> None:
    """Set the protection of whole pages. Raises OSError."""
    if _mprotect(start, end - start, protection) != 0:
        raise OSError(f"mprotect of {end - start} bytes failed")


def copy_pages(start: int, length: int = PAGE) -> bool:
    """Have pages for writing, as a first write would; False where one cannot be written to, or before Linux 5.14."""
    return bool(_madvise(start, length, _MADV_POPULATE_WRITE) == 0)


def map_block(block: int, length: int) -> bool:
    """Map what there is of these pages, as a first look would; False where it cannot be read, or before Linux 5.14."""
    return bool(_madvise(block, length, _MADV_POPULATE_READ) == 0)

"""Learns which pages of a zygote a run writes to, and has them copied in one go before the script comes.

A fork shares its zygote's memory until it writes: each first write to a page is a fault that costs a microsecond,
and a script that uses pandas has 1,700 of them. A known set of pages can be copied before its clock runs. Which ones is a
hint only: too few or too many change nothing but time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import struct
from array import array
from collections import deque
from itertools import repeat
from typing import Any, Callable, Final, Iterable, Iterator

_PAGE: Final = os.sysconf("SC_PAGESIZE")
_MADV_POPULATE_WRITE: Final = 23
_BLOCK_PAGES: Final = 256
_SPAN_GAP_BYTES: Final = 1 << 30

_libc = ctypes.PyDLL(None)
_madvise = _libc.madvise
_madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_memmove = _libc.memmove
_memmove.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memmove.restype = None
_mincore = _libc.mincore
_mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_residency = ctypes.create_string_buffer(_BLOCK_PAGES)

PageRanges = list[tuple[int, int]]
"""Addresses, and ends."""


def learn(workload: Callable[[], object]) -> list[int]:
    """Return the pages of this process that a fork of it writes to when it runs `workload`, by their addresses.

    Without those that any fork writes to: it has them by the time it could be told. Empty where that cannot be
    learned, for example on a kernel before 5.14.
    """
    spans = _spans()  # before the fork: looking at every object writes to its reference count
    written = _pages_after(workload, lambda: _mapped_pages(spans), own=True)
    return _pages_after(lambda: None, lambda: written, own=False)


def populating(pages: list[int]) -> Callable[[], object]:
    """Return what gives a fork copies of its own of these pages, which learn() has found in this process.

    A byte of each is moved to where it is. MADV_POPULATE_WRITE would do the same, but takes half as long again for
    pages that do not lie side by side.
    """
    addresses = array("Q", pages)

    def populate() -> None:
        exhaust(map(_memmove, addresses, addresses, repeat(1)))

    exhaust = deque[object](maxlen=0).extend
    return populate if _survives(populate) else lambda: None


def _survives(work: Callable[[], object]) -> bool:
    """Whether a fork of this process lives through the work, in which a page that is not there is fatal."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _pages_after(workload: Callable[[], object], candidates: Callable[[], Iterable[int]], own: bool) -> list[int]:
    """Return which of these pages a fork has a copy `own`, or still shares, after it has run the workload.

    The fork itself finds out: it populates page by page, and where the kernel counts no fault the page was its own
    already. Pages that cannot be written to are in neither set.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            workload()
            with open(write, "wb") as channel:
                for page in _sifted(candidates(), own):
                    channel.write(_ADDRESS.pack(page))
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as channel:
        data = channel.read()
    os.waitpid(pid, 0)
    return [page for (page,) in _ADDRESS.iter_unpack(data[: len(data) // _ADDRESS.size * _ADDRESS.size])]


_ADDRESS: Final = struct.Struct("!Q")


def _sifted(candidates: Iterable[int], own: bool) -> Iterator[int]:
    faults = _faults()
    for page in candidates:
        if _madvise(page, _PAGE, _MADV_POPULATE_WRITE) == 0 and (_faults() == faults) == own:
            yield page
        faults = _faults()


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _spans() -> PageRanges:
    """Address ranges in which this process's memory lies: around its objects and its shared libraries."""
    addresses = sorted({id(thing) // _PAGE * _PAGE for thing in gc.get_objects()} | set(_segments()))
    spans: list[list[int]] = []
    for address in addresses:
        if spans and address - spans[-1][1] < _SPAN_GAP_BYTES:
            spans[-1][1] = address + _PAGE
        else:
            spans.append([address, address + _PAGE])
    return [(low, high) for low, high in spans]


def _mapped_pages(spans: PageRanges) -> Iterator[int]:
    block = _BLOCK_PAGES * _PAGE
    for low, high in spans:
        for start in range(low, high, block):
            if _is_mapped(start, block):
                yield from range(start, start + block, _PAGE)
            else:
                yield from (page for page in range(start, start + block, _PAGE) if _is_mapped(page, _PAGE))


def _is_mapped(address: int, length: int) -> bool:
    return bool(_mincore(address, length, ctypes.addressof(_residency)) == 0)


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


def _segments() -> list[int]:
    """Pages of the writable segments of the program and its shared libraries."""
    found: list[int] = []

    def visit(info: Any, _size: int, _data: Any) -> int:
        library = info.contents
        for index in range(library.header_count):
            header = library.headers[index]
            if header.type == _PT_LOAD and header.flags & _PF_W:
                start = (library.base + header.virtual_address) // _PAGE * _PAGE
                found.extend(range(start, library.base + header.virtual_address + header.memory_size, _PAGE))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LibraryInfo), ctypes.c_size_t, ctypes.c_void_p)(visit)
    _libc.dl_iterate_phdr(callback, None)
    return found

"""Learns which pages of a zygote a run writes to, and has them copied in one go before the script comes.

A fork shares its zygote's memory until it writes: each first write to a page is a fault that costs a microsecond,
and a script that uses pandas has 1,700 of them. MADV_POPULATE_WRITE copies a known set of pages at a fraction of
that, and before the clock runs. A hint only: a page too few or too many changes nothing but time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import struct
from typing import Any, Callable, Final, Iterator

_PAGE: Final = os.sysconf("SC_PAGESIZE")
_MADV_POPULATE_WRITE: Final = 23
_BLOCK_PAGES: Final = 256
_SPAN_GAP_BYTES: Final = 1 << 30

_libc = ctypes.PyDLL(None)
_madvise = _libc.madvise
_madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_mincore = _libc.mincore
_mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_residency = ctypes.create_string_buffer(_BLOCK_PAGES)

PageRanges = list[tuple[int, int]]
"""Addresses, and lengths (or ends) in bytes."""


def learn(workload: Callable[[], object]) -> PageRanges:
    """Return the pages of this process that a fork of it writes to when it runs `workload`.

    The fork itself finds out: after the workload it populates page by page, and where the kernel counts no fault the
    page was its own already. Empty where that fails, for example on a kernel before 5.14.
    """
    spans = _spans()  # before the fork: looking at every object writes to its reference count
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            workload()
            with open(write, "wb") as channel:
                for address, length in _written_ranges(spans):
                    channel.write(struct.pack("!QQ", address, length))
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as channel:
        data = channel.read()
    os.waitpid(pid, 0)
    return [struct.unpack_from("!QQ", data, offset) for offset in range(0, len(data) - 15, 16)]


def populate(ranges: PageRanges) -> None:
    """Give this process copies of its own of these pages."""
    for address, length in ranges:
        _madvise(address, length, _MADV_POPULATE_WRITE)


def _written_ranges(spans: PageRanges) -> PageRanges:
    ranges: list[list[int]] = []
    faults = _faults()
    for page in (page for low, high in spans for page in _mapped_pages(low, high)):
        if _madvise(page, _PAGE, _MADV_POPULATE_WRITE) == 0 and _faults() == faults:
            if ranges and page == sum(ranges[-1]):
                ranges[-1][1] += _PAGE
            else:
                ranges.append([page, _PAGE])
        faults = _faults()
    return [(address, length) for address, length in ranges]


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


def _mapped_pages(low: int, high: int) -> Iterator[int]:
    block = _BLOCK_PAGES * _PAGE
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

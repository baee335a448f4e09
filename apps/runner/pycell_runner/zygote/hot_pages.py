"""Learns which pages of a zygote a run writes to and which code it runs, so that a spare can have them ahead.

Called by the zygote's program before the first fork; what populator() returns is called by a spare, after its fork
and before its script.

A fork shares its zygote's memory until it writes: each first write to a page is a fault that costs a microsecond,
and a script that uses pandas has 1,700 of them. A known set of pages can be copied before its clock runs. The set is
only a hint: too few or too many change nothing but time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import struct
from array import array
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Callable, Final, Iterable, Iterator

_PAGE: Final = os.sysconf("SC_PAGESIZE")
_MADV_POPULATE_READ: Final = 22
_MADV_POPULATE_WRITE: Final = 23
_SCANNED_PAGES: Final = 256
#: As much as Linux maps around a fault in a file.
_BLOCK: Final = 64 * 1024
_SPAN_GAP_BYTES: Final = 1 << 30

_libc = ctypes.PyDLL(None)
_madvise = _libc.madvise
_madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_memmove = _libc.memmove
_memmove.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memmove.restype = None
_strnlen = _libc.strnlen
_strnlen.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
_strnlen.restype = None
_mincore = _libc.mincore
_mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_residency = ctypes.create_string_buffer(_SCANNED_PAGES)

PageRanges = list[tuple[int, int]]
"""Addresses, and ends."""


@dataclass(frozen=True, slots=True)
class HotPages:
    """What a workload needs of its process's memory and a fork does not have at first. Addresses."""

    written: list[int]
    """Pages of the process's own memory."""
    read: list[int]
    """Blocks of programs and libraries: the kernel maps as much at the first look into one."""


def learn(workload: Callable[[], object]) -> HotPages:
    """Return the pages of this process that a fork of it writes to, and the code it looks into, in `workload`.

    Without those that any fork has by the time it could be told. Empty where that cannot be learned, for example on a
    kernel before 5.14.
    """
    spans = _spans()  # before the fork: looking at every object writes to its reference count
    code = [max(low, block) for low, high in _segments(False) for block in range(low // _BLOCK * _BLOCK, high, _BLOCK)]
    written = _places_after(workload, lambda: _mapped_pages(spans), _copy_page, are_held=True)
    read = _places_after(workload, lambda: code, _map_block, are_held=True)
    return HotPages(
        _places_after(lambda: None, lambda: written, _copy_page, are_held=False),
        _places_after(lambda: None, lambda: read, _map_block, are_held=False),
    )


def populator(hot: HotPages) -> Callable[[], object]:
    """Return a function that gives a fork these pages, which learn() has found in this process.

    To copy a page, a byte of it is moved to where it is; to map a block, a byte is looked at. madvise() would do the
    same, but takes half as long again for places that do not lie side by side.
    """
    written, read = array("Q", hot.written), array("Q", hot.read)

    def populate() -> None:
        exhaust(map(_memmove, written, written, repeat(1)))
        exhaust(map(_strnlen, read, repeat(1)))

    exhaust = deque[object](maxlen=0).extend
    return populate if _survives(populate) else lambda: None


def _copy_page(page: int) -> bool:
    return bool(_madvise(page, _PAGE, _MADV_POPULATE_WRITE) == 0)


def _map_block(block: int) -> bool:
    return bool(_madvise(block, _BLOCK, _MADV_POPULATE_READ) == 0)


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


def _places_after(
    workload: Callable[[], object],
    candidates: Callable[[], Iterable[int]],
    populate: Callable[[int], bool],
    are_held: bool,
) -> list[int]:
    """Return which of these places a fork holds, or does not hold, after it has run the workload.

    The fork itself finds out: it populates place by place, and held those for which the kernel counts no fault.
    Places that cannot be populated are in neither set.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            workload()
            with open(write, "wb") as answers:
                faults = _faults()
                for place in candidates():
                    if populate(place) and (_faults() == faults) == are_held:
                        answers.write(_ADDRESS.pack(place))
                    faults = _faults()
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as answers:
        data = answers.read()
    os.waitpid(pid, 0)
    return [place for (place,) in _ADDRESS.iter_unpack(data[: len(data) // _ADDRESS.size * _ADDRESS.size])]


_ADDRESS: Final = struct.Struct("!Q")


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _spans() -> PageRanges:
    """Address ranges in which this process's memory lies: around its objects and its shared libraries."""
    objects = {id(thing) // _PAGE * _PAGE for thing in gc.get_objects()}
    segments = {page for low, high in _segments(writable=True) for page in range(low, high, _PAGE)}
    addresses = sorted(objects | segments)
    spans: list[list[int]] = []
    for address in addresses:
        if spans and address - spans[-1][1] < _SPAN_GAP_BYTES:
            spans[-1][1] = address + _PAGE
        else:
            spans.append([address, address + _PAGE])
    return [(low, high) for low, high in spans]


def _mapped_pages(spans: PageRanges) -> Iterator[int]:
    block = _SCANNED_PAGES * _PAGE
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


def _segments(writable: bool) -> PageRanges:
    """Return the segments of the program and its shared libraries: their data, or their code and constants."""
    found: PageRanges = []

    def visit(info: Any, _size: int, _data: Any) -> int:
        library = info.contents
        for index in range(library.header_count):
            header = library.headers[index]
            if header.type == _PT_LOAD and bool(header.flags & _PF_W) == writable:
                start = (library.base + header.virtual_address) // _PAGE * _PAGE
                found.append((start, library.base + header.virtual_address + header.memory_size))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LibraryInfo), ctypes.c_size_t, ctypes.c_void_p)(visit)
    _libc.dl_iterate_phdr(callback, None)
    return found

"""Learns which pages of a zygote a run writes to and which code it runs, so that a spare can have them ahead.

Called by settling.py before the first fork; what populator() returns is called by a spare, after its fork and before its
script.

A fork shares its zygote's memory until it writes: each first write to a page is a fault that costs a microsecond,
and a script that uses pandas has 1,700 of them. A known set of pages can be copied before its clock runs. The set is
only a hint: too few or too many change nothing but time.
"""

from __future__ import annotations

import ctypes
import resource
from array import array
from collections import deque
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Callable, Final, Iterable

from ..kernel.forks import ask_fork, survives
from . import process_memory
from .process_memory import PageRanges

#: As much as Linux maps around a fault in a file.
_BLOCK: Final = 64 * 1024

_exhaust: Final = deque[object](maxlen=0).extend

_libc = ctypes.PyDLL(None)
_memmove = _libc.memmove
_memmove.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memmove.restype = None
_strnlen = _libc.strnlen
_strnlen.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
_strnlen.restype = None


@dataclass(frozen=True, slots=True)
class HotPages:
    """What a workload needs of its process's memory and a fork does not have at first. Addresses."""

    written: array[int]
    """Pages of the process's own memory."""
    read: array[int]
    """Blocks of programs and libraries: the kernel maps as much at the first look into one."""


def learn(workload: Callable[[], object], memory: PageRanges) -> HotPages:
    """Return the pages of this process that a fork of it writes to, and the code it looks into, in `workload`.

    `memory`: ranges of this process's own memory, to look for the former in. Left out are those that any fork has by the
    time it could be told. Empty where that cannot be learned, for example on a kernel before 5.14.
    """
    code = [max(low, block) for low, high in process_memory.segments(writable=False) for block in range(low // _BLOCK * _BLOCK, high, _BLOCK)]
    pages = lambda: (page for low, high in memory for page in range(low, high, process_memory.PAGE))  # noqa: E731
    written = _places_after(workload, pages, _copy_page, are_held=True)
    read = _places_after(workload, lambda: code, _map_block, are_held=True)
    return HotPages(
        _places_after(lambda: None, lambda: written, _copy_page, are_held=False),
        _places_after(lambda: None, lambda: read, _map_block, are_held=False),
    )


def map_what_is_read(workload: Callable[[], object], memory: PageRanges) -> None:
    """Have forks start with what they look at of this memory in `workload`, where it is mapped from a file in memory.

    A fork copies the page table entries of a mapping only where this process has a page of its own in it: one of each
    becomes that. Not for code: of libraries' files the entries are copied one by one, which costs more than it spares.
    """
    blocks = {
        max(low, start): min(high, start + _BLOCK)
        for low, high in memory
        for start in range(low // _BLOCK * _BLOCK, high, _BLOCK)
    }
    map_block = lambda start: process_memory.map_block(start, blocks[start] - start)  # noqa: E731
    looked_at = _places_after(workload, lambda: blocks, map_block, are_held=True)
    for low, high in memory:
        inside = [start for start in looked_at if low <= start < high]
        if inside:
            _copy_page(inside[0])
            _exhaust(map(map_block, inside))


def populator(hot: HotPages) -> Callable[[], object]:
    """Return a function that gives a fork these pages, which learn() has found in this process.

    To copy a page, a byte of it is moved to where it is; to map a block, a byte is looked at. madvise() would do the
    same, but takes half as long again for places that do not lie side by side.
    """
    written, read = hot.written, hot.read

    def populate() -> None:
        _exhaust(map(_memmove, written, written, repeat(1)))
        _exhaust(map(_strnlen, read, repeat(1)))

    # A page that is not there is fatal.
    return populate if survives(populate) else lambda: None


_copy_page = process_memory.copy_pages
_map_block = partial(process_memory.map_block, length=_BLOCK)


def _places_after(
    workload: Callable[[], object],
    candidates: Callable[[], Iterable[int]],
    populate: Callable[[int], bool],
    are_held: bool,
) -> array[int]:
    """Return which of these places a fork holds, or does not hold, after it has run the workload.

    The fork itself finds out: it populates place by place, and held those for which the kernel counts no fault.
    Places that cannot be populated are in neither set. Both are empty where the workload fails.
    """

    def find() -> bytes:
        workload()
        found = array("Q")
        faults = _faults()
        for place in candidates():
            if populate(place) and (_faults() == faults) == are_held:
                found.append(place)
            faults = _faults()
        return found.tobytes()

    return array("Q", ask_fork(find) or b"")


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

"""Makes the memory of a zygote a private mapping of a file in memory that nobody has a descriptor of.

Called by settling.py. Forks share the zygote's pages either way, until they write.
But a fork copies the page table entries of anonymous memory, all of them, and its end takes them down; of a file it maps
what it looks at, sixteen pages at a time. Most runs look at little of what a zygote has loaded.

The file lies in a tmpfs that this process mounts for itself, in a mount namespace of its own, and takes out of sight at once.
Once it is mapped its descriptor is closed: a run can reach its own private mapping, and nothing else.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import sys
from functools import partial
from typing import Callable, Final, Sequence

from ..kernel import linux
from ..kernel.forks import ask_fork, survives
from . import process_memory
from .process_memory import PAGE, Library, PageRanges, is_mapped
from .remapping import Remapping

#: Seen by this process alone, for a moment.
_MOUNT: Final = "/tmp"
#: The kernel's own data lie before its vdso, and cannot be copied.
_PAGES_BEFORE_VDSO: Final = 32
_RANDOM_BYTES: Final = 32
#: Nothing tells that they are executable. There are a few callbacks at most, of 56 bytes each.
_PAGES_OF_CALLBACKS: Final = 4
_READ_WRITE: Final = mmap.PROT_READ | mmap.PROT_WRITE
_READ_EXECUTE: Final = mmap.PROT_READ | mmap.PROT_EXEC


def take_snapshot(workload: Callable[[], object]) -> PageRanges:
    """Have this process's memory mapped from a file. Returns what is; where that is nothing, all is as it was.

    Proved first in a fork, which must live through it and then through `workload`. Not beside other threads, on another
    processor than x86-64, or before Linux 5.14. Needs CAP_SYS_ADMIN. Raises HalfDone: then the process must end.
    """
    if platform.machine() != "x86_64" or not linux.has_one_thread():
        return []
    try:
        file = _open_file()
    except OSError:
        return []
    try:
        libraries = process_memory.libraries()
        segments = [(part.start, part.end) for library in libraries for part in library.segments if part.is_writable]
        # Whether they were touched or not: left out they would take a mapping more each.
        data = [segment for segment in segments if _is_whole(segment)]
        others = process_memory.ask_for_memory(excluded=[*segments, *_never_copied(libraries)])
        take = partial(_take, libraries, data, others, file)
        is_taken = bool(others) and survives(lambda: _live_through(take, workload)) and take()
        return sorted([*others, *data]) if is_taken else []
    except OSError as error:
        print(f"no snapshot: {error}", file=sys.stderr, flush=True)
        return []
    finally:
        os.close(file)


def _take(libraries: Sequence[Library], data: PageRanges, others: PageRanges, file: int) -> bool:
    _merge_mappings(libraries)
    ranges = sorted([*others, *data])
    os.ftruncate(file, sum(end - start for start, end in ranges))
    return Remapping(ranges, file)()


def _live_through(take: Callable[[], bool], workload: Callable[[], object]) -> None:
    """Do what must go well in a process and its forks after its snapshot was taken. Raises OSError where it does not."""
    if not take():
        raise OSError("it could not be written")
    process_memory.libraries()  # by a callback: its code must be executable still
    if ask_fork(_random_bytes) == ask_fork(_random_bytes):
        raise OSError("two forks have the same random numbers")
    workload()


def _random_bytes() -> bytes:
    return os.urandom(_RANDOM_BYTES)


def _is_whole(segment: tuple[int, int]) -> bool:
    return is_mapped(segment[0], segment[1] - segment[0])


def _open_file() -> int:
    """Return a file without a name, in memory that comes in large pieces where the kernel has them."""
    linux.own_mount_namespace()
    try:
        linux.mount_memory(_MOUNT, "huge=always")
    except OSError:
        linux.mount_memory(_MOUNT, "")
    try:
        return os.open(_MOUNT, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
    finally:
        linux.detach_mount(_MOUNT)


def _merge_mappings(libraries: Sequence[Library]) -> None:
    """Give all that is not written of a library the same protection, and all that is: the kernel makes one mapping of each.

    A fork copies the mappings, five of each library, one by one. Constants become executable and what the linker has made
    read-only becomes writable: to the script whose process it is, which may run machine code of its own as it is.
    """
    for library in libraries:
        if not _is_kernels(library):
            for segment in library.segments:
                process_memory.protect(segment.start, segment.end, _READ_WRITE if segment.is_writable else _READ_EXECUTE)


def _is_kernels(library: Library) -> bool:
    return b"vdso" in library.name


def _never_copied(libraries: Sequence[Library]) -> PageRanges:
    """Return the kernel's own pages, the stack, which is written to meanwhile, and code that is made while the process runs."""
    place = process_memory.callback_place() // PAGE * PAGE
    callbacks = (place - _PAGES_OF_CALLBACKS * PAGE, place + _PAGES_OF_CALLBACKS * PAGE)
    kernels_own = [
        (segment.start - _PAGES_BEFORE_VDSO * PAGE, segment.end)
        for library in libraries
        if _is_kernels(library)
        for segment in library.segments
    ]
    return [callbacks, _stack(), *kernels_own]


def _stack() -> tuple[int, int]:
    start = end = ctypes.c_size_t.in_dll(ctypes.CDLL(None), "__libc_stack_end").value // PAGE * PAGE
    while is_mapped(start - PAGE, PAGE):
        start -= PAGE
    while is_mapped(end, PAGE):
        end += PAGE
    return start, end

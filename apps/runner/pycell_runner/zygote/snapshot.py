"""Makes the memory of a zygote a private mapping of a file in memory that nobody has a descriptor of.

Called by the zygote's program as the last step before it serves. Forks share the zygote's pages either way, until they write.
But a fork copies the page table entries of anonymous memory, all of them, and its end takes them down; of a file it maps
what it looks at, sixteen pages at a time. Most runs look at little of what a zygote has loaded.

The file lies in a tmpfs that this process mounts for itself, in a mount namespace of its own, and takes out of sight at once.
Once it is mapped its descriptor is closed: a run can reach its own private mapping, and nothing else.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
import threading
from array import array
from typing import Callable, Final, Iterator, Sequence

from ..kernel import linux
from ..kernel.forks import ask_fork
from . import process_memory
from .process_memory import PAGE, Library, is_mapped
from .remapping import Range, Remapping

#: Seen by this process alone, for a moment.
_MOUNT: Final = "/tmp"
#: The kernel's own data lie before its vdso, and cannot be copied.
_PAGES_BEFORE_VDSO: Final = 32
#: There are a few callbacks at most, of 56 bytes each.
_PAGES_OF_CALLBACKS: Final = 4
#: A larger one is left out, though that makes three mappings of one.
_HOLE_BYTES: Final = 256 * 1024
_READ_WRITE: Final = mmap.PROT_READ | mmap.PROT_WRITE
_READ_EXECUTE: Final = mmap.PROT_READ | mmap.PROT_EXEC


def take_snapshot(workload: Callable[[], object]) -> bool:
    """Have this process's memory mapped from a file. Returns whether that was done; where not, all is as it was.

    Proved first in a fork, which must live through it and then through `workload`. Not where the process has threads, on
    another processor than x86-64, or before Linux 5.14. Needs CAP_SYS_ADMIN. Raises RuntimeError where it was done by half.
    """
    if threading.active_count() > 1:
        return False
    try:
        file = _open_file()
    except OSError:
        return False
    try:
        ranges = _find_ranges()
        os.ftruncate(file, sum(range_.end - range_.start for range_ in ranges))
        return bool(ranges) and _survives(ranges, file, workload) and Remapping(ranges, file)()
    except (OSError, RuntimeError) as error:
        print(f"no snapshot: {error}", file=sys.stderr, flush=True)
        return False
    finally:
        os.close(file)


def _survives(ranges: Sequence[Range], file: int, workload: Callable[[], object]) -> bool:
    def live_through() -> bytes:
        if not Remapping(ranges, file)():
            raise RuntimeError("the snapshot could not be written")
        process_memory.libraries()  # by a callback: its code must be executable still
        workload()
        return b""

    return ask_fork(live_through) is not None


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


def _find_ranges() -> list[Range]:
    """Return what is to be mapped, in order. A fork finds it out: the lists would stay in this process's memory."""

    _merge_mappings(process_memory.libraries())

    def find() -> bytes:
        ranges = _ranges_of(process_memory.libraries())
        return array("q", [field for range_ in ranges for field in (range_.start, range_.end, range_.protection)]).tobytes()

    fields = array("q", ask_fork(find) or b"")
    return [Range(*fields[index : index + 3]) for index in range(0, len(fields), 3)]


def _ranges_of(libraries: Sequence[Library]) -> list[Range]:
    # Those of the libraries whether they were touched or not: left out they would take a mapping more each.
    pages = {page for library in libraries for start, end in _data_of(library) for page in range(start, end, PAGE)}
    kernels_own = {page for library in libraries if _is_kernels(library) for page in _pages_around(library)}
    excluded = pages | kernels_own | _stack_pages() | _callback_pages()
    pages.update(
        page
        for page in process_memory.mapped_pages(process_memory.spans())
        if page not in excluded and process_memory.is_in_use(page)
    )
    return list(_joined(sorted(page for page in pages if process_memory.copy_page(page))))


def _merge_mappings(libraries: Sequence[Library]) -> None:
    """Give all that is not written of a library the same protection, and all that is: the kernel makes one mapping of each.

    A fork copies the mappings, five of each library, one by one. Constants become executable and what the linker has made
    read-only becomes writable: to the script whose process it is, which may run machine code of its own as it is.
    """
    for library in libraries:
        if not _is_kernels(library):
            for segment in library.segments:
                process_memory.protect(segment.start, segment.end, _READ_WRITE if segment.is_writable else _READ_EXECUTE)


def _data_of(library: Library) -> Iterator[tuple[int, int]]:
    for segment in library.segments:
        if segment.is_writable:
            yield segment.start, segment.end


def _is_kernels(library: Library) -> bool:
    return b"vdso" in library.name


def _pages_around(library: Library) -> Iterator[int]:
    for segment in library.segments:
        yield from range(segment.start - _PAGES_BEFORE_VDSO * PAGE, segment.end, PAGE)


def _stack_pages() -> set[int]:
    """Return the pages of the stack: it is written to during the call."""
    page = ctypes.c_size_t.in_dll(ctypes.CDLL(None), "__libc_stack_end").value // PAGE * PAGE
    pages = set()
    for step in (-PAGE, PAGE):
        place = page
        while is_mapped(place, PAGE):
            pages.add(place)
            place += step
    return pages


def _callback_pages() -> set[int]:
    """Return the pages of code that is made while the process runs. Nothing tells that they are executable."""
    page = process_memory.callback_place() // PAGE * PAGE
    return set(range(page - _PAGES_OF_CALLBACKS * PAGE, page + _PAGES_OF_CALLBACKS * PAGE, PAGE))


def _is_small_gap(start: int, end: int) -> bool:
    """Whether it is one mapping with a hole that nobody has touched: it stays one, unless there is much to save."""
    return 0 < end - start <= _HOLE_BYTES and all(process_memory.copy_page(page) for page in range(start, end, PAGE))


def _joined(pages: Sequence[int]) -> Iterator[Range]:
    start = end = 0
    for page in pages:
        if page != end and not _is_small_gap(end, page):
            if end:
                yield Range(start, end, _READ_WRITE)
            start = page
        end = page + PAGE
    if end:
        yield Range(start, end, _READ_WRITE)

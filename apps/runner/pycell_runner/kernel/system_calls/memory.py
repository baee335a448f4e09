"""Memory: bounded by RLIMIT_AS, which counts addresses; not by it are page tables (docs/threat-model.md)."""

from __future__ import annotations

from typing import Final

from .rows import Row, both, call, not_all_of, one_of, ruled, within

_PROTECTION: Final = 0x7  # PROT_READ, PROT_WRITE, PROT_EXEC
#: SHARED, PRIVATE, FIXED, ANONYMOUS, 32BIT, DENYWRITE, EXECUTABLE, NORESERVE, POPULATE, STACK, FIXED_NOREPLACE
_MAP_FLAGS: Final = 0x1 | 0x2 | 0x10 | 0x20 | 0x40 | 0x800 | 0x1000 | 0x4000 | 0x8000 | 0x20000 | 0x100000
#: NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, POPULATE_READ and _WRITE
_ADVICE: Final = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 22, 23)
#: Shared memory without a file keeps its pages until all of the mapping is gone: unmapped but for a page it is no longer
#: counted by RLIMIT_AS, nor as resident, and one run can hold the memory of the machine.
_MAP_SHARED_ANONYMOUS: Final = 0x21

MEMORY: Final[tuple[Row, ...]] = (
    ruled(
        9, "mmap", "every allocation, libraries, threads, ctypes", "page tables and open files by up to 65,000 mappings of a page: the largest hold on the kernel that is left",
        "PROT_READ, PROT_WRITE, PROT_EXEC; flags without MAP_HUGETLB, MAP_LOCKED, MAP_GROWSDOWN, MAP_SYNC, MAP_NONBLOCK; not MAP_SHARED with MAP_ANONYMOUS",
        both(within(2, _PROTECTION), within(3, _MAP_FLAGS), not_all_of(3, _MAP_SHARED_ANONYMOUS)),
    ),
    ruled(
        10, "mprotect", "libraries, threads, ctypes", "makes its own memory executable: it runs machine code, which this table is for",
        "PROT_READ, PROT_WRITE, PROT_EXEC", within(2, _PROTECTION),
    ),
    call(11, "munmap", "every allocation", "unmaps its own memory: SCRIPT_CRASHED"),
    call(12, "brk", "every allocation", "counts in RLIMIT_AS"),
    ruled(25, "mremap", "realloc, mmap.resize", "as mmap", "flags: MREMAP_MAYMOVE, MREMAP_FIXED", within(3, 0x3)),
    ruled(26, "msync", "mmap.flush", "waits; a tmpfs has nothing to write", "flags: MS_ASYNC, MS_INVALIDATE, MS_SYNC", within(2, 0x7)),
    ruled(
        28, "madvise", "allocators, numpy (huge pages), mmap.madvise",
        "drops its own pages; has pages of the root read ahead; asks for huge pages, which runs do not get; what evicts shared pages (COLD, PAGEOUT) or merges with others' (MERGEABLE) is refused",
        "advice: NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, POPULATE_READ, POPULATE_WRITE",
        one_of(2, *_ADVICE),
    ),
)  # fmt: skip

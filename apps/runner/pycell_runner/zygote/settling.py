"""Makes the memory of a zygote as cheap to fork as it can be. Called by its program as the last step before it serves.

What this process writes afterwards, each fork copies the page tables of. So nothing is loaded after it, and what has to be
found out is found out by forks.
"""

from __future__ import annotations

import gc
import resource
from dataclasses import dataclass
from typing import Callable, Final

from ..kernel import linux
from ..kernel.forks import ask_fork
from . import hot_pages, process_memory
from .immortal import make_immortal
from .snapshot import take_snapshot


@dataclass(frozen=True, slots=True)
class SettledMemory:
    """What was reached, and what forks need of it."""

    is_immortal: bool
    """No fork writes to an object's reference count."""
    has_snapshot: bool
    """The memory is mapped from a file: a fork copies no page tables for what it never looks at."""
    shared_bytes: int
    """What becomes resident of shared memory while the sample runs. 0 where a fork has all of it from the start."""
    shared_bytes_when_warm: int
    """The same of a fork that has been warmed."""
    warm: Callable[[], object]
    """Gives a fork the pages ahead that the sample needs."""


#: Of a zygote that serves at once.
NOT_SETTLED: Final = SettledMemory(False, False, 0, 0, lambda: None)


def settle_memory(sample: Callable[[], object], is_jail: bool, can_mount: bool) -> SettledMemory:
    """Settle the memory of this process. `sample` does what a typical run does; it is called in forks only.

    Without a jail the start counts for more than what a run costs: it takes twice as long to make a zygote's forks cheap.
    """
    gc.collect()
    gc.disable()  # it would look through everything again and again meanwhile
    is_immortal = is_jail and make_immortal(sample)
    gc.enable()
    gc.collect()
    gc.freeze()  # a collection in a run would write to every object of the zygote, and so copy its memory
    linux.release_free_memory()
    snapshot = take_snapshot(sample) if can_mount else []
    memory = snapshot or process_memory.ask_for_memory(excluded=[])
    if snapshot:
        hot_pages.map_what_is_read(sample, memory)
    warm = hot_pages.populator(hot_pages.learn(sample, memory))
    cold_growth, warm_growth = (
        (_resident_growth(lambda: None, sample), _resident_growth(warm, sample)) if snapshot else (0, 0)
    )
    return SettledMemory(is_immortal, bool(snapshot), cold_growth, warm_growth, warm)


def _resident_growth(before_it: Callable[[], object], sample: Callable[[], object]) -> int:
    """Return by how much the resident memory of a fork grows by the sample, bytes; never less than 0."""

    def measure() -> bytes:
        before_it()
        before = _peak_resident_bytes()
        sample()
        # The kernel adds up its counters of each processor roughly: the peak can be told smaller than before.
        return b"%d" % max(0, _peak_resident_bytes() - before)

    return int(ask_fork(measure) or 0)


def _peak_resident_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

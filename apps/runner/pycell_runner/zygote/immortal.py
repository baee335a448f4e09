"""Gives every object of a zygote the reference count that CPython never changes, so that its forks do not write to it.

Called by settling.py once everything is loaded, before the first fork. From Python 3.12 on an object whose
count has the immortal value is not counted (PEP 683). A run that looks at an object of its zygote's, and every name, every
constant and every module is one, would otherwise copy the page that it lies in.

A script sees it by `sys.getrefcount` of what was there before it. What it makes itself is counted and freed as ever.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from array import array
from itertools import chain, repeat
from types import CodeType, FrameType
from typing import Any, Callable, Final

from ..kernel import linux
from ..kernel.forks import survives

#: Of the first 32 bits of an object. Python 3.12 to 3.14 look at no others to tell whether it is immortal.
_Count = ctypes.c_uint32
_COUNT_BYTES: Final = ctypes.sizeof(_Count)
#: From here on a count is immortal.
_LEAST_IMMORTAL: Final = 1 << 31
_OLDEST: Final = (3, 12)
#: gc.get_referents() takes its arguments on the stack.
_AT_ONCE: Final = 2_000
#: readv() takes no more.
_MOST_PLACES: Final = 1_024

_readv = ctypes.PyDLL(None, use_errno=True).readv
_readv.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_readv.restype = ctypes.c_ssize_t


def make_immortal(workload: Callable[[], object]) -> bool:
    """Make every object of this process immortal; return whether that was done.

    Proved first in a fork, which must live through it and then through `workload`. Not before Python 3.12, not by an
    interpreter whose objects have another form, and not beside other threads.
    """
    value = _immortal_count()
    if value is None or not linux.has_one_thread():
        return False
    # Held until it is done, in the fork too: what is freed meanwhile, by a hook after the fork, say, is memory of something else.
    things = _find_all()
    places = _places_of(things)

    def live_through() -> None:
        _set_counts(places, value)
        workload()
        gc.collect()

    if not survives(live_through):
        return False
    _set_counts(places, value)
    return True


def _immortal_count() -> int | None:
    """Return the count of this interpreter's own immortal objects; None where it has none."""
    if sys.implementation.name != "cpython" or sys.version_info < _OLDEST or "t" in sys.abiflags:
        return None
    value: int = _Count.from_address(id(None)).value
    return value if value >= _LEAST_IMMORTAL else None


def _places_of(things: list[Any]) -> array[int]:
    """Return where the counts of these objects are, as readv() takes it: addresses, each with a size."""
    return array("Q", chain.from_iterable(zip(map(id, things), repeat(_COUNT_BYTES))))


def _set_counts(places: array[int], value: int) -> None:
    """Write the count into all of them: the kernel does, a thousand with each call, from a pipe. Raises OSError."""
    address, length = places.buffer_info()
    counts = bytes(_Count(value)) * _MOST_PLACES
    read, write = os.pipe()
    try:
        for start in range(0, length // 2, _MOST_PLACES):
            here = min(_MOST_PLACES, length // 2 - start)
            os.write(write, counts[: here * _COUNT_BYTES])
            if _readv(read, address + start * 2 * places.itemsize, here) != here * _COUNT_BYTES:
                raise OSError(ctypes.get_errno(), "counts could not be written")
    finally:
        os.close(read)
        os.close(write)


def _find_all() -> list[Any]:
    """Return every object that the garbage collector knows, or that one of those refers to.

    Without the frames that are being executed, and without what this function makes itself: it would find no end.
    """
    found: list[Any] = []
    following: list[Any] = gc.get_objects()
    seen = {id(found)}
    while following:
        # By functions of C: most objects are referred to many times.
        by_address = dict(zip(map(id, following), following))
        seen.update((id(seen), id(following), id(by_address)))
        fresh = set(by_address).difference(seen)
        seen |= fresh
        things = [thing for thing in map(by_address.__getitem__, fresh) if type(thing) is not FrameType]
        found += things
        following = []
        seen.update((id(fresh), id(things), id(following)))
        for start in range(0, len(things), _AT_ONCE):
            following += gc.get_referents(*things[start : start + _AT_ONCE])
        for thing in things:
            if type(thing) is CodeType:
                following += _parts_of(thing)
    return found


def _parts_of(code: CodeType) -> tuple[Any, ...]:
    """Return what a code object refers to, which the garbage collector is not told."""
    return (
        code.co_consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_filename, code.co_name,
        code.co_qualname, code.co_linetable, code.co_exceptiontable,
    )  # fmt: skip

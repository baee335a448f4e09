"""Puts the code that runs execute side by side. Called by the zygote's program, before it rehearses.

CPython counts in an instruction how often it was executed until it is specialised, which many never are. So whatever
executes a function writes into its code. Code objects lie where there was room when their modules were imported, hardly
two in a page: for the first steps with pandas a fork copied 300 pages to count in 350 functions.
"""

from __future__ import annotations

import ctypes
import gc
import opcode
import sys
from array import array
from types import CodeType, FunctionType, ModuleType
from typing import Any, Callable, Final, Iterator, Sequence

from ..kernel.forks import ask_fork

#: One that has no meaning; nothing else in a zygote uses any.
_TOOL: Final = 3
_WORD: Final = array("I").itemsize
#: Sizes of objects that malloc places, in steps of its own, largest first. Python has pools for smaller ones.
_SIZES: Final = range(64 * 1024, 512, -16)
#: The heap grows in steps of 128 KiB: what lies closer to its end than two of them and itself was never used before.
_UNUSED_BYTES: Final = 256 * 1024
#: One instruction that does nothing.
_NOTHING: Final = bytes([opcode.opmap["NOP"], 0])
#: More than there are, however much was imported.
_MOST_PIECES: Final = 100_000
_MOST_LARGE_PIECES: Final = 1_000

_libc = ctypes.PyDLL(None)
_malloc = _libc.malloc
_malloc.argtypes = (ctypes.c_size_t,)
_malloc.restype = ctypes.c_size_t
_free = _libc.free
_free.argtypes = (ctypes.c_size_t,)
_free.restype = None
_sbrk = _libc.sbrk
_sbrk.argtypes = (ctypes.c_ssize_t,)
_sbrk.restype = ctypes.c_size_t


def compact_code(workload: Callable[[], object], modules: Sequence[ModuleType]) -> int:
    """Give the functions that a fork executes in `workload`, and all of `modules`, copies of their code side by side.

    Returns how many. None before Python 3.12, which cannot tell what is executed; there objects are not immortal, so that
    code is written to by whoever refers to it. None where the copies cannot be made: then all is as it was.
    """
    offset = _version_offset()
    if not hasattr(sys, "monitoring") or offset is None:
        return 0
    functions = _functions_by_code()
    executed = [code for code in _executed_code(workload) if code in functions]
    own = [id(function.__code__) for module in modules for function in _functions_of(module)]
    taken = _take_scattered_room()
    try:
        copies = [(functions[code], _copy(functions[code][0].__code__)) for code in dict.fromkeys([*own, *executed])]
    except Exception as error:
        print(f"could not compact code: {error!r}", file=sys.stderr, flush=True)
        return 0
    finally:
        for piece in taken:
            _free(piece)
    for same, copy in copies:
        for function in same:
            _set_code(function, copy, offset)
    return len(copies)


def _version_offset() -> int | None:
    """Return where in a function its version is; None where that is unknown.

    By it an instruction knows the function that it was specialised for. Setting the code of a function makes the version
    0, for which Python 3.13 specialises no call any more.
    """

    def function() -> None:
        return None

    before = _words_of(function)
    function.__code__ = function.__code__
    changed = [index for index, (old, new) in enumerate(zip(before, _words_of(function))) if old != new]
    return changed[0] * _WORD if len(changed) == 1 and _words_of(function)[changed[0]] == 0 else None


def _words_of(function: Any) -> array[int]:
    return array("I", ctypes.string_at(id(function), type(function).__basicsize__))


def _set_code(function: FunctionType, code: CodeType, version_offset: int) -> None:
    """Set a copy of a function's code, without a change of its version: the copy does the same in the same way."""
    place = id(function) + version_offset
    version = ctypes.string_at(place, _WORD)
    function.__code__ = code
    ctypes.memmove(place, version, _WORD)


def _functions_by_code() -> dict[int, list[FunctionType]]:
    found: dict[int, list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType:
            found.setdefault(id(thing.__code__), []).append(thing)
    return found


def _functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions of a module and of its classes, but for those that it imports."""
    for thing in vars(module).values():
        parts = vars(thing).values() if isinstance(thing, type) else [thing]
        yield from (part for part in parts if type(part) is FunctionType and part.__module__ == module.__name__)


def _executed_code(workload: Callable[[], object]) -> list[int]:
    """Return the addresses of the code that a fork executes in `workload`, in this order. Empty where it fails."""

    def find() -> bytes:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        executed: dict[int, None] = {}
        monitoring.use_tool_id(_TOOL, __name__)
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, lambda code, _: executed.setdefault(id(code)))
        monitoring.set_events(_TOOL, monitoring.events.PY_START)
        workload()
        monitoring.set_events(_TOOL, 0)
        return array("Q", executed).tobytes()

    return list(array("Q", ask_fork(find) or b""))


def _copy(code: CodeType) -> CodeType:
    """Return the same code in memory of its own, and so for the functions that it makes.

    Small code gets instructions that are never reached: Python keeps objects of up to 512 bytes apart by their sizes.
    """
    constants = tuple(_copy(part) if isinstance(part, CodeType) else part for part in code.co_consts)
    padding = max(0, _SIZES[-1] - sys.getsizeof(code)) // len(_NOTHING)
    return code.replace(co_code=code.co_code + padding * _NOTHING, co_consts=constants)


def _take_scattered_room() -> list[int]:
    """Allocate what malloc has free between other things: what it gives next lies behind all of them."""
    largest, end = _SIZES[0], _sbrk(0)
    taken: list[int] = []
    while not taken or end - taken[-1] - largest >= _UNUSED_BYTES:
        piece = _malloc(largest)
        if not 0 < piece < end or len(taken) == _MOST_LARGE_PIECES:
            # The heap is not this one: a piece that lies elsewhere tells nothing of what is free in here.
            _free(piece)
            return taken
        taken.append(piece)
    last = taken[-1]
    for size in _SIZES:
        while 0 < (piece := _malloc(size)) < last and len(taken) < _MOST_PIECES:
            taken.append(piece)
        _free(piece)
    return taken

"""Does in a zygote what its runs will do, before its first fork, so that forks find it done.

CPython counts how often each instruction is executed, specialises those that are executed often, and keeps what it has
looked up: all of it is written into code and tables, whose pages a fork would have to copy.
"""

from __future__ import annotations

import gc
import io
import linecache
import signal
import socket
import sys
import warnings
from contextlib import redirect_stdout
from types import CodeType
from typing import Any, Callable, Final, Sequence

from ..protocol.frames import FrameType, encode
from ..protocol.request import plain_payload
from ..run import process
from ..run.process import RunPlan

_CHUNK_BYTES: Final = 64 * 1024


def rehearse(scripts: Sequence[str], plan: RunPlan, put_back: Callable[[], object], times: int) -> None:
    """Have these scripts received, executed and answered by the code of a run, so many times each.

    `put_back` puts back what the script has left.

    Where one fails, as with another version of a package, runs find less done for them, and nothing else.
    """
    state = _state()
    try:
        _rehearse(scripts, plan, put_back, times)
    except BaseException as error:
        print(f"could not rehearse: {error!r}", file=sys.stderr, flush=True)
    finally:
        _put_back(*state)


def _rehearse(scripts: Sequence[str], plan: RunPlan, put_back: Callable[[], object], times: int) -> None:
    service, run = socket.socketpair()
    with service, run, redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(times):
            for script in scripts:
                # No script is like another one.
                service.sendall(encode(FrameType.RUN, 1, plain_payload(f"{script}\n# {number}".encode())))
                process.rehearse(run.fileno(), plan)
                service.recv(_CHUNK_BYTES)
                put_back()


def look_up_names() -> None:
    """Look up on a module every name that the runner's code may: each is kept in one table, and would be written by each fork."""
    for name in sorted(_names_in_code()):
        getattr(sys, name, None)


def _names_in_code() -> set[str]:
    names: set[str] = set()
    package = __name__.partition(".")[0]
    waiting: list[Any] = [
        value
        for module in gc.get_objects()
        if type(module) is type(sys) and module.__name__.partition(".")[0] == package
        for value in vars(module).values()
    ]
    seen = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, type) and thing.__module__.partition(".")[0] == package:
            waiting += vars(thing).values()
        code = thing if isinstance(thing, CodeType) else getattr(thing, "__code__", None)
        if isinstance(code, CodeType):
            names.update(code.co_names)
            waiting += code.co_consts
    return names


def _state() -> tuple[list[str], Any, set[Any], int]:
    """Return what a script, and the code around it, leave changed."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return sys.argv, sys.modules["__main__"], mask, sys.getrecursionlimit()


def _put_back(argv: list[str], main: Any, mask: set[Any], recursion_limit: int) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    sys.setrecursionlimit(recursion_limit)
    gc.enable()
    sys.argv, sys.modules["__main__"] = argv, main
    sys.modules.pop("script", None)
    linecache.clearcache()

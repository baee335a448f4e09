"""Hints for exceptions that a script did not catch."""

from __future__ import annotations

import errno
import os
import re
from types import TracebackType
from typing import Final, Iterator

from . import modules
from .hint import Row, Scene, first, linked

_NETWORK: Final = "A run has no network, neither out nor in: send the data with the request, as \"inputs\" or \"files\", and return the result."
_PROCESSES: Final = "A run is one process: it cannot start programs or other processes. Threads are there, for example concurrent.futures.ThreadPoolExecutor."
_NO_INPUT: Final = (
    'Standard input is what the request sends as "stdin", and it has no more than that: send there every line that the script '
    'reads, or send values as "inputs".'
)
_OTHER_INPUT: Final = (
    'The line reads standard input, which is what the request sends as "stdin", and empty without it: send there what the script '
    "expects."
)
_READS_INPUT: Final = re.compile(r"\bstdin\b|\bfileinput\b|\binput\(|\bopen\(0\b")
_NO_DEBUGGER: Final = "A run has no terminal by which a debugger could ask: leave the breakpoint out, and print the values instead."
_NO_FILE: Final = (
    'A run has the files that the request sends in "files", in its working directory: send it there, under the relative name by '
    "which the script reads it, such as data/sales.csv. A small one can stand in the script: pandas.read_csv(io.StringIO(text))."
)
_NO_FOLDER: Final = (
    'The folder does not exist: write to output/, which does, as in Path("output/report.csv"), and whose files come with the '
    "answer, or make the folder before."
)
_READ_ONLY: Final = (
    "A run can write in its working directory and in /tmp, and nowhere else: write what is to come with the answer to output/, "
    'as in Path("output/report.csv").'
)
_NOTHING_WRITABLE: Final = "In this service's jail a run can write no file: keep the data in memory, and return what you need."
#: Of the line: it makes a file or a folder.
_WRITES: Final = re.compile(
    r"""\.(?:to_\w+|write_\w+|savefig|save\w*|mkdir|makedirs|touch|rename|copy\w*|move)\(|FileHandler\(|basicConfig\(|open\([^)]*,\s*(?:mode\s*=\s*)?["'][rbt]*[wax+]"""
)
#: Of the standard library: whatever fails in there wanted to reach somebody.
_NETWORK_MODULES: Final = re.compile(
    r"[/\\](?:socket|ssl|smtplib|ftplib|poplib|imaplib|socketserver|xmlrpc[/\\]\w+|http[/\\]\w+|urllib[/\\]\w+|asyncio[/\\]\w+)\.py$"
)
_NETWORK_CALLS: Final = re.compile(r"\b(?:socket|connect|connect_ex|bind|listen|sendto|urlopen|create_connection|getaddrinfo)\b")
_NETWORK_ERRORS: Final = frozenset({"gaierror", "herror", "URLError", "ConnectionRefusedError", "ConnectError"})
_ASYNC_RUN: Final = "asyncio.run() cannot be called from a running event loop"


def hint_for(error: BaseException, scene: Scene) -> str | None:
    """Return what the author can do about an exception, None where nothing is known."""
    return first((*modules.ROWS, *_ROWS), error, scene)


def _frames(error: BaseException) -> Iterator[str]:
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename
        trace = trace.tb_next


def _network(error: BaseException, scene: Scene) -> str | None:
    for one in linked(error):
        if any(kind.__name__ in _NETWORK_ERRORS for kind in type(one).__mro__):
            return _NETWORK
        refused = isinstance(one, OSError) and one.errno in (errno.EPERM, errno.EACCES, errno.EAFNOSUPPORT, errno.ENETUNREACH)
        if refused and (any(map(_NETWORK_MODULES.search, _frames(one))) or _NETWORK_CALLS.search(scene.text)):
            return _NETWORK
    return None


def _processes(error: BaseException, _scene: Scene) -> str | None:
    is_refused = isinstance(error, PermissionError) and "may not start processes" in str(error)
    return _PROCESSES if is_refused else None


def _shared_state(error: BaseException, _scene: Scene) -> str | None:
    """multiprocessing needs semaphores before it needs processes."""
    in_multiprocessing = any("multiprocessing" in file for file in _frames(error))
    return _PROCESSES if isinstance(error, OSError) and in_multiprocessing else None


def _limits(error: BaseException, scene: Scene) -> str | None:
    limits = scene.limits
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return f"A run may have {limits.threads} threads at once, the main thread among them (MAX_THREADS): use a pool of fewer."
    if not isinstance(error, OSError):
        return None
    megabytes = limits.file_bytes >> 20
    if error.errno == errno.EMFILE:
        return f"A run may have {limits.open_files} files open at once (MAX_OPEN_FILES): close them, for example by `with`."
    if error.errno == errno.EFBIG:
        return f"A file may have {megabytes} MB at most (TMP_SIZE_MB): write less, or keep the data in memory."
    if error.errno == errno.ENOSPC:
        return f"The run's /tmp has room for {megabytes} MB (TMP_SIZE_MB): write less, or keep the data in memory."
    return None


def _files(error: BaseException, scene: Scene) -> str | None:
    writes = _WRITES.search(scene.text) is not None
    if isinstance(error, FileNotFoundError) and "multiprocessing" not in str(error):
        return _NO_FOLDER if writes and not _may_exist(error) else _NO_FILE
    if isinstance(error, OSError) and str(error).startswith("Cannot save file into a non-existent directory"):
        return _NO_FOLDER  # pandas looks for it before it opens the file
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES) and error.filename is not None:
        if error.errno == errno.EACCES and not writes:
            return _NO_FILE
        return _READ_ONLY if os.access(".", os.W_OK) else _NOTHING_WRITABLE
    if str(error) == "unable to open database file":
        return _NO_FILE if os.access(".", os.W_OK) else _NOTHING_WRITABLE
    return None


def _may_exist(error: FileNotFoundError) -> bool:
    """Tell whether the folder is there: then it is the file that is missing, and that it was to be read."""
    return isinstance(error.filename, str) and os.path.isdir(os.path.dirname(error.filename) or ".")


def _input(error: BaseException, scene: Scene) -> str | None:
    if isinstance(error, EOFError):
        return _NO_INPUT
    if isinstance(error, (ValueError, IndexError)) and _READS_INPUT.search(scene.text):
        return _OTHER_INPUT
    return _NO_DEBUGGER if type(error).__name__ == "BdbQuit" else None


def _recursion(error: BaseException, _scene: Scene) -> str | None:
    if isinstance(error, RecursionError):
        return "A function calls itself without an end, or too deeply: check where it stops, or write a loop with a list as its stack."
    return None


def _arguments_of_main(error: BaseException, _scene: Scene) -> str | None:
    missing = re.match(r"main\(\) missing \d+ required (?:keyword-only |positional )arguments?: (.*)", str(error))
    if isinstance(error, TypeError) and missing:
        return f'Send {missing[1][:80]} in "inputs" with the request, or give it a default value.'
    return None


def _event_loop(error: BaseException, _scene: Scene) -> str | None:
    if isinstance(error, RuntimeError) and _ASYNC_RUN in str(error):
        return "async def main() is awaited already: write await instead of asyncio.run(), or make main a plain function."
    return None


_ROWS: Final[tuple[Row, ...]] = (
    _processes, _shared_state, _network, _limits, _files, _input, _recursion, _arguments_of_main, _event_loop,
)  # fmt: skip

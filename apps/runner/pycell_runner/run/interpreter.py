"""Sets up the interpreter that runs inherit. Called before the fork: by a zygote, and by the supervisor of one run.

Each page that a run writes to by itself costs it 3 us.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import warnings
from _sitebuiltins import Quitter, _Helper
from typing import Any, Final, Mapping

from .. import own_builtins
from ..kernel import linux, place_signal
from ..result.failure import SCRIPT_MODULE
from . import confinement, matplotlib_settings, private_mappings


#: A run's home is the only folder that it can write to; its user has another number in each run, and no name.
_ENVIRONMENT: Final[Mapping[str, str]] = {"HOME": "/tmp", "USER": "sandbox"}
_END_OF_FILE: Final = "Ctrl-D (i.e. EOF)"


def prepare_process() -> None:
    """Set up what the C library and the kernel are to do for runs. Call before packages are imported."""
    linux.forbid_tracing()
    linux.use_one_malloc_arena()
    # One thread for BLAS: more would spend the run's threads, and there are few CPUs for many runs.
    linux.set_c_environment("OPENBLAS_NUM_THREADS", "1")


def prepare_interpreter(is_jail: bool, packages: str) -> None:
    """Make this interpreter the one that scripts are to find. The last step before the first fork.

    `packages`: the folder of what scripts can import.
    """
    _make_streams()
    _add_builtins()
    os.environ.update(_ENVIRONMENT)
    # Python shows these of a program's own code, which is `__main__` there.
    warnings.filterwarnings("default", category=DeprecationWarning, module=rf"{SCRIPT_MODULE}\Z")
    place_signal.answer_on_stderr()
    if is_jail:
        confinement.explain_refused_processes()
        confinement.wait_by_poll()
        private_mappings.install()
    matplotlib_settings.install(packages)
    _hide_runner()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _make_streams() -> None:
    """Give the script streams of its own, written through: what it printed before it is killed is not lost.

    They name descriptors, which the run puts in place; this process has 0, 1 and 2 open for as long.
    """
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(  # type: ignore[misc]
        io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8"
    )
    sys.stdout = sys.__stdout__ = _written_through(1, "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _written_through(2, "backslashreplace")  # type: ignore[misc]
    linux.write_c_lines_through()


def _written_through(descriptor: int, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    _ask_as_pipe(raw)
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)


def _ask_as_pipe(raw: io.FileIO) -> None:
    """Have it find out that it cannot seek, which it asks once and keeps: it will be a pipe, and is none yet.

    A script that wraps it anew, as many do for another encoding, would fail to seek otherwise.
    """
    descriptor = raw.fileno()
    kept = os.dup(descriptor)
    reading, writing = os.pipe()
    os.dup2(writing, descriptor)
    raw.seekable()
    os.dup2(kept, descriptor)
    for other in (kept, reading, writing):
        os.close(other)


def _add_builtins() -> None:
    """Add what `site` adds, which is not loaded: it would look for folders that scripts have no use for."""
    names: Any = builtins
    names.help = _Helper()
    names.exit, names.quit = Quitter("exit", _END_OF_FILE), Quitter("quit", _END_OF_FILE)


def _hide_runner() -> None:
    """Scripts see the standard library and the packages: `import pycell_runner` fails like any unknown name."""
    own_builtins.uninstall()
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]

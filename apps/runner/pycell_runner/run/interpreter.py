"""Sets up the interpreter that runs inherit. Called before the fork: by a zygote, and by the supervisor of one run.

Each page that a run writes to by itself costs it 3 us.
"""

from __future__ import annotations

import io
import signal
import sys

from .. import own_builtins
from ..kernel import linux
from . import confinement, private_mappings


def prepare_process() -> None:
    """Set up what the C library and the kernel are to do for runs. Call before packages are imported."""
    linux.forbid_tracing()
    linux.use_one_malloc_arena()
    # One thread for BLAS: more would spend the run's threads, and there are few CPUs for many runs.
    linux.set_c_environment("OPENBLAS_NUM_THREADS", "1")


def prepare_interpreter(is_jail: bool) -> None:
    """Make this interpreter the one that scripts are to find. The last step before the first fork."""
    _make_streams()
    if is_jail:
        confinement.explain_refused_processes()
        confinement.wait_by_poll()
        private_mappings.install()
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
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, write_through=True)


def _hide_runner() -> None:
    """Scripts see the standard library and the packages: `import pycell_runner` fails like any unknown name."""
    own_builtins.uninstall()
    package = __name__.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]

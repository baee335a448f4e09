"""Ends a script as a program ends. Called by the run, once its outcome is made; all of it counts as the script's time."""

from __future__ import annotations

import atexit
import sys
from typing import Any, Final

_modules: Final = sys.modules
_count_hooks: Final = atexit._ncallbacks
_run_hooks: Final = atexit._run_exitfuncs
_unregister: Final = atexit.unregister


def wait_for_rest(known_hooks: int) -> None:
    """Wait for threads that are no daemons, then run what was registered with `atexit`, as CPython does.

    `known_hooks`: how many there were before the script. What this raises, or never ends, is the script's doing.
    """
    threading: Any = _modules.get("threading")
    # Both are asked first: most scripts have neither, and the calls would touch pages of every run.
    if threading is not None and len(threading._active) > 1:
        threading._shutdown()
    if _count_hooks() > known_hooks:
        figures: Any = _modules.get("matplotlib._pylab_helpers")
        if figures is not None:
            # It would close the figures that are to be drawn yet.
            _unregister(figures.Gcf.destroy_all)
        _run_hooks()


def count_hooks() -> int:
    """Return how many functions are registered to be called at the end."""
    return _count_hooks()

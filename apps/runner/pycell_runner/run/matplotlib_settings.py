"""Has matplotlib draw into memory, with the list of fonts that the set-up has made. Called before the fork.

matplotlib wants a folder that it may write to, for that list. A jail has none that would last, and inside gVisor there is
none at all. So it is given the folder with the list, and is told that it may write there.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from contextlib import suppress
from typing import Any, Final, Mapping

_MATPLOTLIB: Final = "matplotlib"
#: Below the packages: what matplotlib has found out about fonts.
_SETTINGS_FOLDER: Final = ".matplotlib"
_SETTINGS_VARIABLE: Final = "MPLCONFIGDIR"
#: What these packages read when they are loaded. What is drawn goes into memory, and nobody looks for a screen. No run can
#: start a pool of processes; one thread each, as BLAS has it.
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",
}


class MatplotlibSettings:
    """While it is entered, what is imported finds settings of ours, and matplotlib its list of fonts."""

    def __init__(self, packages: str) -> None:
        """Where there is no list matplotlib looks at the fonts, and keeps the list if it can."""
        folder = os.path.join(packages, _SETTINGS_FOLDER)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError:  # read-only, and the set-up has made no list
            folder = packages
        self._folder = os.path.realpath(folder)
        self._can_access = os.access
        self._environment: dict[str, str] = {}

    def __enter__(self) -> None:
        folder, can_access = self._folder, self._can_access

        def can_access_or_is_folder(path: Any, *arguments: Any, **options: Any) -> bool:
            return path == folder or can_access(path, *arguments, **options)

        self._environment = dict(os.environ)
        os.environ.update({**_ENVIRONMENT, _SETTINGS_VARIABLE: folder})
        os.access = can_access_or_is_folder

    def __exit__(self, *_: object) -> None:
        if _MATPLOTLIB in sys.modules:
            _find_folders()
        os.access = self._can_access
        # Runs find an environment without them, and without what packages have added.
        os.environ.clear()
        os.environ.update(self._environment)


class _Finder:
    """Enters the settings when a script is the first to import matplotlib, and leaves the finding to others."""

    def __init__(self, packages: str) -> None:
        self._packages = packages
        self._has_set = False

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Find nothing. Called by the import of every module that is not there yet."""
        if name == _MATPLOTLIB and not self._has_set:
            # The run is this script's alone: what is set may stay.
            self._has_set = True
            MatplotlibSettings(self._packages).__enter__()
            hide_warnings()


def install(packages: str) -> None:
    """Have forks of this process import matplotlib with these settings, where it is not loaded already."""
    if _MATPLOTLIB not in sys.modules:
        # Before the one that looks into folders.
        sys.meta_path.insert(-1, _Finder(packages))


def hide_warnings() -> None:
    """Have `plt.show()`, which people paste, say nothing: figures are shown by whoever gets them."""
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive", category=UserWarning)


def _find_folders() -> None:
    """Have matplotlib find out now, and remember, where its folders are."""
    matplotlib: Any = sys.modules[_MATPLOTLIB]
    with suppress(Exception):  # another version
        matplotlib.get_configdir()
        matplotlib.get_cachedir()
        importlib.import_module("matplotlib.font_manager")

"""Loads matplotlib and the packages for science, and draws. Called by preload.py, before the zygote's first fork.

matplotlib wants a folder that it may write to, for the list of fonts that it knows. The jail has none that would last, so it
is given the folder in which the set-up has put that list, and is told that it may write there.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import warnings
from contextlib import contextmanager, suppress
from typing import Any, Final, Iterator, Mapping

from ..protocol.contract import FIGURES_MODULES

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
#: What scripts use of these packages that the packages do not load by themselves. Those that are not there are left out.
_SUBMODULES: Final = (
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.dates",
    "matplotlib.ticker", "matplotlib.animation", "matplotlib.patheffects", "matplotlib._tight_bbox",
    "matplotlib.backends._backend_pdf_ps", "mpl_toolkits.mplot3d",
    "mpl_toolkits.axes_grid1", "pandas.plotting._matplotlib", "PIL.Image", "PIL.PngImagePlugin", "PIL.ImageDraw",
    "scipy.cluster.hierarchy", "scipy.fft", "scipy.integrate", "scipy.interpolate", "scipy.linalg", "scipy.ndimage",
    "scipy.optimize", "scipy.signal", "scipy.sparse.linalg", "scipy.spatial", "scipy.special", "scipy.stats",
    "sklearn.cluster", "sklearn.compose", "sklearn.datasets", "sklearn.decomposition", "sklearn.ensemble",
    "sklearn.feature_selection", "sklearn.impute", "sklearn.linear_model", "sklearn.manifold", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.naive_bayes", "sklearn.neighbors", "sklearn.neural_network",
    "sklearn.pipeline", "sklearn.preprocessing", "sklearn.svm", "sklearn.tree",
    "statsmodels.api", "statsmodels.formula.api", "statsmodels.tsa.api", "seaborn",
)  # fmt: skip


def figures_modules(folder: str) -> list[str]:
    """Return which packages of the folder only the zygote of figures loads: none where matplotlib is not there."""
    there = [name for name in FIGURES_MODULES if _is_there(os.path.join(folder, name))]
    return there if _MATPLOTLIB in there else []


def _is_there(path: str) -> bool:
    # mpl_toolkits is a folder without a file of its own.
    return os.path.isdir(path) or os.path.isfile(f"{path}.py")


@contextmanager
def settings_for(packages: str) -> Iterator[None]:
    """Have what is imported within find settings of ours, and matplotlib its list of fonts.

    matplotlib asks whether the folder can be written to, else makes another one, and warns. Where there is no list it looks at
    the fonts, and keeps the list if it can.
    """
    folder = os.path.join(packages, _SETTINGS_FOLDER)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:  # read-only, and the set-up has made no list
        folder = packages
    folder = os.path.realpath(folder)
    can_access = os.access

    def can_access_or_is_folder(path: Any, *arguments: Any, **options: Any) -> bool:
        return path == folder or can_access(path, *arguments, **options)

    before = dict(os.environ)
    os.environ.update({**_ENVIRONMENT, _SETTINGS_VARIABLE: folder})
    os.access = can_access_or_is_folder
    try:
        yield
        if _MATPLOTLIB in sys.modules:
            _find_folders()
    finally:
        os.access = can_access
        # Runs find an environment without them, and without what packages have added.
        os.environ.clear()
        os.environ.update(before)


def _find_folders() -> None:
    """Have matplotlib find out now, and remember, where its folders are."""
    matplotlib: Any = sys.modules[_MATPLOTLIB]
    with suppress(Exception):  # another version
        matplotlib.get_configdir()
        matplotlib.get_cachedir()
        importlib.import_module("matplotlib.font_manager")


def load_submodules() -> None:
    """Import what scripts use of the packages that are there."""
    for name in _SUBMODULES:
        if name.partition(".")[0] in sys.modules:
            # Whatever it is, a script that imports this meets it too.
            with suppress(Exception, SystemExit):
                importlib.import_module(name)
    _count_processors()


def _count_processors() -> None:
    """Have joblib find out how many CPUs there are, which it does by a program and keeps: none can be started later."""
    if joblib := sys.modules.get("joblib"):
        with suppress(Exception):
            joblib.cpu_count(only_physical_cores=True)


def draw_open_figures() -> None:
    """Draw the figures that a script has left open, as its run does."""
    pyplot = _pyplot()
    for number in pyplot.get_fignums() if pyplot else ():
        pyplot.figure(number).savefig(io.BytesIO(), format="png")


def close_figures() -> None:
    """Close all figures, and forget the fonts that were opened for them.

    A font reads from its file while it is used; runs have no descriptor of the zygote's.
    """
    pyplot = _pyplot()
    if pyplot is None:
        return
    pyplot.close("all")
    sys.modules["matplotlib.font_manager"]._get_font.cache_clear()
    sys.modules["matplotlib.mathtext"].MathTextParser._parse_cached.cache_clear()


def hide_warnings() -> None:
    """Have `plt.show()`, which people paste, say nothing: figures are shown by whoever gets them."""
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive", category=UserWarning)


def _pyplot() -> Any:
    """Return pyplot, None where it could not be loaded."""
    return sys.modules.get("matplotlib.pyplot")

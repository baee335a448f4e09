"""Loads matplotlib and the packages for science. Called by preload.py, before the zygote's first fork."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import Any, Final

from ..protocol.contract import FIGURES_MODULES

_MATPLOTLIB: Final = "matplotlib"
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


def _pyplot() -> Any:
    """Return pyplot, None where it could not be loaded."""
    return sys.modules.get("matplotlib.pyplot")

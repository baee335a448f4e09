"""Lists matplotlib's fonts ahead of time; `package_folder` calls it when the packages are compiled.

matplotlib looks through all fonts whenever it is loaded and finds no such list, which takes 0.2 s and more. The list lies in
the hidden folder `.matplotlib` of the packages, in the jail as well. It names fonts relative to matplotlib's own folder,
so it holds wherever the packages lie.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .failures import BuildFailure
from .interpreter import Interpreter

#: Within the folder of packages: what MPLCONFIGDIR must name.
FONT_CACHE = ".matplotlib"

# The order in which fonts were found is chance. Of equally good ones matplotlib takes the first, so it is sorted.
_LISTING = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import matplotlib
from matplotlib import font_manager
manager = font_manager.fontManager
for fonts in (manager.afmlist, manager.ttflist):
    fonts.sort(key=lambda font: (font.fname, font.index, font.name, str(font.weight)))
for old in Path(sys.argv[2]).iterdir():
    old.unlink()
font_manager.json_dump(manager, Path(sys.argv[2], f"fontlist-v{manager.__version__}.json"))
"""


def needs_font_cache(packages: Path) -> bool:
    """Whether there is a matplotlib in `packages`."""
    return (packages / "matplotlib").is_dir()


def make_font_cache(interpreter: Interpreter, packages: Path) -> None:
    """Makes the list of fonts in `packages`. Raises BuildFailure where matplotlib cannot be loaded on this host."""
    folder = packages / FONT_CACHE
    folder.mkdir()
    # Only the fonts that matplotlib brings, and nothing that whoever builds has set.
    only_its_own = {"MPLCONFIGDIR": str(folder), "MPL_IGNORE_SYSTEM_FONTS": "1", "MPLBACKEND": "agg"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MPL", "MATPLOTLIB"))}
    command = [str(interpreter.executable), "-I", "-S", "-B", "-c", _LISTING, str(packages), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env={**kept, **only_its_own}, cwd=packages)
    if done.returncode != 0 or not any(folder.glob("fontlist-*.json")):
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise BuildFailure(f"matplotlib cannot list its fonts with {interpreter.executable}: {reason}")

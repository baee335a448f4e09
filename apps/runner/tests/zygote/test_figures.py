"""What the zygote of figures loads and draws ahead, and that scripts see nothing of it. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from pycell_runner.run.matplotlib_settings import MatplotlibSettings
from pycell_runner.zygote import figures

from .. import folders
from ..driver import RUNNER

#: Does what the program of a zygote does before its first fork.
_WARM = """
import os, sys
sys.path += [{runner!r}, {packages!r}]
sys.dont_write_bytecode = True
from pycell_runner.run import matplotlib_settings
from pycell_runner.zygote import preload
from pycell_runner.protocol.zygote_messages import ZygoteKind
kind = ZygoteKind.FIGURES
preload.load_standard_modules()
loaded = preload.load_packages({packages!r}, kind)
preload.warm_up(kind)
matplotlib_settings.hide_warnings()
"""
_FRESH = """
import os, sys
sys.path.append({packages!r})
os.environ["MPLBACKEND"] = "agg"
"""
#: What people draw, with what might be left of an earlier figure: numbers, converters of dates, formulas that were drawn before.
_PICTURES = """
import hashlib, io, json
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
matplotlib.rcParams["svg.hashsalt"] = "salt"

def picture(format):
    buffer = io.BytesIO()
    plt.savefig(buffer, format=format, metadata={"Date": None} if format == "svg" else None)
    plt.close()
    return hashlib.sha256(buffer.getvalue()).hexdigest()

def draw(format):
    plt.plot([1, 2, 3])
    plt.title("Title")
    yield picture(format)
    plt.plot(pd.date_range("2024-01-01", periods=4), [1, 2, 3, 4])
    yield picture(format)
    plt.plot(np.array(["2024-01-01", "2024-02-01"], dtype="datetime64[D]"), [1, 2])
    yield picture(format)
    plt.semilogy([1, 10, 100])
    plt.xlabel("$x^2$")
    yield picture(format)
    plt.text(0, 0, "Grüße, αβγ")
    yield picture(format)
    pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2024-01-01", periods=2)).plot()
    yield picture(format)

numbers = [plt.figure().number, plt.figure().number]
plt.close("all")
facts = {"pictures": [list(draw("png")), list(draw("svg"))], "numbers": numbers, "backend": plt.get_backend()}
"""


def _facts(prelude: str, script: str) -> dict[str, Any]:
    """Execute the script after the prelude in another interpreter; return the facts that it has found."""
    packages = folders.packages_folder()
    code = prelude.format(runner=str(RUNNER), packages=packages) + script + "\nprint(json.dumps(facts))"
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", code], env={"HOME": home}, cwd="/", capture_output=True, text=True
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


class Preloaded(unittest.TestCase):
    def test_pictures_are_those_of_an_interpreter_that_has_drawn_none_before(self) -> None:
        warm, fresh = _facts(_WARM, _PICTURES), _facts(_FRESH, _PICTURES)
        self.assertEqual(warm["numbers"], [1, 2])
        self.assertEqual(warm["backend"].lower(), "agg")
        self.assertEqual(warm["pictures"], fresh["pictures"])

    def test_nothing_is_left_of_what_was_drawn_ahead(self) -> None:
        script = """
import gc, json, threading
import matplotlib, matplotlib.units
import matplotlib.pyplot as plt
gc.collect()
targets = []
for number in os.listdir("/proc/self/fd"):
    try: targets.append(os.readlink(f"/proc/self/fd/{number}"))
    except OSError: pass
facts = {
    "loaded": loaded, "threads": threading.active_count(), "figures": plt.get_fignums(),
    "settings": [name for name, value in matplotlib.rcParams.items() if matplotlib.rcParamsDefault[name] != value and name != "backend"],
    "converters": sorted(type(c).__module__ for c in matplotlib.units.registry.values() if "pandas" in type(c).__module__),
    "fonts": [target for target in targets if target.endswith(".ttf")],
    "environment": sorted(set(os.environ) - {"HOME", "LC_CTYPE"}), "access": os.access.__module__,
}
"""
        facts = _facts(_WARM, script)
        self.assertLess({"matplotlib", "numpy", "pandas", "PIL"}, set(facts.pop("loaded")))
        empty = dict.fromkeys(("figures", "settings", "converters", "fonts", "environment"), [])
        self.assertEqual(facts, {**empty, "threads": 1, "access": "posix"})

    def test_showing_a_figure_says_nothing(self) -> None:
        script = 'import json\nimport matplotlib.pyplot as plt\nos.environ["DISPLAY"] = ":0"\nplt.plot([1])\nplt.show()\nfacts = {}'
        self.assertEqual(_facts(_WARM, script), {})


class Settings(unittest.TestCase):
    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_modules_of_figures_are_those_that_are_there_beside_matplotlib(self) -> None:
        (Path(self.folder) / "mpl_toolkits").mkdir()
        Path(self.folder, "pylab.py").touch()
        Path(self.folder, "own.py").touch()
        self.assertEqual(figures.figures_modules(self.folder), [])
        (Path(self.folder) / "matplotlib").mkdir()
        self.assertEqual(figures.figures_modules(self.folder), ["matplotlib", "mpl_toolkits", "pylab"])

    def test_the_folder_of_fonts_counts_as_writable_while_packages_are_loaded_and_no_other(self) -> None:
        with patch.object(os, "access", return_value=False) as access:
            with MatplotlibSettings(self.folder):
                folder = os.environ["MPLCONFIGDIR"]
                self.assertEqual([os.access(folder, os.W_OK), os.access(self.folder, os.W_OK)], [True, False])
            self.assertIs(os.access, access)
        self.assertEqual(folder, os.path.join(os.path.realpath(self.folder), ".matplotlib"))
        self.assertTrue(os.path.isdir(folder))
        self.assertNotIn("MPLCONFIGDIR", os.environ)

    def test_the_environment_is_afterwards_what_it_was_whatever_packages_have_set(self) -> None:
        before = dict(os.environ)
        with MatplotlibSettings(self.folder):
            os.environ["KMP_INIT_AT_FORK"] = "FALSE"
        self.assertEqual(dict(os.environ), before)

    def test_where_it_can_neither_be_found_nor_made_the_packages_folder_takes_its_place(self) -> None:
        with patch.object(os, "makedirs", side_effect=OSError(errno.EROFS, "read-only")), MatplotlibSettings(self.folder):
            self.assertEqual(os.environ["MPLCONFIGDIR"], os.path.realpath(self.folder))
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()

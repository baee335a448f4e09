"""Scripts that use numpy and pandas, end to end. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import unittest

from .. import folders
from ..driver import MIB
from ..report import Report
from ..runner_case import RunnerCase, WarmCase

_OPTIONS = ("--packages", folders.packages_folder())


class PackagesInRuns(RunnerCase):
    is_preloaded = False

    def test_they_are_loaded_ahead_by_a_zygote_only(self) -> None:
        script = "import sys\nloaded = 'pandas' in sys.modules\ndef main(): return loaded"
        self.assert_result(script, self.is_preloaded, *_OPTIONS)

    def test_a_frame_is_returned_as_records(self) -> None:
        script = "import pandas as pd\ndef main(): return pd.DataFrame({'a': [1, None], 'b': ['x', 'y']})"
        self.assert_result(script, [{"a": 1.0, "b": "x"}, {"a": None, "b": "y"}], *_OPTIONS)

    def test_they_compute(self) -> None:
        script = "import numpy as np, pandas as pd\ndef main():\n    m = np.random.rand(300, 300)\n    g = pd.DataFrame({'k': [1, 1, 2], 'v': [1, 2, 3]}).groupby('k')['v'].sum()\n    return [(m @ m).shape, g]"
        self.assert_result(script, [[300, 300], {"1": 3, "2": 3}], *_OPTIONS)

    def test_an_array_beyond_the_limit_is_reported_as_memory_limit(self) -> None:
        for body in ("np.ones(1 << 28)", "[np.ones(1 << 17) for _ in range(10_000)]", "np.zeros((1 << 14, 1 << 14)) + 1"):
            report = self.execute(f"import numpy as np\ndef main():\n    return {body}", *_OPTIONS, memoryBytes=256 * MIB)
            self.assertEqual(report.failure["status"], "MEMORY_LIMIT", report.failure)
            self.assertEqual(report.failure["line"], 3)

    def test_patching_them_does_not_forge_anything_but_the_own_result(self) -> None:
        script = "import numpy as np\nnp.ndarray = np.generic = np.isfinite = None\ndef main(): return [1.5]"
        report = self.execute(script, *_OPTIONS)
        self.assertEqual(report.status, "OK")


class FilteredPackagesInRuns(PackagesInRuns):
    """Under the filter of system calls, but not in the jail around it."""

    def execute(self, script: str, *options: str, mode: str = "function", **limits: int) -> Report:
        return super().execute(script, *options, "--isolated", mode=mode, **limits)


class WarmPackagesInRuns(WarmCase, PackagesInRuns):
    """In forks of a zygote that has loaded them."""

    is_preloaded = True


if __name__ == "__main__":
    unittest.main()

"""matplotlib in a run whose zygote has not loaded it: it draws into memory, and says nothing. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import unittest

from .. import folders
from ..runner_case import RunnerCase

_DRAW = "plt.plot([1, 2]); plt.show()"


class MatplotlibInRuns(RunnerCase):
    def artifacts(self, body: str) -> tuple[list[str], str]:
        report = self.execute(
            f"import matplotlib.pyplot as plt\ndef main():\n    {body}", "--packages", folders.packages_folder(), memoryBytes=1 << 30
        )
        return [name for name, _ in report.artifacts], report.stderr

    def test_figures_that_are_left_open_are_drawn_without_a_word(self) -> None:
        self.assertEqual(self.artifacts(_DRAW), (["figure-1.png"], ""))

    def test_what_is_registered_for_the_end_does_not_close_them(self) -> None:
        # matplotlib registers a function that closes all figures when it is imported.
        self.assertEqual(self.artifacts(f"import atexit; atexit.register(print); {_DRAW}"), (["figure-1.png"], ""))

    def test_its_backend_is_that_for_memory(self) -> None:
        self.assertEqual(self.artifacts("assert plt.get_backend() == 'agg'"), ([], ""))


if __name__ == "__main__":
    unittest.main()

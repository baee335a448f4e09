"""The order of the runner's folders: imports point downward only, in no circle, and every folder has a place."""

from __future__ import annotations

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from .driver import RUNNER
from .layers import GROUND, LAYERS, PACKAGE, find_faults


class Order(unittest.TestCase):
    def test_of_the_runner_holds(self) -> None:
        self.assertEqual(find_faults(RUNNER / PACKAGE), [])

    def test_is_the_one_that_the_package_describes(self) -> None:
        text = (RUNNER / PACKAGE / "__init__.py").read_text(encoding="utf-8")
        self.assertIn(" -> ".join(LAYERS), text)


class Planted(unittest.TestCase):
    """A package with one fault, which has to be found."""

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.package = Path(folder.name) / PACKAGE
        for name in LAYERS:
            self.write(f"{name}/__init__.py", "")
            self.write(f"{name}/module.py", "")
        for name in GROUND:
            self.write(f"{name}.py", "")
        self.write("__init__.py", "from . import own_builtins\n")

    def write(self, name: str, text: str) -> None:
        path = self.package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_imports_that_point_downward_are_accepted(self) -> None:
        self.write("supervisor/module.py", "import os\nfrom ..kernel import module\nfrom .other import name\nfrom .. import own_builtins\n")
        self.write("supervisor/other.py", "from ..protocol.module import name\n")
        self.assertEqual(find_faults(self.package), [])

    def test_an_upward_import_is_found_however_it_is_written(self) -> None:
        for text in (
            "from ..supervisor import module",
            "from ..supervisor.module import name",
            "from pycell_runner.supervisor.module import name",
            "import pycell_runner.supervisor.module",
            "def later():\n    from ..supervisor import module",
            "import typing\nif typing.TYPE_CHECKING:\n    from ..supervisor.module import name",
        ):
            with self.subTest(text):
                self.write("kernel/module.py", text)
                fault = "pycell_runner.kernel.module imports pycell_runner.supervisor.module, which lies above it"
                self.assertEqual(find_faults(self.package), [fault])

    def test_each_folder_may_not_import_the_one_above_it(self) -> None:
        for above, below in zip(LAYERS, LAYERS[1:]):
            with self.subTest(below):
                self.write(f"{below}/module.py", f"from ..{above} import module")
                self.assertEqual(len(find_faults(self.package)), 1)
                self.write(f"{below}/module.py", "")

    def test_two_folders_that_import_each_other_are_found(self) -> None:
        self.write("run/module.py", "from ..kernel import module")
        self.write("kernel/module.py", "from ..run import module")
        upward, circle = find_faults(self.package)
        self.assertIn("which lies above it", upward)
        self.assertTrue(circle.startswith("circle: "), circle)

    def test_a_circle_within_a_folder_is_found(self) -> None:
        self.write("kernel/module.py", "from . import other")
        self.write("kernel/other.py", "from .module import name")
        self.assertEqual(
            find_faults(self.package),
            ["circle: pycell_runner.kernel.module -> pycell_runner.kernel.other -> pycell_runner.kernel.module"],
        )

    def test_a_folder_or_a_module_without_a_place_is_found(self) -> None:
        self.write("tools/__init__.py", "")
        self.write("loose.py", "")
        self.assertEqual(find_faults(self.package), ["loose has no place in the order", "tools has no place in the order"])

    def test_a_place_without_a_folder_is_found(self) -> None:
        self.assertEqual(
            find_faults(self.package, layers=(*LAYERS, "cellar")), ["cellar has a place in the order but is not there"]
        )

    def test_the_package_itself_imports_the_ground_only(self) -> None:
        self.write("__init__.py", "from .run import module")
        self.assertEqual(find_faults(self.package), ["pycell_runner imports pycell_runner.run.module, which lies above it"])

    def test_the_ground_imports_no_folder(self) -> None:
        self.write("own_builtins.py", "from .protocol import module")
        self.assertEqual(len(find_faults(self.package)), 1)


if __name__ == "__main__":
    unittest.main()

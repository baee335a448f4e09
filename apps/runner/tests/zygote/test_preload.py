"""What a zygote loads and warms up before its first run. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from pycell_runner.protocol.zygote_messages import ZygoteKind
from pycell_runner.zygote import preload

from .. import folders
from ..driver import RUNNER, WarmRunner
from ..runner_case import RunnerCase

_WARM_UP = """
import sys
sys.path += [{runner!r}, {packages!r}]
from pycell_runner.zygote import preload
preload.load_standard_modules()
from pycell_runner.protocol.zygote_messages import ZygoteKind
kind = ZygoteKind({kind!r})
loaded = preload.load_packages({packages!r}, kind)
preload.warm_up(kind)
preload.run_sample(kind)
sys.stderr.write(" ".join(loaded))
"""


class WarmUp(unittest.TestCase):
    def test_it_works_with_the_packages_that_are_pinned(self) -> None:
        script = _WARM_UP.format(runner=str(RUNNER), packages=folders.packages_folder(), kind="packages")
        done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", script], env={}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertNotIn("could not warm up", done.stderr)
        self.assertIn("numpy pandas", done.stderr)


class Packages(RunnerCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def test_one_whose_import_fails_does_not_stop_the_zygote_and_fails_in_scripts_too(self) -> None:
        self.write("broken.py", "raise ValueError('broken')")
        self.write("exiting.py", "import sys; sys.exit(3)")
        self.write("nonsense.py", "def")
        self.write("wanting.py", "import no_such_module")
        self.write("good/__init__.py", "value = 1")
        self.write("loud.py", "print('loud')")
        runner = WarmRunner("--packages", str(self.folder))
        runner.wait_for_zygote("packages")
        self.assertEqual(runner.loaded("packages"), [["good", "loud"]])
        self.assertEqual(runner.execute("import good\ndef main(): return good.value", kind="packages").result, 1)
        for name, error in (("broken", "ValueError: broken"), ("nonsense", "SyntaxError"), ("wanting", "ModuleNotFoundError")):
            report = runner.execute(f"import {name}\ndef main(): return 1", kind="packages")
            self.assertIn(error, report.failure["message"])
        report = runner.execute("import exiting\ndef main(): return 1", kind="packages")
        self.assertEqual(report.failure["status"], "SCRIPT_EXITED")
        self.assertEqual(runner.close(), "")

    def test_only_what_can_be_named_by_an_import_is_loaded(self) -> None:
        self.write("_private.py", "")
        self.write("one-two.py", "")
        self.write("some-1.0.dist-info/METADATA", "")
        self.write("data.txt", "")
        self.write("single.py", "")
        runner = WarmRunner("--packages", str(self.folder))
        runner.wait_for_zygote("packages")
        self.assertEqual(runner.loaded("packages"), [["single"]])
        self.assertEqual(runner.close(), "")

    def test_what_few_scripts_need_is_loaded_by_none_of_them_but_scripts_may_import_it(self) -> None:
        self.write("jinja2/__init__.py", "value = 3")
        self.write("markupsafe/__init__.py", "")
        for kind in ZygoteKind:
            self.assertEqual(preload.load_packages(str(self.folder), kind), [], kind)
        runner = WarmRunner("--packages", str(self.folder))
        runner.wait_for_zygote("packages")
        script = "import sys\nloaded = 'jinja2' in sys.modules\nimport jinja2\ndef main(): return [loaded, jinja2.value]"
        for kind in ("bare", "packages"):
            self.assertEqual(runner.execute(script, kind=kind).result, [False, 3])
        self.assertEqual(runner.close(), "")

    def test_the_bare_zygote_loads_none_but_scripts_may_import_them(self) -> None:
        self.write("single.py", "value = 2")
        runner = WarmRunner("--packages", str(self.folder))
        script = "import sys\nloaded = 'single' in sys.modules\nimport single\ndef main(): return [loaded, single.value]"
        self.assertEqual(runner.execute(script).result, [False, 2])
        self.assertEqual(runner.loaded("bare"), [[]])
        self.assertEqual(runner.close(), "")


if __name__ == "__main__":
    unittest.main()

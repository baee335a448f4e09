"""A whole root, built from this interpreter and real packages, and tried in a real jail.

Needs PYCELL_PACKAGES (a folder made by `build.py packages` for this interpreter) and, for the jail, NSJAIL_PATH.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.host_paths import private_paths
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.progress import Progress
from sandbox_root.root_folder import RootRequest, build_root
from sandbox_root.self_check import check_root
from sandbox_root.tree import files_below, open_folder, remove_tree

PACKAGES = os.environ.get("PYCELL_PACKAGES", "")
NSJAIL = os.environ.get("NSJAIL_PATH", "")
RUNNER = "pycell_runner"

needs_jail = unittest.skipUnless(NSJAIL, "NSJAIL_PATH does not name an nsjail: the root is not tried in a jail")


def cpu_seconds() -> float:
    """What this process and its children that have ended have used: other work on the machine does not count."""
    return sum(os.times()[:4])


@unittest.skipUnless(PACKAGES and sys.platform == "linux", "PYCELL_PACKAGES does not name a folder of packages")
class RealRootTest(unittest.TestCase):
    folder: Path
    request: RootRequest

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="pycell-root-")).resolve()
        cls.addClassCleanup(remove_tree, cls.folder)
        cls.folder.chmod(0o755)
        (cls.folder / "runner" / RUNNER).mkdir(parents=True)
        (cls.folder / "runner" / RUNNER / "run.py").write_text("print('first')\n")
        (cls.folder / "runner" / "__main__.py").write_text("import pycell_runner.run\n")
        nsjail = Path(NSJAIL) if NSJAIL else None
        output, runner = cls.folder / "sandbox", cls.folder / "runner"
        cls.request = RootRequest(inspect_interpreter(None), Path(PACKAGES), output, runner, nsjail)
        build_root(cls.request, Progress(io.StringIO()))

    def build(self, **changes: object) -> str:
        said = io.StringIO()
        build_root(replace(self.request, **changes), Progress(said))  # type: ignore[arg-type]
        return said.getvalue()

    def check(self) -> None:
        manifest = self.manifest()
        assert self.request.nsjail is not None
        root = self.request.output
        check_root(self.request.nsjail, root, manifest["sitePackages"], manifest["modules"], manifest["executables"])

    def manifest(self) -> dict:  # type: ignore[type-arg]
        manifest: dict = json.loads((self.request.output / "sandbox.json").read_text())  # type: ignore[type-arg]
        return manifest

    def damage(self, jail_path: str, change: Callable[[Path], object]) -> None:
        """Changes one path of the root for the length of a test."""
        path = self.request.output / jail_path.lstrip("/")
        content, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
        open_folder(path.parent)

        def restore() -> None:
            open_folder(path.parent)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            path.chmod(mode)
            path.parent.chmod(0o555)

        self.addCleanup(restore)
        change(path)
        path.parent.chmod(0o555)

    def test_an_unchanged_call_does_nothing_in_a_fifth_of_a_second(self) -> None:
        before = self.request.output.stat().st_ino
        seconds = []
        # It changes nothing, so it can be repeated: of some calls, one is not disturbed by what else the machine does.
        for _ in range(5):
            started = time.monotonic()
            self.assertIn("up to date", self.build())
            seconds.append(time.monotonic() - started)
        self.assertLess(min(seconds), 0.2)
        self.assertEqual(self.request.output.stat().st_ino, before)

    def test_a_changed_runner_alone_is_replaced_for_a_second_of_cpu_time(self) -> None:
        changed = self.folder / "changed"
        shutil.copytree(self.folder / "runner", changed, dirs_exist_ok=True)
        (changed / RUNNER / "run.py").write_text("print('second')\n")
        before = self.request.output.stat().st_ino
        started = cpu_seconds()
        self.assertNotIn("standard library", self.build(runner=changed))
        self.assertLess(cpu_seconds() - started, 1)
        self.assertEqual(self.request.output.stat().st_ino, before)
        installed = self.request.output / "opt/pycell/runner" / RUNNER / "run.py"
        self.assertEqual(installed.read_text(), "print('second')\n")
        self.build()

    def test_a_runner_that_does_not_compile_leaves_the_old_one_in_place(self) -> None:
        broken = self.folder / "broken"
        (broken / RUNNER).mkdir(parents=True)
        (broken / RUNNER / "run.py").write_text("def (:\n")
        (broken / "__main__.py").write_text("")
        with self.assertRaisesRegex(BuildFailure, "SyntaxError"):
            self.build(runner=broken)
        self.assertEqual([path.name for path in (self.request.output / "opt/pycell").iterdir()], ["runner"])
        self.assertIn("up to date", self.build())

    def test_nothing_is_writable_and_only_the_interpreter_and_its_loader_are_executable(self) -> None:
        executable = set()
        for folder, _, files in os.walk(self.request.output):
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o555, folder)
            for path in (Path(folder, name) for name in files):
                mode = path.lstat().st_mode
                if stat.S_ISREG(mode):
                    self.assertIn(stat.S_IMODE(mode), (0o444, 0o555), path)
                    executable |= {f"/{path.relative_to(self.request.output)}"} if mode & 0o111 else set()
        self.assertEqual(sorted(executable), self.manifest()["executables"])
        self.assertEqual(len(executable), 2)

    def test_the_manifest_says_what_scripts_get(self) -> None:
        manifest = self.manifest()
        self.assertEqual(manifest["python"]["version"], ".".join(map(str, sys.version_info[:3])))
        self.assertLessEqual({"numpy", "pandas", "dateutil", "tzdata", "matplotlib"}, set(manifest["modules"]))
        self.assertLessEqual({"json", "math", "sys", "decimal", "collections"}, set(manifest["standardModules"]))
        self.assertFalse({"tkinter", "idlelib", "_json", "numpy"} & set(manifest["standardModules"]))
        self.assertIn("pandas", [package["name"] for package in manifest["packages"]])
        self.assertNotIn(str(Path.home()), json.dumps(manifest))

    def test_no_file_names_a_folder_of_whoever_built_it(self) -> None:
        checkout = Path(__file__).resolve().parents[3]
        private = private_paths(self.request.interpreter, checkout, Path(PACKAGES), self.folder)
        # Where wheels were compiled, a folder of the compiler is called so as well.
        compiler = re.compile(rb"/opt/rh/[\w-]+/root/")
        files = files_below(self.request.output)
        found = [file for file in files if private.search(compiler.sub(b"/", file.read_bytes()))]
        # In what these say of XML, /root is an element.
        self.assertEqual([file for file in found if not re.search("pandas/io|fontTools/.*testTools", str(file))], [])

    def test_a_folder_that_the_jail_cannot_reach_is_refused_to_root(self) -> None:
        closed = self.folder / "closed"
        closed.mkdir(mode=0o700)
        if os.geteuid() != 0:
            self.skipTest("only root's jails run under other ids")
        with self.assertRaisesRegex(BuildFailure, "SANDBOX_ROOT"):
            self.build(output=closed / "sandbox")

    def test_packages_of_another_python_are_refused(self) -> None:
        other = replace(self.request.interpreter, cache_tag="cpython-399")
        with self.assertRaisesRegex(BuildFailure, "was installed for cpython-3"):
            self.build(interpreter=other)

    @needs_jail
    def test_a_root_built_with_an_nsjail_was_checked(self) -> None:
        self.assertIs(self.manifest()["checked"], True)
        self.check()

    @needs_jail
    def test_a_writable_file_and_another_program_fail_the_check(self) -> None:
        self.damage("/etc/passwd", lambda path: path.chmod(0o666))
        self.damage("/etc/group", lambda path: path.chmod(0o555))
        with self.assertRaisesRegex(BuildFailure, "writable, such as /etc/passwd.*executable, such as /etc/group"):
            self.check()

    @needs_jail
    def test_a_missing_library_fails_the_check_with_the_name_of_the_library(self) -> None:
        library = next(self.request.output.rglob("libstdc++.so.6")).relative_to(self.request.output)
        self.damage(str(library), lambda path: path.unlink())
        with self.assertRaisesRegex(BuildFailure, "libstdc"):
            self.check()

    @needs_jail
    def test_missing_bytecode_fails_the_check(self) -> None:
        compiled = next(self.request.output.rglob("pandas/__pycache__/__init__.*.pyc"))
        self.damage(str(compiled.relative_to(self.request.output)), lambda path: path.unlink())
        with self.assertRaisesRegex(BuildFailure, "no bytecode for pandas"):
            self.check()

    @needs_jail
    def test_fonts_that_are_not_listed_fail_the_check(self) -> None:
        listed = next(self.request.output.rglob(".matplotlib/fontlist-*.json")).relative_to(self.request.output)
        self.damage(str(listed), lambda path: path.unlink())
        with self.assertRaisesRegex(BuildFailure, "cannot use matplotlib .*fontlist"):
            self.check()

    def test_a_host_that_cannot_jail_gets_a_root_that_says_it_is_unchecked(self) -> None:
        refusing = self.folder / "refusing-nsjail"
        refusing.write_text("#!/bin/sh\necho '[E] clone: Operation not permitted' >&2\nexit 255\n")
        refusing.chmod(0o755)
        said = self.build(output=self.folder / "unchecked", nsjail=refusing)
        self.assertIn("built but unchecked: nsjail does not work on this host ([E] clone", said)
        self.assertIs(json.loads((self.folder / "unchecked/sandbox.json").read_text())["checked"], False)

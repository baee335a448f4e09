"""What lands in a root, tried with a standard library of three files."""

from __future__ import annotations

import io
import shutil
import sys
import unittest
from dataclasses import replace
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.progress import Progress
from sandbox_root.root_assembly import RootAssembly

from . import FolderTest
from .test_shared_libraries import copy_that_needs, host_library


@unittest.skipUnless(sys.platform == "linux", "this host is not Linux: there are no libraries of its to collect")
class RootAssemblyTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        real = inspect_interpreter(None)
        stdlib = self.folder / real.stdlib.name
        (stdlib / "lib-dynload").mkdir(parents=True)
        (stdlib / "os.py").write_text("import abc\n")
        (stdlib / "sitecustomize.py").symlink_to("/etc/hostname")
        self.interpreter = replace(real, stdlib=stdlib, dynload=stdlib / "lib-dynload")
        self.packages = self.folder / "packages"
        self.packages.mkdir()
        self.root = self.folder / "root"
        self.said = io.StringIO()

    def build(self, runner: Path | None = None) -> RootAssembly:
        assembly = RootAssembly(self.root, self.interpreter, Progress(self.said))
        assembly.build(self.packages, runner)
        return assembly

    def in_root(self, jail_path: str) -> Path:
        return self.root / jail_path.lstrip("/")

    def test_the_interpreter_its_loader_and_its_library_lie_where_they_are_found_without_environment(self) -> None:
        assembly = self.build()
        self.assertEqual(self.in_root("/usr/bin/python3").resolve().name, self.interpreter.executable.name)
        for path in assembly.executables:
            self.assertTrue(self.in_root(path).is_file(), path)
        beside_libc = self.in_root(str(assembly.libraries["libc.so.6"].parent))
        self.assertEqual({path.name for path in beside_libc.iterdir()}, set(assembly.libraries))
        self.assertTrue(self.in_root(f"{self.interpreter.jail_stdlib}/os.py").is_file())

    def test_an_extension_whose_library_the_host_lacks_is_left_out_and_said(self) -> None:
        copy_that_needs(self.interpreter.dynload / "_gone.cpython-3.so", "libg.so.6")
        shutil.copyfile(host_library(), self.interpreter.dynload / "_here.cpython-3.so")
        self.build()
        kept = [path.name for path in self.in_root(f"{self.interpreter.jail_stdlib}/lib-dynload").iterdir()]
        self.assertEqual(kept, ["_here.cpython-3.so"])
        self.assertIn("left out _gone: this host lacks libg.so.6", self.said.getvalue())

    def test_a_package_that_will_not_load_is_kept_and_said(self) -> None:
        copy_that_needs(self.packages / "odd" / "core.so", "libg.so.6")
        self.build()
        self.assertIn("odd/core.so will not load: this host lacks libg.so.6", self.said.getvalue())

    def test_there_is_bytecode_with_paths_of_the_jail_for_every_module(self) -> None:
        (self.packages / "six.py").write_text("A = 1\n")
        self.build()
        for folder, name in ((self.interpreter.jail_stdlib, "os"), (self.interpreter.jail_site_packages, "six")):
            compiled = self.in_root(folder) / "__pycache__" / f"{name}.{self.interpreter.cache_tag}.pyc"
            self.assertIn(f"{folder}/{name}.py".encode(), compiled.read_bytes())

    def test_paths_of_whoever_built_the_interpreter_become_those_of_the_jail(self) -> None:
        self.interpreter = replace(self.interpreter, host_paths=("/home/kim/.py/3.11", "/tmp/build.7"))
        named = f"/home/kim/.py/3.11/lib:{Path.home()}/x:/home/kim/.py/3.110 /tmp/build.7"
        settings = self.interpreter.stdlib / "_sysconfigdata__linux.py"
        settings.write_text(f"A = {named!r}\n")
        module = self.interpreter.dynload / "_own.cpython-3.so"
        content = host_library().read_bytes()
        module.write_bytes(content + b"\0/home/kim/.py/3.11/lib\0/home/kim/.py/3.11\0")
        self.build()
        folder = self.in_root(self.interpreter.jail_stdlib)
        self.assertEqual((folder / settings.name).read_text(), "A = '/usr/lib:/usr/x:/home/kim/.py/3.110 /usr'\n")
        compiled = next((folder / "__pycache__").glob("_sysconfigdata*")).read_bytes()
        self.assertNotIn(b"kim/.py/3.11/", compiled)
        hidden = (folder / "lib-dynload" / module.name).read_bytes()
        # A linker lets the string 3.11 be the end of another.
        self.assertEqual(hidden, content + b"\0/usr" + b"/" * 14 + b"/lib\0/usr" + b"/" * 10 + b"3.11\0")

    def test_there_are_mount_points_and_two_accounts_and_no_proc_and_no_home(self) -> None:
        self.build()
        for folder in ("tmp", "dev", "dev/shm"):
            self.assertTrue((self.root / folder).is_dir(), folder)
        for device in ("null", "urandom", "random"):
            self.assertEqual((self.root / "dev" / device).read_bytes(), b"")
        accounts = [line.split(":")[0] for line in (self.root / "etc/passwd").read_text().splitlines()]
        self.assertEqual(accounts, ["root", "sandbox"])
        expected = {"dev", "etc", "lib", "lib64", "tmp", "usr"}
        self.assertLessEqual({path.name for path in self.root.iterdir()}, expected)

    def test_a_folder_without_the_runner_is_refused(self) -> None:
        with self.assertRaisesRegex(BuildFailure, "has no __main__.py.*apps/runner"):
            self.build(self.folder)

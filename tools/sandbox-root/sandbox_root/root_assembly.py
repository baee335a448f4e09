"""Puts a sandbox root together in an empty folder, station by station; `root_folder` calls it.

The result holds one interpreter, its library, the packages, the runner and exactly the shared libraries that these
need: no shell, no other program, nothing that can be written.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from .bytecode import compile_folder, compile_missing
from .failures import BuildFailure
from .host_paths import hide_host_paths
from .interpreter import Interpreter
from .left_out import RUNNER_PARTS, stays_in_runner, stays_in_site_packages, stays_in_stdlib
from .progress import Progress
from .shared_libraries import OPENED_AT_RUN_TIME, SHARED_OBJECT, LibraryClosure, Loader, loader_of
from .tree import copy_tree, files_below

JAIL_INTERPRETER = "/usr/bin/python3"
JAIL_RUNNER = "/opt/pycell/runner"

_MOUNT_POINT_FOLDERS = ("tmp", "dev", "dev/shm")
_MOUNT_POINT_FILES = ("dev/null", "dev/urandom", "dev/random")
_ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/:/nonexistent\nsandbox:x:1000:1000:sandbox:/tmp:/nonexistent\n",
    "etc/group": "root:x:0:\nsandbox:x:1000:\n",
}


class RootAssembly:
    """Builds one root at `root`; afterwards `libraries` lists what was copied from the host."""

    def __init__(self, root: Path, interpreter: Interpreter, progress: Progress) -> None:
        self._root = root
        self._interpreter = interpreter
        self._progress = progress
        self._loader = loader_of(interpreter.executable)
        self._closure = LibraryClosure(Loader(self._loader), inside=root)
        self._stdlib = self._place(interpreter.jail_stdlib)
        self._site_packages = self._place(interpreter.jail_site_packages)

    @property
    def libraries(self) -> dict[str, Path]:
        return self._closure.libraries

    @property
    def executables(self) -> frozenset[str]:
        """The only files that need the right to execute: the kernel asks for it on a program and on its loader."""
        return frozenset({f"/usr/bin/{self._interpreter.executable.name}", self._loader})

    def build(self, packages: Path, runner: Path | None) -> None:
        with self._progress.step("copying the standard library"):
            self._copy_standard_library()
        self._add_interpreter()
        hide_host_paths([*self._stdlib.glob("_sysconfig*"), *self._stdlib.glob("build-details.json")], self._interpreter)
        with self._progress.step("compiling the standard library"):
            compile_folder(self._interpreter, self._stdlib, self._interpreter.jail_stdlib, must_succeed=False)
        with self._progress.step("copying the packages"):
            copy_tree(packages, self._site_packages, stays_in_site_packages)
            compile_missing(self._interpreter, self._site_packages, self._interpreter.jail_site_packages)
        with self._progress.step("copying the shared libraries"):
            self._add_package_libraries()
            self._copy_libraries()
        if runner is not None:
            with self._progress.step("copying the runner"):
                copy_runner(self._interpreter, runner, self._place(JAIL_RUNNER))
        self._add_mount_points()

    def _place(self, jail_path: str) -> Path:
        return self._root / jail_path.lstrip("/")

    def _copy_standard_library(self) -> None:
        copy_tree(self._interpreter.stdlib, self._stdlib, stays_in_stdlib)
        # Without this folder getpath does not recognise the prefix, even where all extensions are built in.
        dynload = self._stdlib / "lib-dynload"
        if self._interpreter.dynload.is_dir() and not dynload.is_dir():
            copy_tree(self._interpreter.dynload, dynload, lambda path, _: stays_in_stdlib("lib-dynload" / path, False))
        dynload.mkdir(exist_ok=True)

    def _add_interpreter(self) -> None:
        """The interpreter, and its extension modules as far as their libraries exist on this host."""
        binary = self._interpreter.executable
        missing = self._closure.add(binary)
        if missing:
            raise BuildFailure(
                f"{binary} needs {', '.join(missing)}, which this host lacks. "
                "Install it or set PYTHON to another interpreter."
            )
        folder = self._place("/usr/bin")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(binary, folder / binary.name)
        if binary.name != "python3":
            (folder / "python3").symlink_to(binary.name)
        for copied in sorted((self._stdlib / "lib-dynload").glob("*.so")):
            # Asked of the original: its $ORIGIN means its own folder.
            missing = self._closure.add(self._interpreter.dynload / copied.name, unless_missing=True)
            if missing:
                copied.unlink()
                self._progress.note(f"left out {copied.name.split('.')[0]}: this host lacks {', '.join(missing)}")

    def _add_package_libraries(self) -> None:
        objects = [path for path in files_below(self._site_packages) if SHARED_OBJECT.search(path.name)]
        # A package may load its libraries by itself before the module that needs them.
        brought = frozenset(path.name for path in objects)
        for path in sorted(objects):
            missing = self._closure.add(path, already_loaded=brought)
            if missing:
                self._progress.note(
                    f"{path.relative_to(self._site_packages)} will not load: this host lacks {', '.join(missing)}"
                )

    def _copy_libraries(self) -> None:
        """All beside libc: the one folder that the loader searches without a cache and without environment."""
        opened = self._closure.loader.find(self._interpreter.executable, OPENED_AT_RUN_TIME)
        for name, library in opened.items():
            if library is not None:
                self.libraries.setdefault(name, library)
        if "libc.so.6" not in self.libraries:
            raise BuildFailure(
                f"{self._interpreter.executable} does not use glibc, the only C library a sandbox root can be built on."
            )
        folder = self._place(str(self.libraries["libc.so.6"].parent))
        folder.mkdir(parents=True, exist_ok=True)
        for name, library in self.libraries.items():
            shutil.copyfile(library, folder / name)
        loader = self._place(self._loader)
        loader.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._loader, loader)
        program = self._place("/usr/bin") / self._interpreter.executable.name
        own = [program, *(self._stdlib / "lib-dynload").glob("*.so"), *(folder / name for name in self.libraries)]
        hide_host_paths(own, self._interpreter)
        for name, (kept, other) in self._closure.clashes.items():
            self._progress.note(f"two files are called {name}: {kept} is used, {other} is not")

    def _add_mount_points(self) -> None:
        for name in _MOUNT_POINT_FOLDERS:
            (self._root / name).mkdir(exist_ok=True)
        for name in _MOUNT_POINT_FILES:
            (self._root / name).touch()
        (self._root / "etc").mkdir(exist_ok=True)
        for name, text in _ACCOUNTS.items():
            (self._root / name).write_text(text)


def copy_runner(interpreter: Interpreter, runner: Path, target: Path) -> None:
    """Copies and compiles the runner out of its source folder. A file of it that does not compile is a BuildFailure."""
    require_runner(runner)
    copy_tree(runner, target, stays_in_runner)
    compile_folder(interpreter, target, JAIL_RUNNER, must_succeed=True)


def require_runner(runner: Path) -> None:
    """Raises BuildFailure where `runner` is not the runner's source folder."""
    for part in RUNNER_PARTS:
        if not (runner / part).exists():
            raise BuildFailure(f"{runner} has no {part}. Pass the runner's source folder, apps/runner, as --runner.")

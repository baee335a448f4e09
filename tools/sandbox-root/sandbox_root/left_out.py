"""Decides what of the standard library and the packages stays out of the jail.

Asked by `root_assembly`, `package_folder` and `runner_replacement`.

The rule: nothing is left out that a user's script could reasonably import. Left out are tests, graphical tools, installers and
what only a compiler reads; together they are more than half of a plain copy.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

RUNNER_PARTS = ("__main__.py", "pycell_runner")

# turtle draws with tkinter; without pydoc_data help() says by itself that it is not there.
_STDLIB_TOP = frozenset(
    "test idlelib tkinter turtle.py turtledemo ensurepip venv lib2to3 pydoc_data site-packages dist-packages"
    " sitecustomize.py usercustomize.py EXTERNALLY-MANAGED".split()
)
_TEST_FOLDERS = frozenset({"test", "tests"})
_COMPILER_INPUT = frozenset({".a", ".o", ".h", ".hpp", ".pxd", ".pyi", ".exe"})
_EXTENSION_FOR_TESTS = re.compile(r"^(_test|_ctypes_test|_xxtestfuzz|xxlimited|xxsubtype|_tkinter)")


def stays_in_stdlib(path: PurePosixPath, is_folder: bool) -> bool:
    """Whether `path`, relative to the standard library, is copied."""
    if path.parts[0] in _STDLIB_TOP or path.parts[0].startswith("config-"):
        return False
    # Bytecode from elsewhere holds other paths and time stamps that a copy does not keep: it is made anew.
    if path.name == "__pycache__" or path.suffix in _COMPILER_INPUT or path.suffix == ".pyc":
        return False
    if is_folder and path.name in _TEST_FOLDERS:
        return False
    return not (path.parts[0] == "lib-dynload" and _EXTENSION_FOR_TESTS.match(path.name))


def stays_in_packages_folder(path: PurePosixPath, is_folder: bool) -> bool:
    """Whether `path`, relative to the installed packages, is kept for local mode: all but 65 MB of tests.

    Only numpy's and pandas' tests are known to be needed by nothing else; another package may import its own. With
    `--keep-tests` they stay, and the root made of the folder has them too: `npm run compat` runs them.
    """
    return not (is_folder and path.name == "tests" and path.parts[0] in ("numpy", "pandas"))


def stays_in_site_packages(path: PurePosixPath, is_folder: bool) -> bool:
    """Whether `path`, relative to the folder of packages, is copied into the jail."""
    if path.parts[0] in ("bin", "packages.json") or path.suffix in _COMPILER_INPUT:
        return False
    # It names the folder on this host that a package was installed from.
    return path.name != "direct_url.json"


def stays_in_runner(path: PurePosixPath, is_folder: bool) -> bool:
    """Whether `path`, relative to the runner's source folder, is copied: its command line and its package."""
    if path.parts[0] not in RUNNER_PARTS or path.name == "__pycache__":
        return False
    return not (is_folder and path.name in _TEST_FOLDERS)

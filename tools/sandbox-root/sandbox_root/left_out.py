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
_COMPILER_INPUT = frozenset({".a", ".o", ".h", ".hpp", ".pxd", ".pyi", ".exe", ".c", ".cpp", ".pyx"})
_SOURCES_OF_EXTENSIONS = frozenset({".c", ".cpp", ".pyx"})
# Packages whose tests are known to be needed by nothing else; another package may import its own.
_WITHOUT_TESTS = frozenset("numpy pandas matplotlib mpl_toolkits scipy sklearn statsmodels joblib".split())
# Pictures and pages of windows and web servers, files for examples, and what needs tkinter.
_WITHOUT_A_SCREEN = re.compile(
    r"matplotlib/(mpl-data/(images|sample_data)|backends/web_backend|backends/_tkagg\.[^/]*)(/|$)"
)
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
    """Whether `path`, relative to the installed packages, is kept for local mode: all but tests and what nothing reads.

    With `--keep-tests` all stays, and the root made of the folder has the tests too: `npm run compat` runs them.
    """
    if is_folder and path.name in _TEST_FOLDERS and path.parts[0] in _WITHOUT_TESTS:
        return False
    if path.parts[:2] == ("share", "man") or _WITHOUT_A_SCREEN.match(str(path)):
        return False
    return is_folder or path.suffix not in _SOURCES_OF_EXTENSIONS


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

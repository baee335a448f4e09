"""What goes into the jail and what does not."""

from __future__ import annotations

import unittest
from collections.abc import Callable
from pathlib import PurePosixPath

from sandbox_root.left_out import stays_in_packages_folder, stays_in_runner, stays_in_site_packages, stays_in_stdlib


class LeftOutTest(unittest.TestCase):
    def judge(self, rule: Callable[[PurePosixPath, bool], bool], stays: bool, folders: str, files: str = "") -> None:
        for names, is_folder in ((folders, True), (files, False)):
            for name in names.split():
                self.assertIs(rule(PurePosixPath(name), is_folder), stays, name)

    def test_of_the_standard_library_tests_graphical_tools_bytecode_and_the_hosts_packages_go(self) -> None:
        gone = "test idlelib tkinter turtledemo ensurepip unittest/test config-3.11-x86_64"
        gone += " __pycache__ json/__pycache__ site-packages dist-packages"
        files = "turtle.py sitecustomize.py lib-dynload/_tkinter.so lib-dynload/_testcapi.so"
        self.judge(stays_in_stdlib, False, gone, files)

    def test_what_a_script_imports_of_the_standard_library_stays(self) -> None:
        files = "doctest.py lib-dynload/_sqlite3.so lib-dynload/_ssl.so _sysconfigdata__linux_.py"
        self.judge(stays_in_stdlib, True, "unittest sqlite3 ctypes zoneinfo curses multiprocessing wsgiref", files)

    def test_of_the_packages_tests_go_that_are_known_to_be_needed_by_nothing_else(self) -> None:
        self.judge(stays_in_packages_folder, False, "numpy/linalg/tests pandas/tests matplotlib/tests scipy/io/tests")
        self.judge(stays_in_packages_folder, True, "other/tests numpy/testing")

    def test_of_the_packages_sources_of_extensions_and_what_needs_a_screen_go(self) -> None:
        folders = "matplotlib/mpl-data/sample_data matplotlib/mpl-data/images matplotlib/backends/web_backend share/man"
        files = "fontTools/qu2cu/qu2cu.c scipy/a.pyx matplotlib/backends/_tkagg.cpython-313.so"
        self.judge(stays_in_packages_folder, False, folders, files)
        folders = "matplotlib/mpl-data/fonts matplotlib/mpl-data/stylelib sklearn/datasets/images"
        files = "matplotlib/mpl-data/fonts/ttf/LICENSE_DEJAVU matplotlib/backends/_backend_agg.cpython-313.so"
        self.judge(stays_in_packages_folder, True, folders, files)

    def test_scripts_files_for_compilers_and_paths_of_the_host_do_not_go_into_the_jail_and_metadata_does(self) -> None:
        files = "bin/f2py numpy/lib.a numpy/module.c numpy/array.h pandas/api.pyi packages.json own-1.0.dist-info/direct_url.json"
        self.judge(stays_in_site_packages, False, "bin", files)
        files = "pandas-3.1.1.dist-info/METADATA .matplotlib/fontlist-v3.11.0.json"
        self.judge(stays_in_site_packages, True, "pandas/__pycache__ .matplotlib", files)

    def test_the_runner_goes_without_its_tests(self) -> None:
        self.judge(stays_in_runner, False, "tests pycell_runner/tests", "requirements.txt")
        self.judge(stays_in_runner, True, "", "__main__.py pycell_runner/zygote/zygote.py")

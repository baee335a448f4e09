"""What goes into the jail and what does not."""

from __future__ import annotations

import unittest
from pathlib import PurePosixPath

from sandbox_root.left_out import stays_in_packages_folder, stays_in_runner, stays_in_site_packages, stays_in_stdlib


class LeftOutTest(unittest.TestCase):
    def test_tests_and_graphical_tools_of_the_standard_library_go(self) -> None:
        for name in ("test", "idlelib", "tkinter", "turtledemo", "ensurepip", "unittest/test", "config-3.11-x86_64"):
            self.assertFalse(stays_in_stdlib(PurePosixPath(name), True), name)
        for name in ("turtle.py", "sitecustomize.py", "lib-dynload/_tkinter.so", "lib-dynload/_testcapi.so"):
            self.assertFalse(stays_in_stdlib(PurePosixPath(name), False), name)

    def test_what_a_script_imports_of_the_standard_library_stays(self) -> None:
        for name in ("unittest", "sqlite3", "ctypes", "zoneinfo", "curses", "multiprocessing", "wsgiref"):
            self.assertTrue(stays_in_stdlib(PurePosixPath(name), True), name)
        for name in ("doctest.py", "lib-dynload/_sqlite3.so", "lib-dynload/_ssl.so", "_sysconfigdata__linux_.py"):
            self.assertTrue(stays_in_stdlib(PurePosixPath(name), False), name)

    def test_bytecode_and_packages_of_the_host_go(self) -> None:
        for name in ("__pycache__", "json/__pycache__", "site-packages", "dist-packages"):
            self.assertFalse(stays_in_stdlib(PurePosixPath(name), True), name)

    def test_only_the_tests_of_numpy_and_pandas_go(self) -> None:
        self.assertFalse(stays_in_packages_folder(PurePosixPath("numpy/linalg/tests"), True))
        self.assertFalse(stays_in_packages_folder(PurePosixPath("pandas/tests"), True))
        self.assertTrue(stays_in_packages_folder(PurePosixPath("other/tests"), True))
        self.assertTrue(stays_in_packages_folder(PurePosixPath("numpy/testing"), True))

    def test_scripts_and_files_for_compilers_do_not_go_into_the_jail(self) -> None:
        for name in ("bin/f2py", "numpy/lib.a", "numpy/array.h", "pandas/api.pyi", "packages.json"):
            self.assertFalse(stays_in_site_packages(PurePosixPath(name), False), name)
        self.assertFalse(stays_in_site_packages(PurePosixPath("bin"), True))

    def test_bytecode_and_metadata_of_packages_stay(self) -> None:
        self.assertTrue(stays_in_site_packages(PurePosixPath("pandas/__pycache__"), True))
        self.assertTrue(stays_in_site_packages(PurePosixPath("pandas-3.1.1.dist-info/METADATA"), False))

    def test_the_runner_goes_without_its_tests(self) -> None:
        self.assertFalse(stays_in_runner(PurePosixPath("tests"), True))
        self.assertFalse(stays_in_runner(PurePosixPath("pycell_runner/tests"), True))
        self.assertFalse(stays_in_runner(PurePosixPath("requirements.txt"), False))
        self.assertTrue(stays_in_runner(PurePosixPath("__main__.py"), False))
        self.assertTrue(stays_in_runner(PurePosixPath("pycell_runner/zygote/zygote.py"), False))

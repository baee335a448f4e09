"""Which libraries the builder copies, asked of this host's own loader about changed copies of its libraries."""

from __future__ import annotations

import os
import sys
import unittest
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.shared_libraries import LibraryClosure, Loader, loader_of

from . import FolderTest


def host_library(name: str = "libm.so.6") -> Path:
    """A library of this host; libm needs libc.so.6 and the loader, no more."""
    python = inspect_interpreter(None).executable
    found = Loader(loader_of(python)).find(python, [name])[name]
    assert found is not None
    return found


def copy_that_needs(target: Path, other: str) -> Path:
    """A library at `target` that needs `other` where the original needs libc.so.6."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = host_library().read_bytes()
    assert len(other) == len("libc.so.6") and b"\0libc.so.6\0" in content
    target.write_bytes(content.replace(b"\0libc.so.6\0", f"\0{other}\0".encode()))
    return target


@unittest.skipUnless(sys.platform == "linux", "this host is not Linux: it has no such loader")
class SharedLibrariesTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.python = inspect_interpreter(None).executable
        self.loader = Loader(loader_of(self.python))
        self.closure = LibraryClosure(self.loader, inside=self.folder / "root")

    def search_in(self, folder: Path) -> None:
        before = os.environ.get("LD_LIBRARY_PATH")
        os.environ["LD_LIBRARY_PATH"] = str(folder)
        self.addCleanup(os.environ.pop, "LD_LIBRARY_PATH") if before is None else self.addCleanup(
            os.environ.__setitem__, "LD_LIBRARY_PATH", before
        )

    def test_what_the_interpreter_needs_is_collected_and_the_loader_is_not(self) -> None:
        self.assertEqual(self.closure.add(self.python), [])
        self.assertIn("libc.so.6", self.closure.libraries)
        self.assertNotIn(Path(self.loader.path).name, self.closure.libraries)
        self.assertTrue(all(path.is_file() for path in self.closure.libraries.values()))

    def test_a_library_that_the_host_lacks_is_named_and_nothing_collected_where_that_matters(self) -> None:
        module = copy_that_needs(self.folder / "m.so", "libg.so.6")
        self.assertEqual(self.closure.add(module, unless_missing=True), ["libg.so.6"])
        self.assertEqual(self.closure.libraries, {})

    def test_a_library_needed_by_a_library_is_missing_too(self) -> None:
        copy_that_needs(self.folder / "own" / "libo.so.6", "libg.so.6")
        self.search_in(self.folder / "own")
        module = copy_that_needs(self.folder / "m.so", "libo.so.6")
        self.assertEqual(self.closure.add(module), ["libg.so.6"])
        self.assertEqual(self.closure.libraries, {"libo.so.6": self.folder / "own" / "libo.so.6"})

    def test_a_library_that_another_module_loads_first_is_not_missing(self) -> None:
        module = copy_that_needs(self.folder / "m.so", "libg.so.6")
        self.assertEqual(self.closure.add(module, already_loaded=frozenset({"libg.so.6"})), [])

    def test_a_library_beside_its_package_stays_where_it_is_and_its_own_needs_are_met(self) -> None:
        beside = self.folder / "root" / "numpy.libs"
        beside.mkdir(parents=True)
        (beside / "libo.so.6").write_bytes(host_library().read_bytes())
        self.search_in(beside)
        self.assertEqual(self.closure.add(copy_that_needs(self.folder / "m.so", "libo.so.6")), [])
        self.assertEqual(set(self.closure.libraries), {"libc.so.6"})

    def test_two_files_of_one_name_are_reported(self) -> None:
        self.closure.add(self.python)
        other = self.folder / "odd" / "libc.so.6"
        self.closure.libraries["libc.so.6"] = other
        self.closure.add(host_library())
        self.assertEqual(self.closure.clashes["libc.so.6"][0], other)

    def test_what_is_no_library_needs_nothing(self) -> None:
        script = self.folder / "libc.so"
        script.write_text("/* GNU ld script */ GROUP ( /lib/libc.so.6 )")
        cut = self.folder / "cut.so"
        cut.write_bytes(host_library().read_bytes()[:100])
        self.assertEqual([self.closure.add(script), self.closure.add(cut), self.closure.libraries], [[], [], {}])

    def test_a_name_that_the_interpreter_could_not_open_is_found_nowhere(self) -> None:
        found = self.loader.find(self.python, ["libc.so.6", "libnowhere.so.1"])
        self.assertTrue(found["libc.so.6"])
        self.assertIsNone(found["libnowhere.so.1"])

    def test_a_program_of_another_system_is_refused(self) -> None:
        script = self.folder / "python"
        script.write_text("#!/bin/sh\n")
        with self.assertRaisesRegex(BuildFailure, "64-bit Linux interpreter"):
            loader_of(script)

    def test_a_program_that_is_cut_short_is_refused_wherever_it_ends(self) -> None:
        whole = self.python.read_bytes()[:4096]
        cut = self.folder / "python"
        for length in (6, 40, 56, 64, 100, 200):
            cut.write_bytes(whole[:length])
            with self.subTest(length), self.assertRaisesRegex(BuildFailure, "is damaged.*set PYTHON"):
                loader_of(cut)

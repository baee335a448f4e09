"""Which libraries the builder copies, on hosts made of a few tiny ELF files."""

from __future__ import annotations

import os
import sys
import tempfile
import unittest
from pathlib import Path

from sandbox_root.elf import NotElf, read_elf
from sandbox_root.shared_libraries import LibraryClosure, LibrarySearch, system_folders

from .elf_writer import AARCH64, X86_64, write_elf


class SharedLibrariesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.host = Path(folder.name).resolve()
        self.system = self.host / "lib"
        write_elf(self.system / "libc.so.6", needed=["ld-linux.so.2"])
        self.closure = LibraryClosure(LibrarySearch([str(self.system)], X86_64), "/lib64/ld-linux.so.2")

    def test_a_library_needed_by_a_library_is_collected(self) -> None:
        write_elf(self.system / "libssl.so.3", needed=["libcrypto.so.3", "libc.so.6"])
        write_elf(self.system / "libcrypto.so.3", needed=["libc.so.6"])
        missing = self.closure.add(write_elf(self.host / "_ssl.so", needed=["libssl.so.3"]))
        self.assertEqual(missing, [])
        self.assertEqual(set(self.closure.libraries), {"libssl.so.3", "libcrypto.so.3", "libc.so.6"})

    def test_libraries_that_need_each_other_do_not_loop(self) -> None:
        write_elf(self.system / "liba.so", needed=["libb.so"])
        write_elf(self.system / "libb.so", needed=["liba.so"])
        self.assertEqual(self.closure.add(write_elf(self.host / "m.so", needed=["liba.so"])), [])

    def test_the_loader_is_not_collected_as_a_library(self) -> None:
        self.closure.add(write_elf(self.host / "m.so", needed=["libc.so.6"]))
        self.assertEqual(set(self.closure.libraries), {"libc.so.6"})

    def test_an_absolute_runpath_is_followed(self) -> None:
        python = write_elf(self.host / "home" / "lib" / "libpython3.so.1.0")
        binary = write_elf(self.host / "bin" / "python3", ["libpython3.so.1.0"], runpath=str(python.parent))
        self.assertEqual(self.closure.add(binary), [])
        self.assertEqual(self.closure.libraries["libpython3.so.1.0"], python)

    def test_the_rpath_of_a_program_holds_for_its_libraries_but_its_runpath_does_not(self) -> None:
        write_elf(self.host / "own" / "liba.so", needed=["libb.so"])
        write_elf(self.host / "own" / "libb.so")
        own = str(self.host / "own")
        self.assertEqual(self.closure.add(write_elf(self.host / "old", ["liba.so"], rpath=own)), [])
        self.assertEqual(self.closure.add(write_elf(self.host / "new", ["liba.so"], runpath=own)), ["libb.so"])

    def test_a_library_beside_its_package_stays_where_it_is_and_its_own_needs_are_met(self) -> None:
        tree = self.host / "root"
        write_elf(tree / "numpy.libs" / "libblas.so", needed=["libm.so.6"])
        write_elf(self.system / "libm.so.6")
        module = write_elf(tree / "numpy" / "core.so", ["libblas.so"], runpath="$ORIGIN/../numpy.libs")
        closure = LibraryClosure(self.closure.search, self.closure.loader, inside=tree)
        self.assertEqual(closure.add(module), [])
        self.assertEqual(set(closure.libraries), {"libm.so.6"})

    def test_a_library_that_the_host_lacks_is_named(self) -> None:
        write_elf(self.system / "libouter.so", needed=["libgone.so.1"])
        module = write_elf(self.host / "m.so", needed=["libouter.so"])
        self.assertEqual(self.closure.missing_for(module), ["libgone.so.1"])
        self.assertEqual(self.closure.libraries, {})

    def test_a_library_that_another_module_loads_first_is_not_missing(self) -> None:
        module = write_elf(self.host / "m.so", needed=["libtorch.so"])
        self.assertEqual(self.closure.add(module, already_loaded=frozenset({"libtorch.so"})), [])

    def test_a_library_of_another_machine_is_passed_over(self) -> None:
        write_elf(self.host / "foreign" / "libz.so.1", machine=AARCH64)
        right = write_elf(self.system / "libz.so.1")
        search = LibrarySearch([str(self.host / "foreign"), str(self.system)], X86_64)
        self.assertEqual(search.find("libz.so.1"), right)

    def test_two_files_of_one_name_are_reported(self) -> None:
        write_elf(self.system / "libz.so.1")
        write_elf(self.host / "odd" / "libz.so.1")
        self.closure.add(write_elf(self.host / "a.so", needed=["libz.so.1"]))
        self.closure.add(write_elf(self.host / "b.so", needed=["libz.so.1"], runpath=str(self.host / "odd")))
        self.assertEqual(list(self.closure.clashes), ["libz.so.1"])

    def test_the_folders_of_the_loader_configuration_come_first_and_includes_are_followed(self) -> None:
        (self.host / "conf.d").mkdir()
        (self.host / "conf.d" / "b.conf").write_text("# comment\n/opt/b\n")
        (self.host / "conf.d" / "a.conf").write_text("/opt/a # why\n")
        configuration = self.host / "ld.so.conf"
        configuration.write_text("include conf.d/*.conf\n")
        folders = [folder for folder in system_folders("x86_64-linux-gnu", configuration) if "LD" not in folder]
        self.assertLess(folders.index("/opt/a"), folders.index("/opt/b"))
        self.assertLess(folders.index("/opt/b"), folders.index("/lib/x86_64-linux-gnu"))

    def test_a_linker_script_is_no_library(self) -> None:
        (self.system / "libc.so").write_text("/* GNU ld script */ GROUP ( /lib/libc.so.6 )" + " " * 64)
        with self.assertRaises(NotElf):
            read_elf(self.system / "libc.so")
        self.assertIsNone(self.closure.search.find("libc.so"))

    def test_a_truncated_elf_file_is_refused_and_not_trusted(self) -> None:
        whole = write_elf(self.host / "whole.so", needed=["libc.so.6"]).read_bytes()
        (self.host / "cut.so").write_bytes(whole[:100])
        with self.assertRaises(NotElf):
            read_elf(self.host / "cut.so")

    @unittest.skipUnless(sys.platform == "linux", "this host is not Linux: there is no ELF interpreter to read")
    def test_the_running_interpreter_is_understood(self) -> None:
        entry = read_elf(Path(os.path.realpath(sys.executable)))
        self.assertTrue(entry.interpreter and Path(entry.interpreter).is_file())
        self.assertIn("libc.so.6", entry.needed)


if __name__ == "__main__":
    unittest.main()

"""Artifacts become files below a folder, and nowhere else."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase
from unittest.mock import patch

from pycell import Artifact
from pycell.cli.artifact_folder import ArtifactFolder, NotWritten
from pycell.cli.artifact_names import reason_against


def artifact(name: str, content: str = "aGk=") -> Artifact:
    return Artifact(name=name, media_type="text/plain", size_bytes=2, base64=content)


class NameTest(TestCase):
    def test_ordinary_names_pass(self) -> None:
        for name in ("a.txt", "data/été/a b.csv", "figure-1.png", "console.log", "com10", "数据.csv", "a..b"):
            with self.subTest(name):
                self.assertIsNone(reason_against(name))

    def test_others_do_not(self) -> None:
        for name in (
            *("", "/etc/passwd", "//host/share", "..", "../a", "a/../../b", "a//b", "a/", "./a", "a/."),
            *("C:\\a", "C:a", "a\\..\\b", "a:stream", "a*", "a?", 'a"', "a<b", "a|b"),
            *("con", "CON.txt", "nul", "a/aux.c", "com1", "LPT\u00b9.x", "conin$", "nul .txt"),
            *("a.", "a ", " a", "~", "~root/a", "-rf", ".bashrc", ".git/config", "a/.ssh/b"),
            *("a\x00b", "a\nb", "\x1b[31m", "a\u202eb", "a\u200bb", "a\ud800", "a\u2028b"),
            *("a" * 256, "/".join("a" * 9)),
        ):
            with self.subTest(repr(name)):
                self.assertIsNotNone(reason_against(name))


class ArtifactFolderTest(TestCase):
    def setUp(self) -> None:
        holder = TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.outside = Path(holder.name, "outside")
        self.outside.mkdir()
        self.path = Path(holder.name, "new", "folder")
        self.folder = ArtifactFolder(self.path)
        self.addCleanup(self.folder.close)

    def refused(self, name: str, why: str) -> None:
        with self.assertRaisesRegex(NotWritten, why):
            self.folder.write(artifact(name))

    def test_writes_files_and_the_folders_they_are_in(self) -> None:
        self.folder.write(artifact("a.txt"))
        self.folder.write(artifact("data/x/b.txt"))
        self.folder.write(artifact("data/x/c.txt"))
        self.assertEqual((self.path / "data/x/b.txt").read_bytes(), b"hi")
        self.assertEqual(stat.S_IMODE((self.path / "a.txt").stat().st_mode) & 0o111, 0)

    def test_never_writes_over_a_file(self) -> None:
        (self.path / "a.txt").write_text("mine")
        self.refused("a.txt", "is there already")
        self.assertEqual((self.path / "a.txt").read_text(), "mine")

    def test_never_follows_a_link(self) -> None:
        (self.path / "file").symlink_to(self.outside / "made")
        (self.path / "folder").symlink_to(self.outside)
        (self.path / "real").mkdir()
        (self.path / "real/up").symlink_to("../../..")
        self.refused("file", "is there already")
        self.refused("folder/a", "link or a file is in the way")
        self.refused("real/up/a", "link or a file is in the way")
        self.assertEqual(list(self.outside.iterdir()), [])

    def test_a_folder_that_is_swapped_for_a_link_leads_nowhere(self) -> None:
        self.folder.write(artifact("data/a"))
        self.swap()
        self.refused("data/b", "link or a file is in the way")
        self.assertEqual(list(self.outside.iterdir()), [])

    def swap(self) -> None:
        os.rename(self.path / "data", self.path / "old")
        (self.path / "data").symlink_to(self.outside)

    def test_a_folder_that_is_swapped_between_two_steps_leads_nowhere(self) -> None:
        make = os.mkdir

        def make_and_swap(*arguments: Any, **options: Any) -> None:
            make(*arguments, **options)
            self.swap()

        with patch("os.mkdir", make_and_swap):
            self.refused("data/a", "link or a file is in the way")
        self.assertEqual(list(self.outside.iterdir()), [])

    def test_a_file_goes_into_the_folder_that_was_opened(self) -> None:
        open_it = os.open

        def swap_and_open(name: Any, *arguments: Any, **options: Any) -> int:
            if name == "a":
                self.swap()
            return open_it(name, *arguments, **options)

        with patch("os.open", swap_and_open):
            self.folder.write(artifact("data/a"))
        self.assertEqual(list(self.outside.iterdir()), [])
        self.assertEqual((self.path / "old/a").read_bytes(), b"hi")

    def test_what_is_no_folder_is_said_to_be_none(self) -> None:
        (self.path / "file").write_text("mine")
        (self.path / "dangling").symlink_to("nowhere")
        for name in ("file", "dangling"):
            with self.subTest(name), self.assertRaisesRegex(NotADirectoryError, "no folder"):
                ArtifactFolder(self.path / name)

    def test_stays_in_its_folder_where_that_is_swapped(self) -> None:
        os.rename(self.path, self.path.with_name("moved"))
        self.path.symlink_to(self.outside)
        self.folder.write(artifact("a"))
        self.assertEqual(list(self.outside.iterdir()), [])
        self.assertTrue((self.path.with_name("moved") / "a").exists())

    def test_a_name_that_another_file_system_takes_for_another_is_refused(self) -> None:
        composed = "é.txt"
        for first, second in (
            ("Read.txt", "read.TXT"),
            (composed, unicodedata.normalize("NFD", composed)),
            ("ﬁ", "fi"),
            ("straße", "STRASSE"),
            ("Data/a", "data/b"),
        ):
            with self.subTest(second):
                self.folder.write(artifact(f"{first}"))
                self.refused(second, "the same as")

    def test_a_name_that_comes_twice_is_refused(self) -> None:
        self.folder.write(artifact("a"))
        self.refused("a", "another artifact")
        self.refused("a/b", "another artifact")
        self.folder.write(artifact("c/d"))
        self.refused("c", "another artifact")

    def test_what_is_no_base64_is_refused_and_leaves_no_file(self) -> None:
        with self.assertRaisesRegex(NotWritten, "base64"):
            self.folder.write(artifact("a", "%%%"))
        self.assertEqual(list(self.path.iterdir()), [])

    def test_says_no_name_as_a_terminal_would_obey_it(self) -> None:
        with self.assertRaises(NotWritten) as raised:
            self.folder.write(artifact("\x1b[31m"))
        self.assertNotIn("\x1b", str(raised.exception))

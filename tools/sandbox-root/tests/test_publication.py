"""Folders appear whole or not at all, also when builds meet, fail or are interrupted; which ones a jail's ids can reach."""

from __future__ import annotations

import io
import multiprocessing
import os
import stat
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.progress import Progress
from sandbox_root.publication import locked_publication
from sandbox_root.tree import first_unwalkable, seal_tree

from . import FolderTest

MARK = "mark.json"


def publish_text(output: Path, text: str) -> None:
    with locked_publication(output, MARK, Progress(io.StringIO())) as publication:
        staging = publication.start()
        (staging / MARK).write_text(text)
        publication.publish(staging)


def hold_lock(output: Path, held: Event) -> None:
    with locked_publication(output, MARK, Progress(io.StringIO())):
        held.set()
        time.sleep(0.5)


class PublicationTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.output = self.folder / "root"

    def left_beside(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path != self.output)

    def test_a_finished_folder_replaces_the_old_one_and_leaves_nothing_beside_it(self) -> None:
        publish_text(self.output, "old")
        seal_tree(self.output, frozenset())
        publish_text(self.output, "new")
        self.assertEqual((self.output / MARK).read_text(), "new")
        self.assertEqual(self.left_beside(), [])

    def test_a_failed_build_keeps_the_old_folder(self) -> None:
        publish_text(self.output, "old")
        with self.assertRaises(RuntimeError), locked_publication(self.output, MARK, Progress(io.StringIO())) as half:
            (half.start() / MARK).write_text("half")
            raise RuntimeError("the disk is full")
        self.assertEqual((self.output / MARK).read_text(), "old")
        self.assertEqual(self.left_beside(), [])

    def test_leftovers_of_an_interrupted_build_are_removed_by_the_next_one(self) -> None:
        leftover = self.folder / ".root.building-4711"
        (leftover / "usr").mkdir(parents=True)
        seal_tree(leftover, frozenset())
        publish_text(self.output, "new")
        self.assertEqual(self.left_beside(), [])

    def test_a_folder_of_somebody_else_is_not_replaced(self) -> None:
        self.output.mkdir()
        (self.output / "thesis.tex").write_text("years of work")
        with self.assertRaisesRegex(BuildFailure, "this builder did not make it"):
            publish_text(self.output, "new")
        self.assertEqual([path.name for path in self.output.iterdir()], ["thesis.tex"])

    def test_a_second_build_waits_for_the_first(self) -> None:
        context = multiprocessing.get_context("spawn")
        held = context.Event()
        first = context.Process(target=hold_lock, args=(self.output, held))
        first.start()
        self.addCleanup(first.join)
        self.assertTrue(held.wait(20))
        said = io.StringIO()
        with locked_publication(self.output, MARK, Progress(said)):
            self.assertIn("waiting for another build", said.getvalue())
        self.assertEqual(self.left_beside(), [])

    def test_folders_made_on_the_way_can_be_walked_by_others(self) -> None:
        publish_text(self.folder / "a" / "b" / "root", "new")
        modes = [stat.S_IMODE((self.folder / name).stat().st_mode) for name in ("a", "a/b", "a/b/root")]
        self.assertEqual(modes, [0o755, 0o755, 0o755])


class WalkableTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.folder.chmod(0o755)

    def test_the_topmost_closed_folder_is_named(self) -> None:
        inner = self.folder / "home" / "user"
        inner.mkdir(parents=True)
        inner.chmod(0o700)
        (self.folder / "home").chmod(0o750)
        self.assertEqual(first_unwalkable(inner / "sandbox"), self.folder / "home")

    def test_a_folder_that_may_be_entered_but_not_listed_is_walkable(self) -> None:
        self.folder.chmod(0o711)
        self.assertIsNone(first_unwalkable(self.folder))

    def test_what_does_not_exist_yet_is_no_obstacle(self) -> None:
        self.assertIsNone(first_unwalkable(self.folder / "later" / "sandbox"))

    def test_a_link_is_judged_by_where_it_leads(self) -> None:
        closed = self.folder / "closed"
        closed.mkdir(mode=0o700)
        os.symlink(closed, self.folder / "link")
        self.assertEqual(first_unwalkable(self.folder / "link" / "sandbox"), closed)

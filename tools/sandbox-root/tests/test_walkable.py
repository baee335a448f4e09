"""Which folders a jail's mapped ids can reach."""

from __future__ import annotations

import os

from sandbox_root.tree import first_unwalkable

from . import FolderTest


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

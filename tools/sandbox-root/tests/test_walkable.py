"""Which folders a jail's mapped ids can reach."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path

from sandbox_root.walkable import first_unwalkable, walkable


class WalkableTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name).resolve()
        self.top.chmod(0o755)

    def test_the_topmost_closed_folder_is_named(self) -> None:
        inner = self.top / "home" / "user"
        inner.mkdir(parents=True)
        inner.chmod(0o700)
        (self.top / "home").chmod(0o750)
        self.assertEqual(first_unwalkable(inner / "sandbox"), self.top / "home")

    def test_a_folder_that_may_be_entered_but_not_listed_is_walkable(self) -> None:
        self.top.chmod(0o711)
        self.assertTrue(walkable(self.top))

    def test_what_does_not_exist_yet_is_no_obstacle(self) -> None:
        self.assertTrue(walkable(self.top / "later" / "sandbox"))

    def test_a_link_is_judged_by_where_it_leads(self) -> None:
        closed = self.top / "closed"
        closed.mkdir(mode=0o700)
        os.symlink(closed, self.top / "link")
        self.assertEqual(first_unwalkable(self.top / "link" / "sandbox"), closed)


if __name__ == "__main__":
    unittest.main()

"""Run them: `python3 -m unittest discover -s tools/sandbox-root/tests -t tools/sandbox-root`."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path


class FolderTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

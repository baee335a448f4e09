"""What SANDBOX_PACKAGES may say."""

from __future__ import annotations

import unittest
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.package_sets import SETS, set_files

RUNNER = Path(__file__).resolve().parents[3] / "apps" / "runner"


class PackageSetsTest(unittest.TestCase):
    def test_nothing_is_added_where_it_is_empty(self) -> None:
        for names in ("", " ", ","):
            self.assertEqual(set_files(RUNNER, names), [])

    def test_a_set_is_a_file_beside_the_requirements_and_counts_once(self) -> None:
        self.assertEqual(set_files(RUNNER, "science, science"), [RUNNER / "requirements-science.txt"])
        for name in SETS:
            self.assertTrue(all(file.is_file() for file in set_files(RUNNER, name)), name)

    def test_another_name_is_refused_with_those_that_there_are(self) -> None:
        for names in ("sience", "science,Science", "../science"):
            with self.assertRaisesRegex(BuildFailure, "^SANDBOX_PACKAGES=.* no set of packages called .*, only science"):
                set_files(RUNNER, names)

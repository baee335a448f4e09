"""The list of matplotlib's fonts, made by the real one. Needs PYCELL_PACKAGES, made by `build.py packages`."""

from __future__ import annotations

import json
import os
import unittest
from pathlib import Path

from sandbox_root.failures import BuildFailure
from sandbox_root.font_cache import FONT_CACHE, make_font_cache
from sandbox_root.interpreter import inspect_interpreter

from . import FolderTest

PACKAGES = os.environ.get("PYCELL_PACKAGES", "")


class FontCacheTest(FolderTest):
    @unittest.skipUnless(PACKAGES, "PYCELL_PACKAGES does not name a folder of packages")
    def test_it_names_the_fonts_that_matplotlib_brings_and_is_the_same_wherever_it_is_made(self) -> None:
        for package in Path(PACKAGES).iterdir():
            if package.is_dir() and package.name != FONT_CACHE:
                (self.folder / package.name).symlink_to(package)
        make_font_cache(inspect_interpreter(None), self.folder)
        (made,) = (self.folder / FONT_CACHE).iterdir()
        self.assertRegex(made.name, r"^fontlist-v[\d.]+\.json$")
        fonts = json.loads(made.read_text())["ttflist"]
        self.assertIn("DejaVu Sans", [font["name"] for font in fonts])
        for font in fonts:
            self.assertTrue((Path(PACKAGES) / "matplotlib/mpl-data" / font["fname"]).is_file(), font)
            self.assertFalse(Path(font["fname"]).is_absolute(), font)
        self.assertEqual(made.read_text(), (Path(PACKAGES) / FONT_CACHE / made.name).read_text())

    def test_a_matplotlib_that_does_not_load_is_named_with_its_reason(self) -> None:
        (self.folder / "matplotlib").mkdir()
        (self.folder / "matplotlib/__init__.py").write_text("raise ImportError('libfreetype is not there')\n")
        with self.assertRaisesRegex(BuildFailure, "matplotlib cannot list its fonts with .*libfreetype is not there"):
            make_font_cache(inspect_interpreter(None), self.folder)

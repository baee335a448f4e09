"""Finds numpy and pandas for the tests of their conversion: environment variable PYCELL_PACKAGES, a folder.

A missing folder fails the tests; it does not skip them: what becomes of a DataFrame is part of the contract.
"""

from __future__ import annotations

import os
import sys


def packages_folder() -> str:
    """Return the folder. Raises RuntimeError where it is not set or not there."""
    folder = os.environ.get("PYCELL_PACKAGES", "")
    if not os.path.isdir(os.path.join(folder, "pandas")):
        raise RuntimeError(
            f"PYCELL_PACKAGES is {folder!r}, which holds no pandas: set it to a folder with the packages of "
            "apps/runner/requirements.txt, installed for this interpreter"
        )
    return os.path.abspath(folder)


def make_importable() -> None:
    """Put the folder on the import path."""
    folder = packages_folder()
    if folder not in sys.path:
        sys.path.append(folder)

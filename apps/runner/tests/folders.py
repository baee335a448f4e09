"""Finds the folders with packages that tests need, by environment variables.

They go to the end of the import path of the test process alone, not into PYTHONPATH: the runs that tests start must not
be able to import them. A missing folder fails the tests; it does not skip them.
"""

from __future__ import annotations

import os
import sys


def packages_folder() -> str:
    """Return PYCELL_PACKAGES, with numpy and pandas. Raises RuntimeError where it is not set or not there."""
    return _folder("PYCELL_PACKAGES", "pandas", "apps/runner/requirements.txt")


def make_pandas_importable() -> None:
    """Put numpy and pandas on the import path: what becomes of a DataFrame is part of the contract."""
    _append(packages_folder())


def make_hypothesis_importable() -> None:
    """Put PYCELL_CHECKS on the import path. Raises RuntimeError where it is not set or not there."""
    _append(_folder("PYCELL_CHECKS", "hypothesis", "tools/checks/python-requirements.txt"))


def _folder(variable: str, package: str, requirements: str) -> str:
    folder = os.environ.get(variable, "")
    if not os.path.isdir(os.path.join(folder, package)):
        raise RuntimeError(
            f"{variable} is {folder!r}, which holds no {package}: set it to a folder with the packages of "
            f"{requirements}, installed for this interpreter"
        )
    return os.path.abspath(folder)


def _append(folder: str) -> None:
    if folder not in sys.path:
        sys.path.append(folder)

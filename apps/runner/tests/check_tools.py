"""Finds what only tests need, hypothesis: environment variable PYCELL_CHECKS, a folder.

It goes to the end of the import path of the test process alone, not into PYTHONPATH: the runs that tests start must not
be able to import it.
"""

from __future__ import annotations

import os
import sys


def make_importable() -> None:
    """Put the folder on the import path. Raises RuntimeError where it is not set or not there."""
    folder = os.environ.get("PYCELL_CHECKS", "")
    if not os.path.isdir(os.path.join(folder, "hypothesis")):
        raise RuntimeError(
            f"PYCELL_CHECKS is {folder!r}, which holds no hypothesis: set it to a folder with the packages of "
            "tools/checks/python-requirements.txt, installed for this interpreter"
        )
    if os.path.abspath(folder) not in sys.path:
        sys.path.append(os.path.abspath(folder))

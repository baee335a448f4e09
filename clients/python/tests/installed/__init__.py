"""Tests of the wheel as it was installed, against services of this checkout; tools/checks/python-client.mjs runs them.

PYCELL_URL is a service as it is by default, PYCELL_KEYED_URL one that wants PYCELL_KEYED_KEY and has one place for scripts.
"""

from __future__ import annotations

import os


def variable(name: str) -> str:
    """Return what the test was told. Raises RuntimeError: a test without a service fails, and is not skipped."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: run these tests by `node tools/checks/python-client.mjs`")
    return value

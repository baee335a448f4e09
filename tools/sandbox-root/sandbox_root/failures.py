"""The two ways in which a build ends early; `build.py` turns them into one sentence and an exit code."""

from __future__ import annotations


class BuildFailure(Exception):
    """Something that the operator can fix; the message says what failed, the value seen and what to do."""

    exit_code = 1


class UnsupportedPlatform(BuildFailure):
    """This host can never do what was asked, so callers should choose another mode instead of retrying."""

    exit_code = 3

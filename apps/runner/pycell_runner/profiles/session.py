"""The one step that is enough where nothing else separates a run. Called by the run, right after the fork."""

from __future__ import annotations

import os


def start_session(_number: int) -> None:
    """Start a session: signals to "my process group" must reach no supervisor, zygote or other run."""
    os.setsid()

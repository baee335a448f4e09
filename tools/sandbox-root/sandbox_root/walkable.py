"""Finds the folder that keeps other users out of a path; called before a root is built and by `build.py walkable`.

As root, nsjail maps the jail's ids to ids that own nothing (100000 and up). These can mount a sandbox root only
if everybody may walk through each folder above it, which is not so below a home with mode 0700.
"""

from __future__ import annotations

import stat
from pathlib import Path


def first_unwalkable(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not enter, or None. `path` need not exist yet."""
    resolved = path.resolve()
    for folder in [*reversed(resolved.parents), resolved]:
        try:
            mode = folder.stat().st_mode
        except FileNotFoundError:
            # What does not exist yet is made by the builder, which makes it walkable.
            return None
        if stat.S_ISDIR(mode) and not mode & stat.S_IXOTH:
            return folder
    return None

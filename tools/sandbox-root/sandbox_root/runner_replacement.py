"""Exchanges only the runner inside a finished sandbox root; `root_folder` calls it when nothing else has changed.

Building the whole root takes many seconds, and whoever works on the runner changes it every minute.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from .fingerprint import contents
from .interpreter import Interpreter
from .left_out import stays_in_runner
from .root_assembly import JAIL_RUNNER, copy_runner, require_runner
from .tree import files_below, open_folder, remove_tree, seal_tree


def runner_inputs(runner: Path | None) -> str:
    """Hash of what is copied of the runner; empty where the root is to hold none."""
    if runner is None:
        return ""
    require_runner(runner)
    copied = (path for path in sorted(files_below(runner)) if _stays(PurePosixPath(path.relative_to(runner))))
    return contents(runner, copied)


def replace_runner(interpreter: Interpreter, runner: Path | None, root: Path) -> None:
    """Swaps the runner in `root` by renaming, then seals it. A failure leaves the old one in place."""
    place = root / JAIL_RUNNER.lstrip("/")
    parent = place.parent
    staging, retired = parent / ".runner-building", parent / ".runner-old"
    _unseal_folders(root, parent)
    try:
        for leftover in (staging, retired):
            remove_tree(leftover)
        if runner is not None:
            copy_runner(interpreter, runner, staging)
            seal_tree(staging, frozenset())
        if place.is_dir():
            place.rename(retired)
        if runner is not None:
            staging.rename(place)
    finally:
        for leftover in (staging, retired):
            remove_tree(leftover)
        for folder in (parent, parent.parent, root):
            os.chmod(folder, 0o555)


def _unseal_folders(root: Path, parent: Path) -> None:
    for folder in (root, parent.parent, parent):
        folder.mkdir(exist_ok=True)
        open_folder(folder)


def _stays(path: PurePosixPath) -> bool:
    return stays_in_runner(path, False) and all(stays_in_runner(folder, True) for folder in path.parents if folder.name)

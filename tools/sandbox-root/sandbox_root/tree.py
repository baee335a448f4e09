"""Copies, measures, seals and removes folders; the commands that make folders call it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

Keep = Callable[[PurePosixPath, bool], bool]


def copy_tree(source: Path, target: Path, keep: Keep) -> None:
    """Copies what `keep(path relative to source, is a folder)` accepts, as plain files and folders.

    Links are followed: a link to a file of the host would lead nowhere in the jail. Modes are set by sealing.
    """
    _copy_folder(source, target, PurePosixPath(), keep)


def _copy_folder(source: Path, target: Path, relative: PurePosixPath, keep: Keep) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            below = relative / entry.name
            if entry.is_dir():
                if keep(below, True):
                    _copy_folder(Path(entry.path), target / entry.name, below, keep)
            elif entry.is_file() and keep(below, False):
                shutil.copyfile(entry.path, target / entry.name)


def prune_tree(folder: Path, keep: Keep) -> None:
    """Removes from `folder` what `keep` does not accept."""
    for path in sorted(folder.rglob("*")):
        # What lay in a folder that was removed is gone as well.
        if path.is_symlink() or not path.exists():
            continue
        is_folder = path.is_dir()
        if not keep(PurePosixPath(path.relative_to(folder)), is_folder):
            shutil.rmtree(path) if is_folder else path.unlink()


def seal_tree(root: Path, executables: frozenset[str]) -> None:
    """Leaves nothing writable, and no file executable but `executables` (absolute jail paths)."""
    for folder, _, files in os.walk(root, topdown=False):
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o555 if f"/{os.path.relpath(path, root)}" in executables else 0o444)
        os.chmod(folder, 0o555)


def open_folder(folder: Path) -> None:
    """Gives the owner back the right to change the entries of a sealed folder."""
    folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IRWXU)


def remove_tree(path: Path) -> None:
    """Removes a folder even when it is sealed and its owner is not root. Does nothing where there is none."""
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    # Top down: a folder must be opened before its entries can be listed and opened in turn.
    for folder, _, _ in os.walk(path):
        open_folder(Path(folder))
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                open_folder(Path(entry.path))
    shutil.rmtree(path)


def files_below(folder: Path) -> Iterator[Path]:
    """Every regular file below `folder`, links left out."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                yield path


def measure(folder: Path) -> tuple[int, int]:
    """Number of files and their bytes."""
    sizes = [path.stat().st_size for path in files_below(folder)]
    return len(sizes), sum(sizes)


def first_unwalkable(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not enter, or None. `path` need not exist yet.

    As root, nsjail maps the jail's ids to ids that own nothing: they must be able to walk to a sandbox root.
    """
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

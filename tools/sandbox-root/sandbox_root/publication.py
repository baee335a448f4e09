"""Puts a finished folder in its place in one step; every command that makes a folder goes through it.

A folder is built beside its place and renamed when it is ready, so nobody ever sees half of it. A lock file keeps two
builds of the same folder apart, and whoever holds it may remove what an interrupted build left behind.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .failures import BuildFailure
from .progress import Progress
from .tree import remove_tree

# The compiler goes on when its build is killed, and ends soon after its sources are gone.
_ORPHANS_END_WITHIN_SECONDS = 20


class Publication:
    """The place `output`; use within `locked_publication` only."""

    def __init__(self, output: Path, mark: str) -> None:
        self.output = output
        self._mark = mark
        self._prefix = f".{output.name}.building-"

    def start(self) -> Path:
        """An empty folder beside the output. Raises BuildFailure where the output is a folder that this builder did not make."""
        self._refuse_foreign_folder()
        staging = self.output.parent / f"{self._prefix}{os.getpid()}"
        staging.mkdir()
        # mkdir obeys the umask, and the self-check walks here with an id that owns nothing.
        staging.chmod(0o755)
        return staging

    def publish(self, staging: Path) -> None:
        """Swaps the finished folder in. A reader sees the old one, for an instant none, then the new one."""
        retired = self.output.parent / f"{self._prefix}{os.getpid()}-old"
        if self.output.exists():
            self.output.rename(retired)
        staging.rename(self.output)
        remove_tree(retired)

    def remove_leftovers(self) -> None:
        """Removes what an interrupted build left. Safe under the lock only."""
        for leftover in self.output.parent.glob(f"{self._prefix}*"):
            _remove_while_filling(leftover)

    def _refuse_foreign_folder(self) -> None:
        output = self.output
        if output.is_symlink() or (output.exists() and not output.is_dir()):
            raise BuildFailure(f"{output} is not a folder. Remove it or choose another --output.")
        if output.is_dir() and any(output.iterdir()) and not (output / self._mark).is_file():
            raise BuildFailure(
                f"{output} has files in it and no {self._mark}, so this builder did not make it. "
                "Empty it or choose another --output."
            )


def _remove_while_filling(folder: Path) -> None:
    """Removes a folder into which the compiler of a killed build may still write for some moments."""
    deadline = time.monotonic() + _ORPHANS_END_WITHIN_SECONDS
    while True:
        try:
            return remove_tree(folder)
        except OSError as error:
            # A file came (not empty) or went (no entry) while the folder was being emptied.
            if error.errno not in (errno.ENOTEMPTY, errno.ENOENT) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def locked_publication(output: Path, mark: str, progress: Progress) -> Iterator[Publication]:
    """Holds the lock of `output`; `mark` is the file by which a folder made by this builder is known."""
    output = output.parent.resolve() / output.name
    _make_walkable(output.parent)
    lock_file = output.parent / f".{output.name}.lock"
    descriptor = _take(lock_file, progress)
    publication = Publication(output, mark)
    try:
        publication.remove_leftovers()
        yield publication
    finally:
        publication.remove_leftovers()
        # Removed while it is still held: `_take` notices that the file it waited for is gone and starts again.
        lock_file.unlink(missing_ok=True)
        os.close(descriptor)


def _make_walkable(folder: Path) -> None:
    # Independent of the umask: the jail's mapped id must be able to walk through folders that are made here.
    if not folder.is_dir():
        _make_walkable(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _take(lock_file: Path, progress: Progress) -> int:
    while True:
        descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                os.close(descriptor)
                raise
            progress.note(f"waiting for another build that holds {lock_file}")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(lock_file, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(lock_file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(lock_file), os.fstat(descriptor))
    except FileNotFoundError:
        return False

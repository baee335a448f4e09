"""Writes artifacts below a folder, and nowhere else: whatever they are called, and whatever lies there already."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from ..types import Artifact
from .artifact_names import folded, reason_against

#: Names are looked up below open folders, step by step; Windows has no such calls.
IS_SUPPORTED: Final = {os.open, os.mkdir, os.unlink} <= os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FOLDER_FLAGS: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FILE_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | getattr(os, "O_CLOEXEC", 0)


class NotWritten(Exception):
    """An artifact was not written. The text says which, and why; names in it are as `repr` shows them."""


class ArtifactFolder:
    """A folder that takes artifacts. It is the user's own choice, so it may be a link; nothing below it is followed."""

    def __init__(self, path: Path) -> None:
        """Make the folder where it is not there. Raises OSError."""
        if not IS_SUPPORTED:
            raise OSError(errno.ENOTSUP, "This system cannot write artifacts safely: use --json, which has their bytes")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(errno.ENOTDIR, "It is there, and is no folder") from None
        self._root = os.open(path, _FOLDER_FLAGS)
        #: Each path and each folder on the way to it, as file systems may take them for one another, and as it was written.
        self._spellings: dict[str, str] = {}
        self._files: set[str] = set()

    def write(self, artifact: Artifact) -> None:
        """Write one to a new file. Raises NotWritten."""
        name = artifact.name
        if reason := reason_against(name):
            raise NotWritten(f"{name!r} is not written: {reason}")
        self._claim(name)
        try:
            content = artifact.content
        except ValueError as error:
            raise NotWritten(str(error)) from None
        try:
            self._write(name.split("/"), content)
        except FileExistsError:
            raise NotWritten(f"{name!r} is not written: a file of that name is there already") from None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise NotWritten(f"{name!r} is not written: a link or a file is in the way") from None
            raise NotWritten(f"{name!r} is not written: {error.strerror}") from None

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._root)

    def __enter__(self) -> ArtifactFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _claim(self, name: str) -> None:
        """Refuse what another artifact is called on some file system, or what one is a folder of."""
        steps = name.split("/")
        paths = ["/".join(steps[:count]) for count in range(1, len(steps) + 1)]
        for path in paths:
            taken = self._spellings.get(folded(path), path)
            if taken != path:
                raise NotWritten(f"{name!r} is not written: on some systems it is the same as {taken!r}")
            if path in self._files or (path == name and folded(path) in self._spellings):
                raise NotWritten(f"{name!r} is not written: there is another artifact {taken!r}")
        self._spellings.update((folded(path), path) for path in paths)
        self._files.add(name)

    def _write(self, steps: list[str], content: bytes) -> None:
        with self._parent(steps[:-1]) as parent:
            file = os.open(steps[-1], _FILE_FLAGS, 0o666, dir_fd=parent)
            try:
                with os.fdopen(file, "wb") as opened:
                    opened.write(content)
            except BaseException:
                # Half of a file is worse than none.
                os.unlink(steps[-1], dir_fd=parent)
                raise

    @contextmanager
    def _parent(self, steps: list[str]) -> Iterator[int]:
        """Open the folder of these steps below the root, and make what is missing. Links are not followed."""
        folder = os.dup(self._root)
        try:
            for step in steps:
                try:
                    os.mkdir(step, 0o777, dir_fd=folder)
                except FileExistsError:
                    pass  # a folder, or what the next line refuses
                inner = os.open(step, _FOLDER_FLAGS | _NO_FOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)

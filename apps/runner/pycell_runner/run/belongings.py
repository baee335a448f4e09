"""Puts what comes with a script into its places: files, and standard input. Called by the run, before its script."""

from __future__ import annotations

import os
from typing import Final

from ..protocol.payload import Payload
from ..protocol.request import RunRequest

_ONLY_OWN: Final = 0o700
#: What a pipe takes before anybody has read from it.
_PIPE_BYTES: Final = 64 * 1024
_STDIN_NAME: Final = ".stdin"


def lay_out(payload: Payload, request: RunRequest, has_folder: bool) -> None:
    """Put what is left of the payload into its places, from this process's working folder on.

    Raises OSError where there is no room, EOFError where the payload ends before.
    """
    if request.stdin_bytes is not None:
        (_give_stdin_by_file if has_folder else _give_stdin_by_pipe)(payload, request.stdin_bytes)
    for name, length in request.files:
        folder, _, _ = name.rpartition("/")
        if folder:
            os.makedirs(folder, _ONLY_OWN, exist_ok=True)
        # The service has checked the name. Should it be wrong about it, nothing outside is followed or overwritten.
        target = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        payload.copy(length, target)
        os.close(target)


def _give_stdin_by_file(payload: Payload, length: int) -> None:
    """Make descriptor 0 a file that has no name any more: it can be read at any pace, and counts as a file of the run."""
    target = os.open(_STDIN_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    source = os.open(_STDIN_NAME, os.O_RDONLY)
    os.unlink(_STDIN_NAME)
    payload.copy(length, target)
    os.close(target)
    os.dup2(source, 0, inheritable=True)
    os.close(source)


def _give_stdin_by_pipe(payload: Payload, length: int) -> None:
    """The same where no file can be written; the service sends no more than a pipe takes."""
    reading, writing = os.pipe()
    assert length <= _PIPE_BYTES, f"{length} bytes of standard input do not fit into a pipe"
    payload.copy(length, writing)
    os.close(writing)
    os.dup2(reading, 0, inheritable=True)
    os.close(reading)

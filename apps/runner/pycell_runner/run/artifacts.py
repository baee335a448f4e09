"""Gathers what a script has left: files in output/, and matplotlib figures. Called by the run, after the script.

All of it is the script's: it may hold links, pipes, thousands of files, files that grow while they are read, and figures
whose drawing runs code of the script, until the deadline. So nothing is followed, everything is bounded, and what
is needed is taken at import.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import stat
import sys
from typing import Any, Final, Sequence

from .. import own_builtins
from ..kernel import rlimits
from ..protocol.outcome import Artifact
from ..protocol.request import RunLimits
from ..result import failure
from ..result.failure import Failure
from .room import Room, TooLarge

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: Not waiting for a pipe's other end.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_DESCRIPTORS: Final = (errno.EMFILE, errno.ENFILE)
_NO_FOLDER: Final = (errno.ENOENT, errno.ENOTDIR)
#: Folders within folders that are looked into. A path of that depth can be made, and much deeper ones.
_MAX_DEPTH: Final = 32
_CHUNK_BYTES: Final = 1 << 20
_MAX_MESSAGE_CHARACTERS: Final = 2_000

_modules: Final = sys.modules
_open = os.open
_close = os.close
_close_range = os.closerange
_list = os.listdir
_rmdir = os.rmdir
_fstat = os.fstat
_read = os.read
_is_file = stat.S_ISREG
_is_folder = stat.S_ISDIR
_objects = gc.get_objects
_BytesIO = io.BytesIO
_Writers: Final = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
_OSError = OSError
_MemoryError = MemoryError
_type = type
_sorted = sorted
_len = len
_min = min
_str = str
_exc_info = sys.exc_info


class _NoDescriptor(Exception):
    """The script has left none to read with."""


def gather(
    output: str | None, connection: int, limits: RunLimits, leaves_out: bool = False
) -> tuple[Sequence[Artifact], Failure | None]:
    """Return the artifacts, and why they cannot be told where they cannot.

    `output`: the path of the folder; None where runs can write no files. `connection`: a descriptor to leave open.
    `leaves_out`: what does not fit, or cannot be drawn, is left out, and told on stderr.
    """
    pyplot: Any = _modules.get("matplotlib._pylab_helpers")
    if (pyplot is None or not pyplot.Gcf.figs) and (output is None or _is_removed(output)):
        return (), None
    room = Room(limits.files, limits.artifact_bytes, leaves_out)
    failed: Failure | None = None
    try:
        # Fonts are read while a figure is drawn: nothing is closed before.
        figures, failed = _drawn(pyplot, room) if pyplot is not None else ([], None)
        if output is not None:
            _flush_writers()
            _add_files(output, connection, room)
        room.add_figures(figures)
    except TooLarge as error:
        return (), Failure("ARTIFACTS_TOO_LARGE", _str(error))
    except _MemoryError:
        rlimits.release_report_reserve()
        if not leaves_out:
            return (), Failure("MEMORY_LIMIT", "MemoryError while files and figures were read")
        room.artifacts.clear()
        room.left_out.append("MemoryError while they were read")
    room.tell_left_out()
    return room.artifacts, failed


def _is_removed(output: str) -> bool:
    """Remove the folder where nothing is in it, as nearly always: one system call, where to list it takes five.

    Returns whether it is gone: it was empty, or the script has removed it or put something else there.
    """
    try:
        _rmdir(output)
    except _OSError as error:
        return error.errno in _NO_FOLDER
    return True


def _flush_writers() -> None:
    """Write out what open files hold back, as the end of a program does."""
    for thing in _objects():  # without those of the zygote, which are frozen
        if _type(thing) in _Writers:
            try:
                thing.flush()
            except:  # noqa: E722 - closed already, or full; a script's own raw file may raise anything
                own_builtins.restore()


def _add_files(output: str, connection: int, room: Room) -> None:
    try:
        folder, found = _find(output, room, _NO_DESCRIPTORS)
    except _NoDescriptor:
        _close_range(3, connection)
        # Folders that are too deep for those that there are then are left out.
        folder, found = _find(output, room, ())
    for path in found:
        try:
            content = _content(folder, path, room.bytes_left)
        except TooLarge as error:
            room.leave_out(_str(error))
            continue
        if content is not None:
            room.add(path, content)
    if folder >= 0:
        _close(folder)


def _find(output: str, room: Room, grave: Sequence[int]) -> tuple[int, list[str]]:
    """Return a descriptor of the folder, and the paths of its files.

    Raises TooLarge; _NoDescriptor for errors of these numbers, others mean that something is left out.
    """
    found: list[str] = []
    try:
        folder = _open(output, _FOLDER)
    except _OSError as error:
        if error.errno in grave:
            raise _NoDescriptor from error
        return -1, found  # it is gone, or a link
    try:
        _walk(folder, "", 0, room.most, found, grave)
    except TooLarge as error:
        room.leave_out(_str(error))
    return folder, _sorted(found)


def _walk(folder: int, prefix: str, depth: int, most: int, found: list[str], grave: Sequence[int]) -> None:
    """Add to `found` the paths of the regular files in a folder and below. Raises TooLarge where there are more than `most`."""
    for entry in _sorted(_entries(folder, grave)):
        path = f"{prefix}{entry}"
        try:
            opened = _open(entry, _FILE, dir_fd=folder)
        except _OSError as error:  # a link, a socket, one that is gone, or that may not be read
            if error.errno in grave:
                raise _NoDescriptor from error
            continue
        try:
            mode = _fstat(opened).st_mode
            if _is_file(mode):
                if _len(found) >= most:
                    raise TooLarge("there are more files in output/")
                found.append(path)
            elif _is_folder(mode) and depth < _MAX_DEPTH:
                _walk(opened, f"{path}/", depth + 1, most, found, grave)
        finally:
            _close(opened)


def _entries(folder: int, grave: Sequence[int]) -> list[str]:
    try:
        return _list(folder)  # it needs a descriptor of its own
    except _OSError as error:
        if error.errno in grave:
            raise _NoDescriptor from error
        return []


def _content(folder: int, path: str, room: int) -> bytes | None:
    """Return the content of a file; None where it is gone. Raises TooLarge where it has more bytes than `room`."""
    opened = -1
    *folders, name = path.split("/")
    inner = [folder]
    try:
        for step in folders:
            inner.append(_open(step, _FOLDER, dir_fd=inner[-1]))
        opened = _open(name, _FILE, dir_fd=inner[-1])
        status = _fstat(opened)
        if not _is_file(status.st_mode):
            return None
        if status.st_size > room:
            raise TooLarge(f"with output/{failure.shortened(path, 200)}, which has {status.st_size} bytes, they are larger")
        pieces, rest = [], room + 1
        while rest > 0 and (piece := _read(opened, _min(rest, _CHUNK_BYTES))):
            pieces.append(piece)
            rest -= _len(piece)
        if rest <= 0:
            raise TooLarge(f"output/{failure.shortened(path, 200)} grew while it was read")
        return b"".join(pieces)
    except _OSError:
        return None
    finally:
        for descriptor in (*inner[1:], opened):
            if descriptor >= 0:
                _close(descriptor)


def _drawn(pyplot: Any, room: Room) -> tuple[list[tuple[str, bytes]], Failure | None]:
    """Draw every figure that is open; return their names and why one could not be drawn. Raises TooLarge."""
    managers = list(pyplot.Gcf.figs.values())
    if _len(managers) > room.most:
        room.leave_out(f"there are {_len(managers)} open figures")
    figures: list[tuple[str, bytes]] = []
    bytes_left = room.bytes_left
    for manager in managers[: room.most]:
        try:
            name, content = _draw(manager)
        except _MemoryError:
            if not room.leaves_out:
                raise
            room.leave_out("MemoryError while a figure was drawn")
            continue
        except:  # noqa: E722 - what artists of the script raise when they are drawn
            own_builtins.restore()
            undrawn = _undrawn(_exc_info()[1])
            if not room.leaves_out:
                return figures, undrawn
            room.leave_out(undrawn.message)
            continue
        if _len(content) > bytes_left:
            room.leave_out(f"with {name}, which has {_len(content)} bytes, they are larger")
            continue
        bytes_left -= _len(content)
        figures.append((name, content))
    return figures, None


def _draw(manager: Any) -> tuple[str, bytes]:
    matplotlib: Any = _modules["matplotlib"]
    extension = "svg" if _str(matplotlib.rcParams["savefig.format"]).lower() == "svg" else "png"
    buffer = _BytesIO()
    manager.canvas.figure.savefig(buffer, format=extension)
    return f"figure-{int(manager.num)}.{extension}", buffer.getvalue()


def _undrawn(error: BaseException | None) -> Failure:
    assert error is not None
    described = failure.describe(error, [])
    message = failure.shortened(described.message, _MAX_MESSAGE_CHARACTERS)
    return Failure(
        "SCRIPT_ERROR",
        f"A figure that was left open could not be drawn: {message}",
        described.line,
        described.column,
        described.traceback,
        hint="Draw it in the script, by savefig(), to see where; or close it by plt.close().",
    )

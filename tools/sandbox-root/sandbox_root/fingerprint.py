"""Hashes what a result was made from, so that an unchanged input is recognised; all commands that make folders call it.

Contents are hashed where they are small; of binaries and libraries only name, size and time, which is enough to notice
an update and keeps an unchanged call under 0.2 s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from .interpreter import Interpreter

_BUILDER = Path(__file__).resolve().parent


def fingerprint(parts: Mapping[str, object]) -> str:
    """One hash over named JSON values; the order of the names does not matter."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def builder_sources(*names: str) -> str:
    """Hash of the builder's own modules `names` (default: all), so that a changed rule rebuilds what it made."""
    chosen = [_BUILDER / name for name in names] or sorted(_BUILDER.glob("*.py"))
    return fingerprint({path.name: path.read_text() for path in chosen})


def file_stamp(path: Path) -> list[object]:
    """Name, size and time of a file."""
    status = path.stat()
    return [path.name, status.st_size, status.st_mtime_ns]


def interpreter_state(interpreter: Interpreter) -> dict[str, object]:
    """Changes when the interpreter or its standard library is updated."""
    folders = (interpreter.stdlib, interpreter.dynload)
    return {
        "executable": str(interpreter.executable),
        "version": interpreter.version,
        "binary": file_stamp(interpreter.executable),
        "stdlib": [stamps_in(folder) for folder in folders if folder.is_dir()],
    }


def stamps_in(folder: Path) -> list[list[object]]:
    """Stamps of the files directly in `folder`; folders are left out since using Python changes their times."""
    return sorted((file_stamp(path) for path in folder.iterdir() if path.is_file()), key=str)


def library_state(libraries: Mapping[str, Path | None]) -> str:
    """Changes when the host updates one of the libraries that were copied, or loses it."""
    return fingerprint({name: file_stamp(path.resolve()) if path else None for name, path in libraries.items()})


def contents(folder: Path, files: Iterable[Path]) -> str:
    """Hash over the contents of `files`, named relative to `folder`."""
    return fingerprint({str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})

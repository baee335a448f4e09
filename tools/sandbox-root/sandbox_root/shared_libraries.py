"""Finds out which shared libraries of the host an interpreter and its extension modules need, by asking the host's loader.

Called by `root_assembly` (to copy them) and by `root_folder` (to notice that the host has updated one). The loader is told
to list what it would load; it runs nothing of what it is asked about.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .failures import BuildFailure

SHARED_OBJECT = re.compile(r"\.so(\.|$)")

# glibc opens it at run time for pthread_exit, so no NEEDED entry names it; without it a thread's end aborts.
OPENED_AT_RUN_TIME = ("libgcc_s.so.1",)

_FOUND = re.compile(r"^\t(\S+) => (/.+) \(0x[0-9a-f]+\)$", re.MULTILINE)
_MISSING = re.compile(r"^\t(\S+) => not found$", re.MULTILINE)
_PT_INTERP = 3


def loader_of(program: Path) -> str:
    """The path at which the kernel looks for the program's loader. Raises BuildFailure where a root cannot be built."""
    data = program.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise BuildFailure(f"{program}: a sandbox root can only be built from a 64-bit Linux interpreter.")
    try:
        (table,) = struct.unpack_from("<Q", data, 32)
        entry_bytes, count = struct.unpack_from("<HH", data, 54)
        for place in range(table, table + entry_bytes * count, entry_bytes):
            kind, _, offset, _, _, size = struct.unpack_from("<IIQQQQ", data, place)
            if kind == _PT_INTERP:
                (path,) = struct.unpack_from(f"{size}s", data, offset)
                return str(path.rstrip(b"\0"), "ascii")
    except (struct.error, ValueError) as error:
        raise BuildFailure(f"{program} is damaged ({error}). Install it anew or set PYTHON to another.") from error
    raise BuildFailure(f"{program} is linked statically and cannot load numpy. Set PYTHON to another interpreter.")


@dataclass(frozen=True)
class Loader:
    """The host's dynamic loader, which searches as it will when the program runs."""

    path: str

    def resolve(self, file: Path, preload: Iterable[str] = ()) -> tuple[dict[str, Path], list[str]]:
        """What `file` needs, directly or not: files by name, and the names that were not found.

        Nothing where `file` is no object of this machine. Names of `preload` are searched as if `file` needed them.
        """
        environment = {**os.environ, "LD_TRACE_LOADED_OBJECTS": "1", "LC_ALL": "C"}
        command = [self.path, "--preload", " ".join(preload), str(file)]
        listed = subprocess.run(command, capture_output=True, text=True, env=environment).stdout
        found = {os.path.basename(name): Path(path) for name, path in _FOUND.findall(listed)}
        return found, _MISSING.findall(listed)

    def find(self, program: Path, names: Iterable[str]) -> dict[str, Path | None]:
        """The file that each name stands for when `program` asks for it; None where there is none."""
        wanted = list(names)
        found, _ = self.resolve(program, wanted)
        return {name: found.get(name) for name in wanted}


@dataclass
class LibraryClosure:
    """Collects, object by object, the host's libraries that must be copied.

    What lies in the folder `inside` (packages with libraries of their own) is in the root already and stays where it is.
    """

    loader: Loader
    inside: Path
    libraries: dict[str, Path] = field(default_factory=dict)
    clashes: dict[str, tuple[Path, Path]] = field(default_factory=dict)

    def add(self, file: Path, already_loaded: frozenset[str] = frozenset(), unless_missing: bool = False) -> list[str]:
        """Collects everything that `file` needs; returns the names that were not found.

        Names in `already_loaded` another module loads first. With `unless_missing` nothing is collected for a file
        that will not load.
        """
        found, lacking = self.loader.resolve(file)
        missing = [name for name in lacking if name not in already_loaded]
        if missing and unless_missing:
            return missing
        inside = os.path.realpath(self.inside)
        for name, library in found.items():
            if Path(os.path.realpath(library)).is_relative_to(inside):
                continue
            known = self.libraries.setdefault(name, library)
            if os.path.realpath(known) != os.path.realpath(library):
                self.clashes[name] = (known, library)
        return missing

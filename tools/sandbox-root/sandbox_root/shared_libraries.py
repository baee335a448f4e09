"""Works out exactly which shared libraries of the host an interpreter and its extension modules need.

Called by `root_assembly` (to copy them) and by `freshness` (to notice that the host has updated one). It follows the
loader's own order: RPATH or RUNPATH, LD_LIBRARY_PATH, the folders of ld.so.conf, the built-in folders.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .elf import ElfObject, NotElf, read_elf
from .failures import BuildFailure
from .interpreter import Interpreter

SHARED_OBJECT = re.compile(r"\.so(\.|$)")

# glibc opens it at run time for pthread_exit, so no NEEDED entry names it; without it a thread's end aborts.
OPENED_AT_RUN_TIME = ("libgcc_s.so.1",)


def system_folders(multiarch: str, configuration: Path = Path("/etc/ld.so.conf")) -> list[str]:
    """The loader's folders outside of any RPATH, in its order."""
    listed = [part for part in os.environ.get("LD_LIBRARY_PATH", "").split(":") if part]
    listed += _configured_folders(configuration)
    if multiarch:
        listed += [f"/lib/{multiarch}", f"/usr/lib/{multiarch}"]
    listed += ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
    return list(dict.fromkeys(listed))


def _configured_folders(configuration: Path) -> list[str]:
    folders: list[str] = []
    if not configuration.is_file():
        return folders
    for raw in configuration.read_text(errors="replace").splitlines():
        line = raw.split("#", 1)[0].strip()
        if line.startswith("include"):
            pattern = os.path.join(configuration.parent, line.split(None, 1)[1])
            for included in sorted(glob.glob(pattern)):
                folders += _configured_folders(Path(included))
        elif line.startswith("/"):
            folders.append(line)
    return folders


@dataclass
class LibrarySearch:
    """Finds a library by name for one machine type, as the loader of this host would."""

    folders: Sequence[str]
    machine: int
    _known: dict[Path, ElfObject | None] = field(default_factory=dict)

    def read(self, path: Path) -> ElfObject | None:
        """The parsed object, or None where `path` is no ELF file of this machine type."""
        if path not in self._known:
            try:
                parsed = read_elf(path)
            except (NotElf, FileNotFoundError, NotADirectoryError, PermissionError):
                # The loader passes over such candidates (linker scripts, other ABIs) and looks further.
                self._known[path] = None
            else:
                self._known[path] = parsed if parsed.machine == self.machine else None
        return self._known[path]

    def find(self, name: str, first: Iterable[str] = ()) -> Path | None:
        """The file that `name` stands for, looking into the folders `first` before the system's."""
        if "/" in name:
            return Path(name) if self.read(Path(name)) else None
        for folder in [*first, *self.folders]:
            candidate = Path(folder, name)
            if self.read(candidate):
                return candidate
        return None


def search_for(interpreter: Interpreter) -> tuple[LibrarySearch, ElfObject]:
    """A search for the interpreter's machine type, and the interpreter's own ELF entry."""
    try:
        program = read_elf(interpreter.executable)
    except NotElf as error:
        raise BuildFailure(f"{error}: a sandbox root can only be built from a 64-bit Linux interpreter.") from error
    if program.interpreter is None:
        raise BuildFailure(
            f"{interpreter.executable} is linked statically and cannot load numpy. Set PYTHON to another interpreter."
        )
    return LibrarySearch(system_folders(interpreter.multiarch), program.machine), program


@dataclass
class LibraryClosure:
    """Collects, object by object, the host's libraries that must be copied.

    `inside` is the folder of files that are in the root already (the packages with libraries of their own): what is
    found there is left where it is.
    """

    search: LibrarySearch
    loader: str
    inside: Path | None = None
    libraries: dict[str, Path] = field(default_factory=dict)
    clashes: dict[str, tuple[Path, Path]] = field(default_factory=dict)

    def missing_for(self, path: Path, already_loaded: frozenset[str] = frozenset()) -> list[str]:
        """Names that `path` needs, directly or not, and that nobody provides. Collects nothing."""
        found, missing = self._resolve(path, already_loaded)
        del found
        return missing

    def add(self, path: Path, already_loaded: frozenset[str] = frozenset()) -> list[str]:
        """Collects everything that `path` needs; returns the names that were not found."""
        found, missing = self._resolve(path, already_loaded)
        for name, library in found.items():
            known = self.libraries.setdefault(name, library)
            if os.path.realpath(known) != os.path.realpath(library):
                self.clashes[name] = (known, library)
        return missing

    def _resolve(self, path: Path, already_loaded: frozenset[str]) -> tuple[dict[str, Path], list[str]]:
        found: dict[str, Path] = {}
        missing: list[str] = []
        visited: set[str] = set()
        pending: list[tuple[Path, tuple[str, ...]]] = [(path, ())]
        while pending:
            current, inherited = pending.pop()
            entry = self.search.read(current)
            if entry is None:
                continue
            own_rpath = () if entry.runpath else _expand(entry.rpath, current)
            first = (*_expand(entry.runpath, current), *own_rpath, *inherited)
            for name in entry.needed:
                if name in visited or os.path.basename(name) == os.path.basename(self.loader):
                    continue
                visited.add(name)
                library = self.search.find(name, first)
                if library is None:
                    if name not in already_loaded:
                        missing.append(name)
                    continue
                if not self._lies_inside(library):
                    found[os.path.basename(name)] = library
                pending.append((library, (*own_rpath, *inherited)))
        return found, missing

    def _lies_inside(self, library: Path) -> bool:
        return self.inside is not None and Path(os.path.realpath(library)).is_relative_to(os.path.realpath(self.inside))


def _expand(folders: Iterable[str], path: Path) -> tuple[str, ...]:
    # The loader takes the folder of the file as it was opened after links are followed.
    origin = os.path.dirname(os.path.realpath(path))
    return tuple(folder.replace("${ORIGIN}", origin).replace("$ORIGIN", origin) for folder in folders)

"""Gives the runner's modules built-in names of their own, which no script can replace.

`install()` is called by this package's `__init__`, before any other module of it is loaded, so in every process. The
run calls `restore()`, after the script; whoever is about to fork runs calls `uninstall()`.

A script that sets `builtins.len` would otherwise break the code that converts its return value. Where code of the
standard library or of a package is used after the script, restore() puts the names back first: not always, since that
writes to sixty pages, which a run would have to copy for it.
"""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final, Sequence

_BUILTINS: Final = vars(builtins)
_OWN: Final = dict(_BUILTINS)
_update = dict.update


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        # What a function finds under `__builtins__` when it is made, it keeps.
        module.__dict__["__builtins__"] = _OWN
        super().exec_module(module)


class _Finder:
    """Finds the modules of one package and of the packages in it, and loads them with built-in names of their own."""

    def __init__(self, package: str) -> None:
        self._prefix = package + "."

    def find_spec(self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if not name.startswith(self._prefix):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def restore() -> None:
    """Put back the built-in names that a script has replaced."""
    _update(_BUILTINS, _OWN)


def install(package: str) -> None:
    """From now on the package's modules are loaded with built-in names of their own."""
    sys.meta_path.insert(0, _Finder(package))


def uninstall() -> None:
    """Take back what install() did to the import system, before scripts use it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]

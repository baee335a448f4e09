"""Gives each run random numbers of its own, though all are forks of one zygote.

`random` reseeds itself after a fork. numpy's global generator does not, and reseeding it takes half a millisecond
that most runs do not need: it happens when a run first looks at `numpy.random`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Final

#: The ways to numpy's global generator.
_NAMES: Final = ("numpy.random", "numpy.random.mtrand")


class _Unseeded(ModuleType):
    """A module that reseeds numpy's global generator before it shows anything of itself."""

    def __getattribute__(self, name: str) -> Any:
        # What the import system asks of every loaded module is no use of it.
        if name not in _ASKED_BY_IMPORT:
            _seed()
        return ModuleType.__getattribute__(self, name)


_ASKED_BY_IMPORT: Final = frozenset({"__spec__", "__class__", "__dict__"})
_waiting: list[tuple[ModuleType, type[ModuleType]]] = []


def reseed_numpy_on_first_use() -> None:
    """Arrange it, in the zygote. Does nothing where numpy is not loaded."""
    if sys.modules.get("numpy.random.mtrand") is None:
        return
    for name in _NAMES:
        module = sys.modules[name]
        _waiting.append((module, type(module)))
        module.__class__ = _Unseeded


def _seed() -> None:
    # Put back first: seeding looks at the module itself.
    modules = _waiting.copy()
    _waiting.clear()
    for module, kind in modules:
        module.__class__ = kind
    for module, _ in modules:
        if module.__name__ == "numpy.random.mtrand":
            module._rand.seed()

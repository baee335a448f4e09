"""Gives scripts a `mmap.mmap` whose anonymous memory is private. Called before the fork, in a jail only.

Python maps anonymous memory as shared by default, for the sake of forks. A run has none, so that private memory is the
same to it; the filter refuses shared memory, which no limit of a run counts.
"""

from __future__ import annotations

import mmap
from typing import Any, Final

_Mapping: Final[Any] = mmap.mmap
_SHARED: Final = mmap.MAP_SHARED
_PRIVATE: Final = mmap.MAP_PRIVATE
_READ: Final = mmap.PROT_READ
_WRITE: Final = mmap.PROT_WRITE
_ACCESS_DEFAULT: Final = mmap.ACCESS_DEFAULT
#: What a kind of access means, as mmap has it; ACCESS_COPY is private by itself.
_PROTECTION_OF: Final = {mmap.ACCESS_READ: _READ, mmap.ACCESS_WRITE: _READ | _WRITE}


class _PrivateMapping(_Mapping):  # type: ignore[misc]
    """`mmap.mmap`, but for memory without a file."""

    __slots__ = ()

    def __new__(
        cls,
        fileno: int,
        length: int,
        flags: int = _SHARED,
        prot: int = _READ | _WRITE,
        access: int = _ACCESS_DEFAULT,
        offset: int = 0,
        **more: Any,
    ) -> Any:
        if fileno == -1 and flags & _SHARED and not more:
            if access == _ACCESS_DEFAULT:
                flags = flags & ~_SHARED | _PRIVATE
            elif access in _PROTECTION_OF and flags == _SHARED and prot == _READ | _WRITE:
                flags, prot, access = _PRIVATE, _PROTECTION_OF[access], _ACCESS_DEFAULT
        return _Mapping.__new__(cls, fileno, length, flags=flags, prot=prot, access=access, offset=offset, **more)


def install() -> None:
    """Put it in the place of `mmap.mmap`, for scripts and packages."""
    _PrivateMapping.__name__ = _PrivateMapping.__qualname__ = "mmap"
    _PrivateMapping.__module__ = "mmap"
    setattr(mmap, "mmap", _PrivateMapping)

"""Where each zygote begins to number its runs. Used by the keeper of zygotes.

The serial of a zygote, in the upper bits, decides which part of the ids in the jail its runs have (kernel/isolation.py). Those
of one kind and of its successor must differ, and all that live at the same time.
"""

from __future__ import annotations

from typing import Final

from ..protocol.zygote_messages import RUN_BITS, ZygoteKind

_KINDS: Final = tuple(ZygoteKind)
#: How many zygotes of a kind can number their runs without sharing a number. Even, so that the last and the first generation
#: are as different as any two that follow each other.
_GENERATIONS: Final = (1 << (32 - RUN_BITS)) // (2 * len(_KINDS)) * 2


class RunNumbers:
    """Serials of zygotes: kind by kind, generation by generation."""

    def __init__(self) -> None:
        self._generations = dict.fromkeys(_KINDS, 0)

    def first_of_next(self, kind: ZygoteKind) -> int:
        """Return where the next zygote of a kind begins to count."""
        generation = self._generations[kind]
        self._generations[kind] = (generation + 1) % _GENERATIONS
        # In frames 0 stands for no run.
        return max(1, (generation * len(_KINDS) + _KINDS.index(kind)) << RUN_BITS)

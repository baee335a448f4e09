"""Gives each run random numbers of its own, though all are forks of one zygote.

Called by the zygote's program before the first fork; what it returns is called by each run, right after its fork.

`random` reseeds itself after a fork. numpy's global generator does not, and whoever took a function of it at import
holds the generator itself. To seed it by its own method writes to 140 pages, each to be copied by each run; so fresh
random bytes are put in the place of its state, where that is found to be what numpy's documentation says.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, Callable, Final

#: The state of numpy's MT19937: 624 words, then the position of the next.
_KEY_WORDS: Final = 624
_KEY_BYTES: Final = 4 * _KEY_WORDS


def numpy_reseeding() -> Callable[[], object]:
    """Return what seeds numpy's global generator afresh in a fork. It does nothing where numpy is not loaded."""
    generators = sys.modules.get("numpy.random.mtrand")
    if generators is None:
        return lambda: None
    generator = generators._rand
    generator.seed()  # also forgets what was drawn ahead here
    try:
        address = _state_address(generator)
    except (AttributeError, TypeError, ValueError, IndexError):  # another numpy, with another generator
        address = None
    if address is None:
        seed: Callable[[], object] = generator.seed
        return seed

    def fill(move: Callable[..., object] = ctypes.memmove, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        move(address, random_bytes(_KEY_BYTES), _KEY_BYTES)

    return fill


def _state_address(generator: Any) -> int | None:
    """Return where the freshly seeded generator has its words; None when they are not there after all."""
    name, key, position = generator.get_state()[:3]
    address = int(generator._bit_generator.ctypes.state_address)
    if name != "MT19937" or key.nbytes != _KEY_BYTES:
        return None
    state = ctypes.string_at(address, _KEY_BYTES + 4)
    there = state == key.tobytes() + position.to_bytes(4, sys.byteorder)
    return address if there else None

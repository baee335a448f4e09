"""Gives each run random numbers of its own, though all are forks of one zygote.

`random` reseeds itself after a fork. numpy's global generator does not, and whoever took a function of it at import
holds the generator itself: so it is reseeded in each spare, which costs half a millisecond before the script comes.
"""

from __future__ import annotations

import sys


def reseed_numpy() -> None:
    """Seed numpy's global generator afresh. Does nothing where numpy is not loaded."""
    generators = sys.modules.get("numpy.random.mtrand")
    if generators is not None:
        generators._rand.seed()

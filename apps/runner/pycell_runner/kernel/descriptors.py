"""Closes the descriptors that a run has inherited. Called by the run, right after the fork."""

from __future__ import annotations

import os
from typing import Collection, Final

#: os.closerange() is one system call where the kernel has close_range; this only bounds the old kernels' loop.
_HIGHEST_DESCRIPTOR: Final = 1 << 20


def close_other_descriptors(keep: Collection[int]) -> None:
    """Close every descriptor of this process that is not in `keep`.

    Also those above the limit on descriptors, which is put on a process that has them open already.
    """
    low = 0
    for descriptor in sorted(keep):
        if low < descriptor:  # CPython turns an empty range that ends at 0 into one without an end
            os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, _HIGHEST_DESCRIPTOR)

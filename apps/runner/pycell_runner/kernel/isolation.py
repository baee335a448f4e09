"""What separates a run from every other one in the warm jail: its tmpfs, its id, its capabilities.

Prepared by the zygote before the fork; carried out by the run right after it, while it still has the zygote's
capabilities. The run confines itself afterwards. In a jail of its own (`--once`) nsjail has done all of this.
"""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from typing import Final

from ..protocol.contract import SHM_BYTES, SHM_INODES, TMP_INODES
from ..protocol.request import RunLimits
from ..protocol.zygote_messages import RUN_BITS, ZygoteKind
from . import linux

#: Serials of zygotes that live at the same time: one of each kind, with its successor.
_LIVE_ZYGOTES: Final = 2 * len(ZygoteKind)


@dataclass(frozen=True, slots=True)
class IdRange:
    """Ids inside the jail that runs may have, one each: `first` and the `count - 1` after it."""

    first: int
    count: int

    @staticmethod
    def parse(text: str) -> IdRange:
        """Read `FIRST:COUNT`."""
        first, count = map(int, text.split(":"))
        return IdRange(first, count)

    def id_of(self, number: int) -> int:
        """Return the id of a run. Each zygote has a part of the range, in which it goes round."""
        part = self.count // _LIVE_ZYGOTES
        serial, counted = number >> RUN_BITS, number & (1 << RUN_BITS) - 1
        return self.first + serial % _LIVE_ZYGOTES * part + counted % part


class Isolation:
    """The steps, prepared before the fork, by which a fork separates itself from all others in the jail."""

    def __init__(self, limits: RunLimits, ids: IdRange | None) -> None:
        self._ids = ids
        # The number of files is limited too: empty ones take no space of a tmpfs, but memory of the kernel.
        self._mounts = (
            linux.tmpfs_mount("/tmp", limits.file_bytes, TMP_INODES, executable=True),
            linux.tmpfs_mount("/dev/shm", SHM_BYTES, SHM_INODES, executable=False),
        )
        self._own_user_namespace = linux.own_user_namespace()
        self._capability_drop = linux.capability_drop()
        self._threads = (limits.threads, limits.threads)

    def isolate(self, number: int) -> None:
        """Separate this process, which is pid 1 of its own namespaces already.

        `number` chooses its id from the range; without one, where the jail maps one id only, the run gets a user
        namespace of its own instead. Raises OSError where the kernel refuses a step: the run must not go on then.
        """
        # A session of its own: signals to "my process group" must not reach zygotes and other runs.
        os.setsid()
        for mount in self._mounts:
            mount()
        if self._ids is None:
            self._own_user_namespace()
            linux.empty_bounding_set()
        else:
            own = self._ids.id_of(number)
            os.setresgid(own, own, own)
            os.setresuid(own, own, own)
        for step in self._capability_drop:
            step()
        # Counts what this id, or this user namespace, has: its own threads.
        resource.setrlimit(resource.RLIMIT_NPROC, self._threads)

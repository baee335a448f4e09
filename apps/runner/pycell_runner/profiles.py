"""The two ways in which a jail isolates runs: with all of Linux, and with what gVisor has of it.

The operator chooses (JAIL_PROFILE). Inside gVisor its kernel is the wall to the host. It has no mount namespaces that a
container could use, no CLONE_PARENT and no ambient capabilities (tried with its release of December 2022), so a run
gets no file system of its own: it gets none to write to.
"""

from __future__ import annotations

import os
import resource
from dataclasses import replace
from functools import partial
from typing import Callable, Final

from . import forks, linux
from .isolation import SHM_BYTES, IdRange, Isolation
from .request import RunLimits

#: What a zygote needs inside gVisor: CAP_SYS_ADMIN for namespaces, CAP_SETPCAP to give up the rest.
_GVISOR_CAPABILITIES: Final = 1 << 8 | 1 << 21
#: Of the 256 that there are beside the runs' threads: for launchers, supervisors and forks. With many runs at once, a quarter of all.
_PROCESSES_FOR_STARTS: Final = 128
#: Where a run could leave something for another one, if it could write there.
_FOLDERS: Final = ("/", "/dev", "/dev/shm", "/etc", "/opt/pycell/runner", "/tmp", "/usr", "/usr/bin")


class FullProfile:
    """Linux: nsjail's namespaces, and for each run namespaces, tmpfs and an id of its own."""

    def narrow_supervisor(self) -> None:
        """Give up what the launcher has left to this process, the supervisor, beyond what it needs."""

    def supervisor_capabilities(self, warm: bool) -> int:
        """Return what the supervisor may have, one bit each; `warm`: it starts zygotes, which need them for runs."""
        return linux.ZYGOTE_CAPABILITIES if warm else 0

    def find_user_faults(self) -> list[str]:
        """Return what is wrong with the user inside the jail."""
        return ["the user inside is root"] if 0 in (os.getuid(), os.geteuid()) else []

    def can_write_to_root(self) -> bool:
        """Whether something in the root could be changed."""
        return not os.statvfs("/").f_flag & os.ST_RDONLY

    def fork(self) -> Callable[[], int]:
        """Return how a zygote forks a run as a child of the supervisor: 0 in the run, its pid in the zygote."""
        return partial(forks.fork_as_sibling, forks.find_tid_field(), own_namespaces=True)

    def isolation(self, limits: RunLimits, ids: IdRange | None) -> Callable[[int], None]:
        """Return what a run does to separate itself from all others, before it has its script."""
        return Isolation(limits, ids).isolate

    def fork_only(self) -> Callable[[], int]:
        """Return how the supervisor of one run forks it."""
        return os.fork

    def isolation_of_only(self) -> Callable[[int], None]:
        """Return what the only run of a jail does to separate itself from its supervisor: the rest nsjail has done."""
        return new_session

    def limits(self, limits: RunLimits) -> RunLimits:
        """Return the limits of a run in this jail."""
        return limits

    def tmpfs_bytes(self, limits: RunLimits) -> int:
        """Return how much of a run's memory its files can take."""
        return limits.file_bytes + SHM_BYTES


class GvisorProfile(FullProfile):
    """Inside gVisor: a pid and an IPC namespace of its own for each run, and no file that can be written."""

    def narrow_supervisor(self) -> None:
        # It is the root of a user namespace that was made for it, with every capability in there.
        linux.keep_capabilities(_GVISOR_CAPABILITIES)

    def supervisor_capabilities(self, warm: bool) -> int:
        return _GVISOR_CAPABILITIES

    def find_user_faults(self) -> list[str]:
        # That user namespace maps its root alone, to the service's own, unprivileged user.
        return []

    def can_write_to_root(self) -> bool:
        # gVisor does not tell how a file system is mounted.
        return any(os.access(folder, os.W_OK) for folder in _FOLDERS)

    def fork(self) -> Callable[[], int]:
        return partial(forks.fork_as_orphan, forks.find_tid_field())

    def isolation(self, limits: RunLimits, ids: IdRange | None) -> Callable[[int], None]:
        return _SharedRoot().isolate

    def fork_only(self) -> Callable[[], int]:
        # Its pid 1 is not spared the signals that others in its namespace send to it: a run must not be in there.
        return partial(forks.fork_in_namespaces, forks.find_tid_field())

    def isolation_of_only(self) -> Callable[[int], None]:
        isolation = _SharedRoot()

        def isolate(number: int) -> None:
            linux.empty_bounding_set()
            isolation.isolate(number)

        return isolate

    def limits(self, limits: RunLimits) -> RunLimits:
        return replace(limits, file_bytes=0)

    def tmpfs_bytes(self, limits: RunLimits) -> int:
        return 0


def new_session(_number: int) -> None:
    """Separate a run where nothing more is needed: its signals to "my process group" reach no supervisor."""
    os.setsid()


class _SharedRoot:
    """The steps where all runs see one root, in which nothing can be written. Prepared before the fork."""

    def __init__(self) -> None:
        self._capability_drop = linux.capability_drop(has_ambient=False)
        # RLIMIT_NPROC counts the processes and threads of all runs, which have one user, and so does every other jail's:
        # no limit of this run's own. But runs that take all they may must leave enough to start others with.
        _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
        most = hard - max(_PROCESSES_FOR_STARTS, hard // 4) if hard != resource.RLIM_INFINITY else hard
        self._processes = (most, most)

    def isolate(self, _number: int) -> None:
        """Separate this process, which is pid 1 of its own namespaces already.

        Raises OSError where the kernel refuses a step: the run must not go on then.
        """
        os.setsid()
        os.chdir("/tmp")
        for step in self._capability_drop:
            step()
        resource.setrlimit(resource.RLIMIT_NPROC, self._processes)


PROFILES: Final = {"full": FullProfile(), "gvisor": GvisorProfile()}
"""By the name that `--profile` gives them."""

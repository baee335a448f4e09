"""The jail inside gVisor, whose kernel is the wall to the host. JAIL_PROFILE=gvisor chooses it.

gVisor has no mount namespaces that a container could use, no CLONE_PARENT and no ambient capabilities (tried with its
release of December 2022). So a run has no file system of its own, and none that it could write to.

Called by the supervisor and by zygotes, before the fork.
"""

from __future__ import annotations

import os
import resource
from dataclasses import replace
from functools import partial
from typing import Final

from ..kernel import forks, linux, rlimits
from ..kernel.seccomp import Filters
from ..protocol.contract import PROBED_FOLDERS, PROCESSES_FOR_STARTS
from ..protocol.request import RunLimits
from .jail_faults import find_common_faults
from .profile import Fork, Isolate, Profile, RunPlaces

#: What a supervisor and a zygote need: CAP_SYS_ADMIN for namespaces, CAP_SETPCAP to give up the rest.
_CAPABILITIES: Final = 1 << 8 | 1 << 21


class GvisorProfile(Profile):
    """`--profile gvisor`: a pid and an IPC namespace of its own for each run, and no file that can be written."""

    is_jail = True
    can_mount = False

    def prepare_supervisor(self) -> None:
        # It is the root of a user namespace that was made for it, with every capability in there.
        linux.keep_capabilities(_CAPABILITIES)

    def find_faults(self, has_zygotes: bool) -> list[str]:
        # The user inside is root: that namespace maps its root alone, to the service's own, unprivileged user.
        faults = find_common_faults(_CAPABILITIES)
        # gVisor does not tell how a file system is mounted.
        if any(os.access(folder, os.W_OK) for folder in PROBED_FOLDERS):
            faults.append("the root is writable")
        return faults

    def hide_folder(self, path: str) -> None:
        linux.detach_mount(path)

    def prepare_zygote(self) -> None:
        linux.empty_bounding_set()

    def fork(self) -> Fork:
        return partial(forks.fork_as_orphan, forks.find_tid_field())

    def isolation(self, limits: RunLimits, places: RunPlaces) -> Isolate:
        return _SharedRoot().isolate

    def fork_only(self) -> Fork:
        # gVisor does not protect pid 1 from the signals of others in its namespace: the run must not be in there.
        return partial(forks.fork_in_namespaces, forks.find_tid_field())

    def isolation_of_only(self) -> Isolate:
        isolation = _SharedRoot()

        def isolate(number: int) -> None:
            linux.empty_bounding_set()
            isolation.isolate(number)

        return isolate

    def filters(self, has_zygotes: bool) -> Filters:
        # gVisor interprets filters: two would cost each system call more.
        return Filters.whole()

    def apply_limits(self, limits: RunLimits) -> None:
        rlimits.apply_inherited(replace(limits, file_bytes=0), tmpfs_bytes=0)


class _SharedRoot:
    """The steps where all runs see one root, in which nothing can be written. Prepared before the fork."""

    def __init__(self) -> None:
        self._capability_drop = linux.capability_drop(has_ambient=False)
        # RLIMIT_NPROC counts the processes and threads of all runs and all jails, since they have one user: it is no limit
        # of this run's own. But runs that take all they may must leave enough for launchers, supervisors and forks.
        _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
        most = hard - max(PROCESSES_FOR_STARTS, hard // 4) if hard != resource.RLIM_INFINITY else hard
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

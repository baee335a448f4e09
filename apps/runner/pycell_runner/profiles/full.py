"""The jail with all of Linux: nsjail's namespaces, and for each run namespaces, tmpfs and an id of its own.

Called by the supervisor and by zygotes, before the fork.
"""

from __future__ import annotations

import os
from functools import partial

from ..kernel import forks, linux, rlimits
from ..kernel.isolation import Isolation
from ..kernel.seccomp import Filters
from ..protocol.contract import SHM_BYTES
from ..protocol.request import RunLimits
from .jail_faults import find_common_faults
from .profile import Fork, Isolate, Profile, RunPlaces
from .session import start_session
from .work_folder import separate_and_enter


class FullProfile(Profile):
    """`--profile full`."""

    is_jail = True
    can_mount = True

    def prepare_supervisor(self) -> None:
        """Nothing: nsjail leaves the supervisor what it needs and no more."""

    def find_faults(self, has_zygotes: bool) -> list[str]:
        # Zygotes need capabilities to isolate runs. Without them nsjail has isolated the only run.
        faults = find_common_faults(linux.ZYGOTE_CAPABILITIES if has_zygotes else 0)
        if 0 in (os.getuid(), os.geteuid()):
            faults.append("the user inside is root")
        if not os.statvfs("/").f_flag & os.ST_RDONLY:
            faults.append("the root is writable")
        return faults

    def hide_folder(self, path: str) -> None:
        linux.detach_mount(path)

    def prepare_zygote(self) -> None:
        linux.empty_bounding_set()

    def fork(self) -> Fork:
        return forks.sibling_fork(forks.find_tid_field(), own_namespaces=True)

    def isolation(self, limits: RunLimits, places: RunPlaces) -> Isolate:
        return partial(separate_and_enter, Isolation(limits, places.ids).isolate)

    def fork_only(self) -> Fork:
        return os.fork

    def isolation_of_only(self) -> Isolate:
        return partial(separate_and_enter, start_session)

    def filters(self, has_zygotes: bool) -> Filters:
        return Filters.in_two_parts() if has_zygotes else Filters.whole()

    def apply_limits(self, limits: RunLimits) -> None:
        rlimits.apply_inherited(limits, tmpfs_bytes=limits.file_bytes + SHM_BYTES)
        rlimits.limit_waiting_signals()
        linux.forbid_huge_pages()

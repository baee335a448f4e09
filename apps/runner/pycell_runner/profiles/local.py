"""Local mode: no jail. Runs are told apart by folders, and what they leave behind is killed by the supervisor.

Called by the supervisor and by zygotes, before the fork.
"""

from __future__ import annotations

import os

from ..kernel import forks, linux, rlimits
from ..kernel.seccomp import Filters
from ..protocol.request import RunLimits
from .profile import Fork, Isolate, Profile, RunPlaces
from .session import start_session
from .work_folder import enter, enter_new


class LocalProfile(Profile):
    """What holds without `--isolated`."""

    is_jail = False
    can_mount = False

    def prepare_supervisor(self) -> None:
        # What a run leaves behind becomes a child of the supervisor, which ends it.
        linux.become_subreaper()

    def find_faults(self, has_zygotes: bool) -> list[str]:
        return []

    def hide_folder(self, path: str) -> None:
        """Nothing: scripts see the host's files here."""

    def prepare_zygote(self) -> None:
        """Nothing: a zygote is as privileged as the service."""

    def fork(self) -> Fork:
        return forks.sibling_fork(forks.find_tid_field(), own_namespaces=False)

    def isolation(self, limits: RunLimits, places: RunPlaces) -> Isolate:
        folder = places.folder
        assert folder is not None, "local mode needs the folder of --sockets"

        def isolate(number: int) -> str:
            start_session(number)
            # What the script leaves behind stays below this run while it lives: the end of another must not end it.
            linux.become_subreaper()
            own_folder = os.path.join(folder, f"run-{number}")
            os.environ["TMPDIR"] = os.environ["HOME"] = own_folder
            return enter_new(own_folder)

        return isolate

    def fork_only(self) -> Fork:
        return os.fork

    def isolation_of_only(self) -> Isolate:
        # The service has started the runner in the run's own folder, which it removes with all that is in there.
        folder = os.getcwd()

        def isolate(number: int) -> str:
            start_session(number)
            os.environ["TMPDIR"] = os.environ["HOME"] = folder
            return enter(folder)

        return isolate

    def filters(self, has_zygotes: bool) -> Filters:
        return Filters(of_zygote=None, of_run=None)

    def apply_limits(self, limits: RunLimits) -> None:
        rlimits.apply_inherited(limits, tmpfs_bytes=0)

"""The program `--warm`: a supervisor for any number of runs, and its zygotes. Called by the command line.

No run has any of its memory: it forks by exec only, and zygotes fork the runs.
"""

from __future__ import annotations

import os
from argparse import Namespace

from ..kernel import linux
from ..profiles.choice import profile_of
from ..protocol.request import RunLimits
from .control_connection import ControlConnection
from .start import is_isolated, send_hello
from .supervisor import Supervisor
from .zygote_keeper import ZygoteKeeper


def serve(arguments: Namespace, limits: RunLimits, own_folder: str) -> int:
    """Serve runs until the service goes. Returns the exit status: 0, or 1 where the isolation check failed.

    `own_folder` is where the runner lies, for zygotes to be started from.
    """
    profile = profile_of(arguments.isolated, arguments.profile)
    if not is_isolated(profile, has_zygotes=True):
        return 1
    linux.forbid_tracing()
    supervisor = Supervisor(ControlConnection(arguments.control), limits, has_leftovers=not profile.is_jail)
    zygote_arguments = _zygote_arguments(arguments, own_folder)
    if arguments.sockets_folder is not None:
        # It lies outside of this root, and is reached by its descriptor only, for as long as that is open.
        os.fchdir(arguments.sockets_folder)
        keeper = ZygoteKeeper(supervisor, ".", zygote_arguments)
        os.chdir("/")
        os.close(arguments.sockets_folder)
    else:
        keeper = ZygoteKeeper(supervisor, arguments.sockets, zygote_arguments)
        # In a jail the folder is the host's, and writable: from here on no process in it sees it.
        profile.hide_folder(arguments.sockets)
    keeper.start()
    # On HELLO the service connects: the sockets are there by now, and their folder is hidden.
    send_hello(supervisor)
    supervisor.serve(lambda: False)
    supervisor.kill_all()
    return 0


def _zygote_arguments(arguments: Namespace, own_folder: str) -> list[str]:
    """Return what all zygotes are started with."""
    forwarded = ["-I", "-S", "-B", "-X", "utf8", own_folder, "--limits", arguments.limits]
    for name in ("ids", "packages", "profile", "sockets"):
        if getattr(arguments, name):
            forwarded += [f"--{name}", getattr(arguments, name)]
    return forwarded + (["--isolated"] if arguments.isolated else [])

"""The first steps of both kinds of supervisor. Called by their programs, before any fork."""

from __future__ import annotations

import sys
from json import dumps

from ..profiles.profile import Profile
from ..protocol.contract import PROTOCOL_VERSION
from ..protocol.frames import FrameType
from .supervisor import Supervisor


def is_isolated(profile: Profile, has_zygotes: bool) -> bool:
    """Give up privileges, then check the isolation that the profile promises; what is missing goes to stderr.

    A configuration that promises isolation and does not give it must not run a script: a broken or replaced nsjail, a
    wrapper script, a kernel that ignores a flag.
    """
    profile.prepare_supervisor()
    faults = profile.find_faults(has_zygotes)
    if faults:
        print(f"isolation check failed: {'; '.join(faults)}", file=sys.stderr)
    return not faults


def send_hello(supervisor: Supervisor) -> None:
    """Tell the service that this runner serves, and by which version of the protocol."""
    hello = {"protocol": PROTOCOL_VERSION, "python": sys.version.split()[0]}
    supervisor.send(FrameType.HELLO, 0, dumps(hello).encode())

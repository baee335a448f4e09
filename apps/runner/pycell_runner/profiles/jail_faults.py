"""Proves that a jail is really there, from inside. Called by the supervisor, before it accepts a run.

Each check names what it found. What a run is promised beyond this, the service proves by a script of its own
(libs/sandbox, self-test).
"""

from __future__ import annotations

import errno
import os

from ..kernel import linux


def find_common_faults(capabilities: int) -> list[str]:
    """Return what is missing of what every jail promises. Its supervisor may have these capabilities, one bit each."""
    faults = []
    if os.getpid() != 1:
        faults.append(f"not pid 1 of a pid namespace of its own, but {os.getpid()}")
    present = linux.effective_capabilities()
    if present & ~capabilities:
        faults.append(f"capabilities are left: {present:#x}")
    if not linux.has_no_new_privileges():
        faults.append("no_new_privs is not set")
    if os.path.exists("/proc/self"):
        faults.append("/proc is mounted")
    if _can_make_anonymous_file():
        faults.append("memfd_create works: nsjail's system call policy is not in force")
    return faults


def _can_make_anonymous_file() -> bool:
    try:
        os.close(os.memfd_create("probe"))
    except OSError as error:
        return error.errno != errno.EPERM
    return True

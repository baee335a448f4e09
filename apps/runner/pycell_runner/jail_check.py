"""Proves that the jail is really there, from inside. Called by the supervisor, once, before it accepts a run.

A configuration that promises isolation and does not give it must not run a script: a broken or replaced nsjail, a
wrapper script, a kernel that ignores a flag. Each check names what it found. What a run is promised beyond this, the
service proves by a script of its own (libs/sandbox, self-test).
"""

from __future__ import annotations

import errno
import os

from . import linux
from .profiles import FullProfile


def find_jail_faults(warm: bool, profile: FullProfile) -> list[str]:
    """Return what is missing of the jail's promises, empty when all hold.

    A `warm` jail keeps the capabilities with which zygotes isolate runs.
    """
    faults = []
    if os.getpid() != 1:
        faults.append(f"not pid 1 of a pid namespace of its own, but {os.getpid()}")
    faults += profile.find_user_faults()
    capabilities = linux.effective_capabilities()
    if capabilities & ~profile.supervisor_capabilities(warm):
        faults.append(f"capabilities are left: {capabilities:#x}")
    if not linux.has_no_new_privileges():
        faults.append("no_new_privs is not set")
    if os.path.exists("/proc/self"):
        faults.append("/proc is mounted")
    if profile.can_write_to_root():
        faults.append("the root is writable")
    if _can_make_anonymous_file():
        faults.append("memfd_create works: nsjail's system call policy is not in force")
    return faults


def _can_make_anonymous_file() -> bool:
    try:
        os.close(os.memfd_create("probe"))
    except OSError as error:
        return error.errno != errno.EPERM
    return True

"""Proves that the jail is really there, from inside. Called by the supervisor, once, before it accepts a run.

A configuration that promises isolation and does not give it must not run a script: a broken or replaced nsjail, a
wrapper script, a kernel that ignores a flag. Each check names what it found.
"""

from __future__ import annotations

import errno
import os
import socket

from . import linux


def find_jail_faults() -> list[str]:
    """Return what is missing of the jail's promises, empty when all hold."""
    faults = []
    if os.getpid() != 1:
        faults.append(f"not pid 1 of a pid namespace of its own, but {os.getpid()}")
    if os.getuid() == 0 or os.geteuid() == 0:
        faults.append("the user inside is root")
    capabilities = linux.effective_capabilities()
    if capabilities != 0:
        faults.append(f"capabilities are left: {capabilities:#x}")
    if not linux.has_no_new_privileges():
        faults.append("no_new_privs is not set")
    if os.path.exists("/proc/self"):
        faults.append("/proc is mounted")
    if not os.statvfs("/").f_flag & os.ST_RDONLY:
        faults.append("the root is writable")
    if _can_make_socket():
        faults.append("a socket can be made: nsjail's system call policy is not in force")
    return faults


def _can_make_socket() -> bool:
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).close()
    except OSError as error:
        return error.errno != errno.EPERM
    return True

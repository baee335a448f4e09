"""The sockets by which the service reaches a zygote, and the zygote its supervisor. Called by the keeper of zygotes."""

from __future__ import annotations

import array
import os
import socket
from contextlib import suppress
from typing import Final

_MESSAGE_BYTES: Final = 64 * 1024
_BACKLOG: Final = 1024


def listen(path: str) -> socket.socket:
    """Return a socket that the service can connect to at this path, for zygotes to accept."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    # Who may connect is decided by the rights of the folder.
    os.chmod(path, 0o777)
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def receive(connection: socket.socket) -> tuple[bytes, array.array[int]]:
    """Return a message of a zygote and the descriptors that came with it, which the next zygote does not inherit.

    socket.recv_fds() of Python 3.11 ignores its flags, and so close-on-exec.
    """
    descriptors = array.array("i")
    space = socket.CMSG_SPACE(2 * descriptors.itemsize)
    message, ancillary, _, _ = connection.recvmsg(_MESSAGE_BYTES, space, socket.MSG_CMSG_CLOEXEC)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return message, descriptors


def refuse_all(listener: socket.socket) -> None:
    """Close the connections that wait to be accepted."""
    with suppress(OSError):  # BlockingIOError: there is none left
        while True:
            listener.accept()[0].close()

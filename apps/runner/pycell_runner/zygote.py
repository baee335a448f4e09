"""A zygote: an interpreter that has loaded what scripts need, and forks a run whenever the API connects.

It never reads what the API sends: every later fork has its memory. A connection is accepted, handed to a fork
unread, and closed. The fork is a child of the supervisor, which gets the read ends of its output pipes.
"""

from __future__ import annotations

import array
import gc
import os
import select
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass
from enum import Enum
from typing import Callable, Final

from . import fork_hooks
from .run import RunDescriptors, RunPlan, run_script

#: Number of the run, its pid: goes to the supervisor with the read ends of stdout and stderr.
ANNOUNCEMENT: Final = struct.Struct("!Ii")
#: How long to wait where the host is short of processes or descriptors.
_SHORTAGE_SECONDS: Final = 0.05
#: Starts the message that this zygote is ready; the names of the packages that it has loaded follow as JSON.
READY_MARK: Final = b"ready "


class ZygoteKind(str, Enum):
    """What a zygote has loaded."""

    BARE = "bare"
    """The interpreter and much of its standard library."""
    PACKAGES = "packages"
    """Every package of the sandbox root too: numpy, pandas, and what else the operator has put there."""

    __str__ = str.__str__


@dataclass(frozen=True, slots=True)
class ZygoteSockets:
    """The two sockets with which a zygote is started."""

    listener: socket.socket
    """Where the API connects."""
    supervisor: socket.socket
    """Packets to the supervisor; its end means that the zygote is to go."""


class Zygote:
    """Forks runs, numbered upwards from `first_number`, until the supervisor closes its end."""

    def __init__(
        self, sockets: ZygoteSockets, plan: RunPlan, first_number: int, fork_run: Callable[[], int]
    ) -> None:
        """`fork_run` forks a child of the supervisor: it returns 0 in the child, and its pid here."""
        self._sockets = sockets
        self._plan = plan
        self._number = first_number
        self._fork_run = fork_run
        self._has_threads = False

    def serve(self) -> None:
        """Fork until the supervisor wants no more."""
        self._has_threads = threading.active_count() > 1  # started by a package while it was imported
        gc.collect()
        gc.freeze()  # a collection in a run would write to every object of the zygote, and so copy its memory
        poll = select.poll()
        listener, supervisor = self._sockets.listener.fileno(), self._sockets.supervisor.fileno()
        poll.register(listener, select.POLLIN)
        poll.register(supervisor, select.POLLIN)
        while True:
            ready = dict(poll.poll())
            if supervisor in ready:
                return
            if listener in ready:
                self._serve_one()

    def _serve_one(self) -> None:
        """Fork for one connection. What that needs may be short: it costs this connection, not the zygote."""
        opened: list[int] = []
        try:
            connection, _ = self._sockets.listener._accept()  # type: ignore[attr-defined]
            opened.append(connection)
            for _ in range(3):
                opened += os.pipe()
            self._fork(*opened)
        except BlockingIOError:  # the zygote that this one replaces was faster; or there may be no more processes
            pass
        except ConnectionError:  # the supervisor has gone: the poll tells
            pass
        except OSError as error:
            print(f"cannot fork a run: {error}", file=sys.stderr, flush=True)
            time.sleep(_SHORTAGE_SECONDS)
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _fork(
        self,
        connection: int,
        stdout: int,
        stdout_write: int,
        stderr: int,
        stderr_write: int,
        announced: int,
        announced_write: int,
    ) -> None:
        number = self._number
        self._number += 1
        pid = self._fork_run()
        if pid == 0:
            try:
                if self._has_threads:
                    fork_hooks.run_left_out()
                os.close(announced_write)
                if not os.read(announced, 1):
                    os._exit(0)  # the zygote died first: nobody would watch this run
                run_script(number, RunDescriptors(connection, stdout_write, stderr_write), self._plan)
            finally:  # never reached; should it be, the run must not go on as a second zygote
                os._exit(1)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", (stdout, stderr)))
        self._sockets.supervisor.sendmsg([ANNOUNCEMENT.pack(number, pid)], [rights])
        os.write(announced_write, b"1")

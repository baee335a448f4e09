"""A zygote: an interpreter that has loaded what scripts need, and forks a run whenever the service connects.

Called by the zygote's program, once everything is loaded; a run leaves it at the fork, in `_fork`.

It never reads what the service sends: every later fork has its memory. A connection is accepted, handed to a fork
unread, and closed. The fork is a child of the supervisor, which gets the read ends of its output pipes.
"""

from __future__ import annotations

import array
import os
import select
import socket
import sys
import threading
import time
from dataclasses import dataclass
from typing import Callable, Final

from ..protocol.zygote_messages import FORKED
from ..run.process import RunDescriptors, RunPlan, run_script
from . import fork_hooks

#: How long to wait where the host is short of processes or descriptors, and how often that is told.
_SHORTAGE_SECONDS: Final = 0.05
_TELL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class ZygoteSockets:
    """The two sockets with which a zygote is started."""

    listener: socket.socket
    """Where the service connects."""
    supervisor: socket.socket
    """Packets to the supervisor; its end means that the zygote is to exit."""


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
        self._told_at = -_TELL_SECONDS

    def serve(self) -> None:
        """Fork until the supervisor wants no more."""
        self._has_threads = threading.active_count() > 1  # started by a package while it was imported
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
        """Fork for one connection. A shortage costs this connection, not the zygote."""
        opened: list[int] = []
        try:
            connection, _ = self._sockets.listener._accept()  # type: ignore[attr-defined]
            opened.append(connection)
            for _ in range(3):
                opened += os.pipe()
            self._fork(*opened)
        except ConnectionError:  # the supervisor has ended: the poll reports it
            pass
        except OSError as error:
            if opened or not isinstance(error, BlockingIOError):  # else another zygote of this kind was faster
                self._tell_of_shortage(error)
                time.sleep(_SHORTAGE_SECONDS)
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _tell_of_shortage(self, error: OSError) -> None:
        """Say why no run is forked, for the service's log: now and then, since each connection fails for the same reason."""
        if time.monotonic() - self._told_at >= _TELL_SECONDS:
            self._told_at = time.monotonic()
            print(f"cannot fork a run: {error}", file=sys.stderr, flush=True)

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
                    fork_hooks.run_skipped_hooks()
                given = RunDescriptors(connection, stdout_write, stderr_write, announced)
                run_script(number, given, self._plan)
            finally:  # never reached; should it be, the run must not go on as a second zygote
                os._exit(1)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", (stdout, stderr)))
        self._sockets.supervisor.sendmsg([FORKED.pack(number, pid)], [rights])
        os.write(announced_write, b"1")

"""A supervisor in the test's own process, and the service's end of its connection."""

from __future__ import annotations

import json
import os
import signal
import socket
import warnings
from typing import Final

from pycell_runner.protocol.frames import Frame, FrameDecoder, FrameType, encode
from pycell_runner.protocol.request import parse_limits
from pycell_runner.supervisor.control_connection import ControlConnection
from pycell_runner.supervisor.supervisor import Supervisor

from ..driver import LIMITS

START: Final = json.dumps({"timeoutMs": LIMITS["timeoutMs"]}).encode()


class SupervisorScene:
    """`in_child` has it in a fork of the tests: it takes over signals, and has children."""

    def __init__(self, output_bytes: int) -> None:
        warnings.simplefilter("ignore", ResourceWarning)  # this process ends without tidying up
        self.service, theirs = socket.socketpair()
        limits = parse_limits(json.dumps({**LIMITS, "outputBytes": output_bytes}))
        self.supervisor = Supervisor(ControlConnection(theirs.detach()), limits, has_leftovers=False)

    def send(self, *kinds: FrameType, run: int = 5) -> None:
        """Send frames as the service, and have the supervisor handle them."""
        self.service.sendall(b"".join(encode(kind, run, START if kind is FrameType.START else b"") for kind in kinds))
        rounds = iter((False, True))
        self.supervisor.serve(lambda: next(rounds))

    def settle(self, seconds: float = 0.05) -> None:
        """Have the supervisor handle what is there to read, for a while."""
        waited: list[bool] = []
        self.supervisor.after(seconds, lambda: waited.append(True))
        self.supervisor.serve(lambda: bool(waited))

    def adopt(self, pid: int, run: int = 5) -> int:
        """Have the supervisor adopt a run; returns the write end of its stdout."""
        (stdout, write), (stderr, _) = os.pipe(), os.pipe()
        self.supervisor.adopt(run, pid, stdout, stderr)
        return write

    def received(self) -> list[Frame]:
        self.service.setblocking(False)
        try:
            return [*FrameDecoder().feed(self.service.recv(1 << 20))]
        except BlockingIOError:
            return []


def forked(status: int | None) -> int:
    """A child that exits with this status, or waits for ever."""
    pid = os.fork()
    if pid == 0:
        if status is None:
            signal.set_wakeup_fd(-1)
            signal.pause()
        os._exit(status or 0)
    return pid

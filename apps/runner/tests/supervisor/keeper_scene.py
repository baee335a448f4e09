"""A keeper of zygotes whose clock and children are the test's own: hours take no time."""

from __future__ import annotations

import json
import socket
import unittest
from collections.abc import Callable
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from pycell_runner.protocol.frames import FrameType
from pycell_runner.protocol.zygote_messages import READY_MARK
from pycell_runner.supervisor import zygote_keeper


class KeeperCase(unittest.TestCase):
    """Zygotes are sockets, numbered in the order in which they were started: 0 is bare, 1 has the packages."""

    def setUp(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], object]]] = []
        self.started: list[tuple[str, socket.socket, int]] = []
        self.first_numbers: list[int] = []
        self.unsettled: list[bool] = []
        self.receivers: dict[int, Callable[[], object]] = {}
        #: What is to be called when the service connects on demand.
        self.listening: dict[int, Callable[[], object]] = {}
        self.supervisor = MagicMock()
        self.supervisor.after = lambda seconds, act: self.timers.append((self.now + seconds, act))
        self.supervisor.watch = self.watch
        self.supervisor.unwatch = lambda descriptor: self.listening.pop(descriptor, None)
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        clock = SimpleNamespace(monotonic=lambda: self.now)
        self.replace(zygote_keeper, "time", clock)
        self.replace(zygote_keeper.os, "posix_spawn", self.spawn)
        self.replace(zygote_keeper.os, "kill", self.end)
        zygote_keeper.ZygoteKeeper(self.supervisor, self.folder, []).start()

    def replace(self, thing: object, name: str, value: object) -> None:
        replacing = patch.object(thing, name, value)
        replacing.start()
        self.addCleanup(replacing.stop)

    def watch(self, descriptor: int, act: Callable[[], object]) -> None:
        # A zygote is watched as soon as it is started; everything else is where the service connects.
        if len(self.receivers) < len(self.started):
            self.receivers[len(self.receivers)] = act
        else:
            self.listening[descriptor] = act

    def spawn(self, _: str, arguments: list[str], __: object, file_actions: list[tuple[int, int, int]]) -> int:
        end = socket.socket(fileno=zygote_keeper.os.dup(file_actions[1][1]))
        self.addCleanup(end.close)
        pid = 1_000 + len(self.started)
        self.started.append((arguments[arguments.index("--zygote") + 1], end, pid))
        self.unsettled.append("--unsettled" in arguments)
        self.first_numbers.append(int(arguments[arguments.index("--first-number") + 1]))
        return pid

    def say(self, index: int, message: bytes) -> None:
        self.started[index][1].send(message)
        self.receivers[index]()

    def become_ready(self, *indexes: int) -> None:
        for index in indexes:
            self.say(index, READY_MARK + b"{}")

    def exit(self, index: int) -> None:
        """The zygote ends by itself."""
        self.end(self.started[index][2], 0)

    def end(self, pid: int, status: int) -> None:
        self.supervisor.on_child_ended(pid, status)

    def connect(self) -> None:
        """The service connects for a kind that is there on demand, if that is waited for."""
        for act in list(self.listening.values()):
            act()

    def is_retired(self, index: int) -> bool:
        """Whether the zygote has been told to end."""
        end = self.started[index][1]
        end.setblocking(False)
        try:
            return end.recv(1) == b""
        except BlockingIOError:
            return False

    def is_unsettled(self, index: int) -> bool:
        """Whether the zygote was started to serve at once."""
        return self.unsettled[index]

    def pass_seconds(self, seconds: float) -> None:
        """Run the timers that end by then, each at its time."""
        until = self.now + seconds
        while due := [timer for timer in self.timers if timer[0] <= until]:
            timer = min(due, key=lambda timer: timer[0])
            self.timers.remove(timer)
            self.now = timer[0]
            timer[1]()
        self.now = until

    def lost(self) -> list[str]:
        """The kinds of which the service was told that they have no zygote any more."""
        sent = [call.args for call in self.supervisor.send.call_args_list]
        return [json.loads(payload)["kind"] for frame_type, _, payload in sent if frame_type is FrameType.LOST]

    def kinds(self) -> list[str]:
        return [kind for kind, _, _ in self.started]

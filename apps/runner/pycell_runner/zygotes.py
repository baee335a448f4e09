"""Keeps the zygotes: starts them, takes in the runs that they fork, renews and replaces them. In the supervisor.

A zygote is started by exec, never by fork alone: the supervisor's memory holds what scripts print.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

from .frames import FrameType
from .supervisor import Supervisor
from .isolation import RUN_BITS
from .zygote import ANNOUNCEMENT, READY_MARK, ZygoteKind

#: A zygote's forks share its address layout, its hash seed, and whatever it may have leaked: renewed by count and time.
_RENEW_AFTER_RUNS: Final = 5_000
_RENEW_AFTER_SECONDS: Final = 3_600.0
#: A successor that is not ready by then hangs. The service itself notices zygotes that fork no more.
_START_SECONDS: Final = 60.0
#: Between restarts of a zygote that dies at once: doubled each time, up to the largest.
_FIRST_DELAY_SECONDS: Final = 0.05
_LARGEST_DELAY_SECONDS: Final = 5.0
_STABLE_SECONDS: Final = 10.0
#: So many zygotes have numbers of runs of their own.
_SERIALS: Final = 1 << (32 - RUN_BITS)

#: Where a started zygote finds its two sockets.
LISTENER_DESCRIPTOR: Final = 100
SUPERVISOR_DESCRIPTOR: Final = 101
_MESSAGE_BYTES: Final = 64 * 1024
_BACKLOG: Final = 1024


@dataclass(slots=True)
class _Zygote:
    kind: ZygoteKind
    pid: int
    channel: socket.socket
    started_at: float
    runs: int = 0
    is_ready: bool = False
    is_watched: bool = True
    is_retired: bool = False
    """Its successor is ready; it forks no more, but what it has forked may still be on its way."""


class ZygoteKeeper:
    """One zygote of each kind, and for a moment its successor."""

    def __init__(self, supervisor: Supervisor, folder: str, arguments: list[str]) -> None:
        """Listen in `folder`, where the API connects. `arguments` start a zygote, but for what differs between them."""
        self._supervisor = supervisor
        self._arguments = arguments
        self._listeners = {kind: _listen(os.path.join(folder, kind)) for kind in ZygoteKind}
        self._zygotes: dict[int, _Zygote] = {}
        self._generations = dict.fromkeys(ZygoteKind, 0)
        self._delays = dict.fromkeys(ZygoteKind, 0.0)
        self._renewing: set[ZygoteKind] = set()
        supervisor.on_child_ended = self._child_ended
        supervisor.take_announcements = self._hear_all

    def start(self) -> None:
        """Start the zygotes. The folder may be out of reach by now: they get the sockets, not their place."""
        for kind in ZygoteKind:
            self._start(kind)

    def _start(self, kind: ZygoteKind) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        own = ["--zygote", kind, "--first-number", str(self._first_number(kind)), "--supervisor", str(os.getpid())]
        with theirs:
            pid = os.posix_spawn(
                sys.executable,
                [sys.executable, *self._arguments, *own],
                {},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, self._listeners[kind].fileno(), LISTENER_DESCRIPTOR),
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), SUPERVISOR_DESCRIPTOR),
                ],
            )
        zygote = _Zygote(kind, pid, ours, time.monotonic())
        self._zygotes[pid] = zygote
        self._supervisor.watch(ours.fileno(), partial(self._hear, zygote))
        return zygote

    def _first_number(self, kind: ZygoteKind) -> int:
        """Return where the next zygote of a kind begins to count. The order of serials keeps ids apart (isolation.py)."""
        kinds = list(ZygoteKind)
        generation = self._generations[kind]
        self._generations[kind] = (generation + 1) % (_SERIALS // len(kinds))
        # Run 0 is nobody's.
        return max(1, (generation * len(kinds) + kinds.index(kind)) << RUN_BITS)

    def _hear_all(self) -> None:
        for zygote in list(self._zygotes.values()):
            while zygote.is_watched and self._hear(zygote):
                continue

    def _hear(self, zygote: _Zygote) -> bool:
        """Take in one message: the zygote is ready, or has forked a run. False when there is none."""
        try:
            message, descriptors = _receive(zygote.channel)
        except BlockingIOError:
            return False
        except ConnectionError:
            message, descriptors = b"", array.array("i")
        if not message:  # it died: its pid tells
            self._stop_watching(zygote)
        elif message.startswith(READY_MARK):
            self._is_ready(zygote, message[len(READY_MARK) :])
        else:
            number, pid = ANNOUNCEMENT.unpack(message)
            if len(descriptors) == 2:
                self._supervisor.adopt(number, pid, *descriptors)
            else:  # this process has no descriptor left: that run cannot be watched
                os.kill(pid, signal.SIGKILL)
                for descriptor in descriptors:
                    os.close(descriptor)
            zygote.runs += 1
            if zygote.runs >= _RENEW_AFTER_RUNS:
                self._renew(zygote)
        return bool(message)

    def _is_ready(self, zygote: _Zygote, modules: bytes) -> None:
        zygote.is_ready = True
        self._renewing.discard(zygote.kind)
        payload = json.dumps({"kind": zygote.kind, "modules": json.loads(modules)}).encode()
        self._supervisor.tell(FrameType.ZYGOTE, 0, payload)
        self._supervisor.after(_RENEW_AFTER_SECONDS, lambda: self._renew(zygote))
        for other in list(self._zygotes.values()):
            if other.kind is zygote.kind and other is not zygote and other.is_watched:
                other.is_retired = True
                other.channel.shutdown(socket.SHUT_WR)

    def _renew(self, zygote: _Zygote) -> None:
        """Start its successor; when that is ready, the channel's end tells this one to go."""
        if zygote.pid in self._zygotes and not zygote.is_retired and zygote.kind not in self._renewing:
            self._renewing.add(zygote.kind)
            successor = self._start(zygote.kind)
            self._supervisor.after(_START_SECONDS, lambda: self._end_if_not_ready(successor))

    def _end_if_not_ready(self, zygote: _Zygote) -> None:
        if zygote.pid in self._zygotes and not zygote.is_ready:
            os.kill(zygote.pid, signal.SIGKILL)

    def _stop_watching(self, zygote: _Zygote) -> None:
        if zygote.is_watched:
            zygote.is_watched = False
            self._supervisor.unwatch(zygote.channel.fileno())
            zygote.channel.close()

    def _child_ended(self, pid: int, status: int) -> None:
        zygote = self._zygotes.pop(pid, None)
        if zygote is None:
            return
        # What it has announced before its end counts still.
        while zygote.is_watched and self._hear(zygote):
            continue
        self._stop_watching(zygote)
        if any(other.kind is zygote.kind for other in self._zygotes.values()):
            # A successor that did not come up is tried again after a while; the one before it still serves.
            self._supervisor.after(_LARGEST_DELAY_SECONDS, lambda: self._renewing.discard(zygote.kind))
            return
        self._renewing.discard(zygote.kind)
        lived = time.monotonic() - zygote.started_at
        delay = 0.0 if lived > _STABLE_SECONDS else self._delays[zygote.kind]
        self._delays[zygote.kind] = min(max(2 * delay, _FIRST_DELAY_SECONDS), _LARGEST_DELAY_SECONDS)
        code = os.waitstatus_to_exitcode(status)
        print(f"the zygote {zygote.kind} ended with {code} after {lived:.1f} s", file=sys.stderr, flush=True)
        self._supervisor.after(delay, lambda: self._start(zygote.kind))


def _receive(channel: socket.socket) -> tuple[bytes, array.array[int]]:
    """Return a message and the descriptors that came with it, which the next zygote does not inherit.

    socket.recv_fds() of Python 3.11 ignores its flags, and so close-on-exec.
    """
    descriptors = array.array("i")
    space = socket.CMSG_SPACE(2 * descriptors.itemsize)
    message, ancillary, _, _ = channel.recvmsg(_MESSAGE_BYTES, space, socket.MSG_CMSG_CLOEXEC)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return message, descriptors


def _listen(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    # Who may connect is decided by the rights of the folder.
    os.chmod(path, 0o777)
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener

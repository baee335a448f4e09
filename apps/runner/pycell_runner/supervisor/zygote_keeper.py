"""Keeps the zygotes: starts, renews and replaces them, and hands the runs they fork to the supervisor, which calls it.

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

from ..protocol.frames import FrameType
from ..protocol.zygote_messages import (
    FORKED,
    LISTENER_DESCRIPTOR,
    READY_MARK,
    RUN_BITS,
    SUPERVISOR_DESCRIPTOR,
    ZygoteKind,
)
from .supervisor import Supervisor

#: A zygote's forks share its address layout, its hash seed, and whatever it may have leaked: renewed by count and time.
#: What it costs (docs/benchmarks.md) is told by these numbers: under full load one or two hundredths of a CPU, idle a thousandth.
_RENEW_AFTER_RUNS: Final = 5_000
_RENEW_AFTER_SECONDS: Final = 900.0
#: Each is renewed up to this part of the time sooner: neither the kinds nor many services come to it at once.
_RENEW_SPREAD: Final = 0.2
#: One is renewed at a time. The next looks again after this.
_RENEW_TURN_SECONDS: Final = 5.0
#: A successor that is not ready by then hangs. The service itself notices zygotes that have stopped forking.
_START_SECONDS: Final = 60.0
#: Between restarts of a zygote that dies at once: doubled each time, up to the largest.
_FIRST_DELAY_SECONDS: Final = 0.05
_LARGEST_DELAY_SECONDS: Final = 5.0
_STABLE_SECONDS: Final = 10.0
#: How many zygotes can number their runs without sharing a number.
_SERIALS: Final = 1 << (32 - RUN_BITS)

_MESSAGE_BYTES: Final = 64 * 1024
_BACKLOG: Final = 1024


@dataclass(slots=True)
class _Zygote:
    kind: ZygoteKind
    pid: int
    connection: socket.socket
    started_at: float
    runs: int = 0
    is_ready: bool = False
    is_watched: bool = True
    is_retired: bool = False
    """Its successor is ready; it forks no more, but announcements of what it has forked may still be on their way."""


class ZygoteKeeper:
    """One zygote of each kind, and for a moment its successor."""

    def __init__(self, supervisor: Supervisor, folder: str, arguments: list[str]) -> None:
        """Listen in `folder`, where the service connects. `arguments` are those that all zygotes are started with."""
        self._supervisor = supervisor
        self._arguments = arguments
        self._listeners = {kind: _listen(os.path.join(folder, kind)) for kind in ZygoteKind}
        self._zygotes: dict[int, _Zygote] = {}
        self._generations = dict.fromkeys(ZygoteKind, 0)
        self._delays = dict.fromkeys(ZygoteKind, 0.0)
        self._renewing: set[ZygoteKind] = set()
        supervisor.on_child_ended = self._child_ended
        supervisor.receive_announcements = self._receive_all

    def start(self) -> None:
        """Start the zygotes. The folder may be out of reach by now: they get the sockets, not the folder."""
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
        self._supervisor.watch(ours.fileno(), partial(self._receive_message, zygote))
        return zygote

    def _first_number(self, kind: ZygoteKind) -> int:
        """Return where the next zygote of a kind begins to count. The order of serials keeps the ids of runs apart."""
        kinds = list(ZygoteKind)
        generation = self._generations[kind]
        self._generations[kind] = (generation + 1) % (_SERIALS // len(kinds))
        # In frames 0 stands for no run.
        return max(1, (generation * len(kinds) + kinds.index(kind)) << RUN_BITS)

    def _receive_all(self) -> None:
        for zygote in list(self._zygotes.values()):
            while zygote.is_watched and self._receive_message(zygote):
                continue

    def _receive_message(self, zygote: _Zygote) -> bool:
        """Receive one message: the zygote is ready, or has forked a run. False when there is none."""
        try:
            message, descriptors = _receive(zygote.connection)
        except BlockingIOError:
            return False
        except ConnectionError:
            message, descriptors = b"", array.array("i")
        if not message:  # it died: its wait status says how
            self._stop_watching(zygote)
        elif message.startswith(READY_MARK):
            self._on_ready(zygote, message[len(READY_MARK) :])
        else:
            number, pid = FORKED.unpack(message)
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

    def _on_ready(self, zygote: _Zygote, described: bytes) -> None:
        zygote.is_ready = True
        self._renewing.discard(zygote.kind)
        payload = json.dumps({"kind": zygote.kind, **json.loads(described)}).encode()
        self._supervisor.send(FrameType.ZYGOTE, 0, payload)
        lives = _RENEW_AFTER_SECONDS * (1 - _RENEW_SPREAD * os.urandom(1)[0] / 256)
        self._supervisor.after(lives, lambda: self._renew_in_turn(zygote))
        for other in list(self._zygotes.values()):
            if other.kind is zygote.kind and other is not zygote and other.is_watched:
                other.is_retired = True
                other.connection.shutdown(socket.SHUT_WR)

    def _renew_in_turn(self, zygote: _Zygote) -> None:
        """Renew it as soon as no other is being renewed: of two at once the runs would feel more."""
        if zygote.kind in self._renewing:
            return  # its successor is on the way already; if that fails, this is called again
        if self._renewing:
            self._supervisor.after(_RENEW_TURN_SECONDS, lambda: self._renew_in_turn(zygote))
        else:
            self._renew(zygote)

    def _renew(self, zygote: _Zygote) -> None:
        """Start its successor; when that is ready, the end of this one's connection tells it to exit."""
        if zygote.pid in self._zygotes and not zygote.is_retired and not self._renewing:
            self._renewing.add(zygote.kind)
            successor = self._start(zygote.kind)
            self._supervisor.after(_START_SECONDS, lambda: self._end_if_not_ready(successor))

    def _end_if_not_ready(self, zygote: _Zygote) -> None:
        if zygote.pid in self._zygotes and not zygote.is_ready:
            os.kill(zygote.pid, signal.SIGKILL)

    def _renew_again(self, kind: ZygoteKind) -> None:
        """Try a renewal that has failed once more. The timer of the one that still serves has run out: nothing else would."""
        self._renewing.discard(kind)
        for zygote in list(self._zygotes.values()):
            if zygote.kind is kind and not zygote.is_retired:
                self._renew_in_turn(zygote)

    def _stop_watching(self, zygote: _Zygote) -> None:
        if zygote.is_watched:
            zygote.is_watched = False
            self._supervisor.unwatch(zygote.connection.fileno())
            zygote.connection.close()

    def _child_ended(self, pid: int, status: int) -> None:
        zygote = self._zygotes.pop(pid, None)
        if zygote is None:
            return
        # What it announced before its end still counts.
        while zygote.is_watched and self._receive_message(zygote):
            continue
        self._stop_watching(zygote)
        if any(other.kind is zygote.kind for other in self._zygotes.values()):
            if not zygote.is_ready:
                # A successor that did not come up is tried again after a while; the one before it still serves.
                self._supervisor.after(_LARGEST_DELAY_SECONDS, lambda: self._renew_again(zygote.kind))
            return
        self._renewing.discard(zygote.kind)
        lived = time.monotonic() - zygote.started_at
        delay = 0.0 if lived > _STABLE_SECONDS else self._delays[zygote.kind]
        self._delays[zygote.kind] = min(max(2 * delay, _FIRST_DELAY_SECONDS), _LARGEST_DELAY_SECONDS)
        code = os.waitstatus_to_exitcode(status)
        print(f"the zygote {zygote.kind} ended with {code} after {lived:.1f} s", file=sys.stderr, flush=True)
        self._supervisor.after(delay, lambda: self._start(zygote.kind))


def _receive(connection: socket.socket) -> tuple[bytes, array.array[int]]:
    """Return a message and the descriptors that came with it, which the next zygote does not inherit.

    socket.recv_fds() of Python 3.11 ignores its flags, and so close-on-exec.
    """
    descriptors = array.array("i")
    space = socket.CMSG_SPACE(2 * descriptors.itemsize)
    message, ancillary, _, _ = connection.recvmsg(_MESSAGE_BYTES, space, socket.MSG_CMSG_CLOEXEC)
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

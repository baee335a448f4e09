"""Keeps the zygotes: starts, renews and replaces them, and hands the runs they fork to the supervisor, which calls it.

One kind is large: its zygote is started when the service connects for it, and ends when it has been idle for long. The
first one serves as soon as it has loaded what it needs; a successor that has settled its memory follows at once.

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
    SUPERVISOR_DESCRIPTOR,
    ZygoteKind,
)
from .run_numbers import RunNumbers
from .supervisor import Supervisor
from .zygote_sockets import listen, receive, refuse_all

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
#: The kind that there is on demand only, and how long it may be idle.
_ON_DEMAND: Final = frozenset({ZygoteKind.FIGURES})
_IDLE_SECONDS: Final = 600.0


@dataclass(slots=True)
class _Zygote:
    kind: ZygoteKind
    pid: int
    connection: socket.socket
    started_at: float
    runs: int = 0
    is_unsettled: bool = False
    """It serves at once, and is to be renewed by one that has settled its memory."""
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
        self._listeners = {kind: listen(os.path.join(folder, kind)) for kind in ZygoteKind}
        self._zygotes: dict[int, _Zygote] = {}
        self._numbers = RunNumbers()
        self._delays = dict.fromkeys(ZygoteKind, 0.0)
        self._forked_at = dict.fromkeys(ZygoteKind, 0.0)
        self._renewing: set[ZygoteKind] = set()
        supervisor.on_child_ended = self._child_ended
        supervisor.receive_announcements = self._receive_all

    def start(self) -> None:
        """Start the zygotes. The folder may be out of reach by now: they get the sockets, not the folder."""
        for kind in ZygoteKind:
            if kind in _ON_DEMAND:
                self._start_on_demand(kind)
            else:
                self._start(kind)

    def _start_on_demand(self, kind: ZygoteKind) -> None:
        """Start one as soon as the service connects, whose connection waits for it meanwhile."""
        listener = self._listeners[kind].fileno()

        def start() -> None:
            self._supervisor.unwatch(listener)
            self._forked_at[kind] = time.monotonic()
            self._start_in_time(kind, is_unsettled=True)

        self._supervisor.watch(listener, start)

    def _start(self, kind: ZygoteKind, is_unsettled: bool = False) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        own = ["--zygote", kind, "--first-number", str(self._numbers.first_of_next(kind)), "--supervisor", str(os.getpid())]
        if is_unsettled:
            own.append("--unsettled")
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
        zygote = _Zygote(kind, pid, ours, time.monotonic(), is_unsettled=is_unsettled)
        self._zygotes[pid] = zygote
        self._supervisor.watch(ours.fileno(), partial(self._receive_message, zygote))
        return zygote

    def _receive_all(self) -> None:
        for zygote in list(self._zygotes.values()):
            while zygote.is_watched and self._receive_message(zygote):
                continue

    def _receive_message(self, zygote: _Zygote) -> bool:
        """Receive one message: the zygote is ready, or has forked a run. False when there is none."""
        try:
            message, descriptors = receive(zygote.connection)
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
            self._forked_at[zygote.kind] = time.monotonic()
            if zygote.runs >= _RENEW_AFTER_RUNS:
                self._renew(zygote)
        return bool(message)

    def _on_ready(self, zygote: _Zygote, described: bytes) -> None:
        zygote.is_ready = True
        self._renewing.discard(zygote.kind)
        payload = json.dumps({"kind": zygote.kind, **json.loads(described)}).encode()
        self._supervisor.send(FrameType.ZYGOTE, 0, payload)
        if zygote.kind in _ON_DEMAND:
            self._end_when_idle(zygote)
        lives = _RENEW_AFTER_SECONDS * (1 - _RENEW_SPREAD * os.urandom(1)[0] / 256)
        self._supervisor.after(0.0 if zygote.is_unsettled else lives, lambda: self._renew_in_turn(zygote))
        for other in list(self._zygotes.values()):
            if other.kind is zygote.kind and other is not zygote and other.is_watched:
                self._retire(other)

    def _retire(self, zygote: _Zygote) -> None:
        """Have it exit, which it does before it forks again."""
        zygote.is_retired = True
        zygote.connection.shutdown(socket.SHUT_WR)

    def _end_when_idle(self, zygote: _Zygote) -> None:
        """Retire it when it has not forked for long; look again when it may be so. Runs and spares of it go on."""
        if zygote.pid not in self._zygotes or zygote.is_retired:
            return
        left = self._forked_at[zygote.kind] + _IDLE_SECONDS - time.monotonic()
        if zygote.kind in self._renewing:
            left = max(left, _RENEW_TURN_SECONDS)
        if left > 0:
            self._supervisor.after(left, lambda: self._end_when_idle(zygote))
        else:
            self._retire(zygote)

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
            self._start_in_time(zygote.kind)

    def _start_in_time(self, kind: ZygoteKind, is_unsettled: bool = False) -> None:
        """Start one, and end it where it hangs before it is ready."""
        zygote = self._start(kind, is_unsettled)

        def end() -> None:
            if self._zygotes.get(zygote.pid) is zygote and not zygote.is_ready:
                os.kill(zygote.pid, signal.SIGKILL)

        self._supervisor.after(_START_SECONDS, end)

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
        others = [other for other in self._zygotes.values() if other.kind is zygote.kind]
        if zygote.is_ready and not zygote.is_retired and not any(other.is_ready for other in others):
            self._supervisor.send(FrameType.LOST, 0, json.dumps({"kind": zygote.kind}).encode())
        if others:
            if not zygote.is_ready:
                # A successor that did not come up is tried again after a while; the one before it still serves.
                self._supervisor.after(_LARGEST_DELAY_SECONDS, lambda: self._renew_again(zygote.kind))
            return
        self._renewing.discard(zygote.kind)
        if zygote.is_retired and zygote.kind in _ON_DEMAND:  # it was idle
            self._start_on_demand(zygote.kind)
            return
        lived = time.monotonic() - zygote.started_at
        delay = 0.0 if lived > _STABLE_SECONDS else self._delays[zygote.kind]
        self._delays[zygote.kind] = min(max(2 * delay, _FIRST_DELAY_SECONDS), _LARGEST_DELAY_SECONDS)
        code = os.waitstatus_to_exitcode(status)
        print(f"the zygote {zygote.kind} ended with {code} after {lived:.1f} s", file=sys.stderr, flush=True)
        if zygote.kind not in _ON_DEMAND:
            self._supervisor.after(delay, lambda: self._start(zygote.kind))
        elif zygote.is_ready:
            self._supervisor.after(delay, lambda: self._start_in_time(zygote.kind, is_unsettled=True))
        else:
            # Who waits for it hears of it, and connects again or gives up.
            refuse_all(self._listeners[zygote.kind])
            self._supervisor.after(delay, lambda: self._start_on_demand(zygote.kind))

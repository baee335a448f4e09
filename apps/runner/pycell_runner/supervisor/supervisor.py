"""The supervisor: watches runs and tells the service how they went. Called by its programs, `--once` and `--warm`.

It never touches a script, and only it measures and kills: deadline, output limit, CPU time and memory of a run are
judged here, outside the process that holds the script. In the jail it is pid 1, so its end is the end of everything.

Its memory holds what scripts print, so it forks no runs: zygotes do, unless it serves one run only (`--once`). All runs
are its children, so that the death of a zygote costs none of them.
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import time
from typing import Callable, Collection, Final, Iterable

from ..protocol.frames import Frame, FrameError, FrameType, encode
from ..protocol.request import RequestError, RunLimits, parse_start
from .control_connection import ControlConnection
from .leftovers import kill_leftovers
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: Wait status of a run whose real one is lost: exited with 1.
_UNKNOWN_STATUS: Final = 1 << 8
#: A run that cannot be stopped within this time, because of a long system call, is killed and measured after its death.
_STOP_SECONDS: Final = 0.25
#: Runs that the service names before their zygote has announced them are known in a moment; others died unseen.
_MAX_EARLY: Final = 256

#: Called with pid and wait status of a child that is no run.
ChildEnded = Callable[[int, int], None]


class Supervisor:
    """Watches any number of runs for one service.

    `has_leftovers`: runs may leave processes behind, which are to be killed after them; in a jail the kernel does that.
    """

    def __init__(self, control: ControlConnection, limits: RunLimits, has_leftovers: bool) -> None:
        self._control = control
        self._limits = limits
        self._has_leftovers = has_leftovers
        self._runs: dict[int, RunState] = {}
        self._by_pid: dict[int, RunState] = {}
        #: Frames for runs that are not known yet: their zygote's announcement is still on its way.
        self._early: dict[int, list[Frame]] = {}
        #: How children ended that are not known: a run that died before its zygote's announcement came.
        self._unknown_dead: dict[int, tuple[int, resource.struct_rusage | None]] = {}
        self._timers: list[tuple[float, Callable[[], object]]] = []
        self._selector = selectors.DefaultSelector()
        self.on_child_ended: ChildEnded = lambda pid, status: None
        """What becomes of children that are no runs."""
        self.receive_announcements: Callable[[], None] = lambda: None
        """Has every run adopted that a zygote has announced."""
        self._wake_read, wake_write = os.pipe()
        for descriptor in (self._wake_read, wake_write):
            os.set_blocking(descriptor, False)
        # A child's death or stop arrives as a byte on this pipe; a handler must exist for that.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        # A run may share this process's uid: no signal that it sends may end the supervisor.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.watch(self._wake_read, self._receive_signals)
        self.watch(control.fileno(), self._receive_frames)

    @property
    def runs(self) -> int:
        """How many runs there are, spares included."""
        return len(self._runs)

    def watch(self, descriptor: int, on_readable: Callable[[], object]) -> None:
        """Call `on_readable` whenever the descriptor can be read."""
        self._selector.register(descriptor, selectors.EVENT_READ, on_readable)

    def unwatch(self, descriptor: int) -> None:
        """Take back `watch`."""
        self._selector.unregister(descriptor)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Call `act` once, in a while."""
        self._timers.append((time.monotonic() + seconds, act))

    def send(self, kind: FrameType, run: int = 0, payload: bytes = b"") -> None:
        """Send a frame to the service."""
        self._control.send(encode(kind, run, payload))

    def adopt(self, number: int, pid: int, stdout: int, stderr: int) -> None:
        """Watch a run from now on: a child of this process, and the read ends of its output."""
        for descriptor in (stdout, stderr):
            os.set_blocking(descriptor, False)
        run = RunState(number, pid, stdout, stderr, self._limits)
        self._runs[number] = self._by_pid[pid] = run
        early = self._early.pop(number, [])
        try:
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # it died and was waited for before it was known
            status, run.usage = self._unknown_dead.pop(pid, (_UNKNOWN_STATUS, None))
            self._remove(run, status)
            return
        self._unknown_dead.pop(pid, None)  # of another process, which had this pid before
        self._handle_all(early)

    def serve(self, is_done: Callable[[], bool]) -> None:
        """Watch until `is_done` says so, or the service has closed the control connection."""
        while not (is_done() or self._control.is_closed):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._control.has_unsent else 0)
            control = self._selector.get_key(self._control.fileno())
            if control.events != events:
                self._selector.modify(control.fileobj, events, control.data)
            for key, mask in self._selector.select(self._seconds_to_next_event()):
                if mask & selectors.EVENT_WRITE:
                    self._control.flush()
                # A descriptor may have been closed by what was handled before it.
                if mask & selectors.EVENT_READ and key.fd in self._selector.get_map():
                    key.data()
            self._run_timers()

    def kill_all(self) -> None:
        """Kill every run. In the jail the end of this process does so as well."""
        for run in list(self._runs.values()):
            os.kill(run.pid, signal.SIGKILL)
            os.waitpid(run.pid, 0)
        if self._has_leftovers:
            kill_leftovers(frozenset)

    def _receive_frames(self) -> None:
        self._handle_all(self._control.receive())

    def _handle_all(self, frames: Iterable[Frame]) -> None:
        try:
            for frame in frames:
                self._handle_frame(frame)
        except (FrameError, RequestError):  # a service that does not keep to the protocol cannot be served
            self._control.is_closed = True

    def _handle_frame(self, frame: Frame) -> None:
        run = self._runs.get(frame.run)
        if run is not None:
            self._handle_command(run, frame)
        else:
            self._early.setdefault(frame.run, []).append(frame)
            if len(self._early) > _MAX_EARLY:
                del self._early[next(iter(self._early))]

    def _handle_command(self, run: RunState, command: Frame) -> None:
        if command.type is FrameType.START:
            if run.started_at is not None:
                return
            run.start(parse_start(command.payload, self._limits))
            self._read_output(run)
        elif command.type is FrameType.PAUSE:
            run.is_paused = True
            for descriptor in (run.stdout, run.stderr):
                self._stop_reading(descriptor)
        elif command.type is FrameType.RESUME:
            run.is_paused = False
            self._read_output(run)
        elif command.type is FrameType.FINISH and run.end("OK"):
            # Stopped, it can be measured while it lives, and writes no more; its memory is freed after the answer.
            os.kill(run.pid, signal.SIGSTOP)
            run.deadline = time.monotonic() + _STOP_SECONDS
            self._check_stopped(run)
        elif command.type is FrameType.CANCEL and run.end("CANCELLED"):
            self._kill(run)

    def _read_output(self, run: RunState) -> None:
        """Read what the run prints, from START on, unless the service wants none for now."""
        if run.started_at is None or run.is_paused or run.is_ended_sent:
            return
        for descriptor, stream in ((run.stdout, FrameType.STDOUT), (run.stderr, FrameType.STDERR)):
            if descriptor not in self._selector.get_map():
                self.watch(descriptor, self._reader(run, descriptor, stream))

    def _stop_reading(self, descriptor: int) -> None:
        if descriptor in self._selector.get_map():
            self.unwatch(descriptor)

    def _reader(self, run: RunState, descriptor: int, stream: FrameType) -> Callable[[], None]:
        def read() -> None:
            if self._control.is_full:
                time.sleep(0.001)  # the service does not read: output has to wait, deadlines do not
                return
            if not self._relay(run, descriptor, stream):
                self.unwatch(descriptor)

        return read

    def _relay(self, run: RunState, descriptor: int, stream: FrameType) -> bool:
        """Pass on one piece of output; False when there will be no more. Output beyond the limit ends the run."""
        try:
            data = os.read(descriptor, _CHUNK_BYTES)
        except BlockingIOError:
            return True
        allowed = data[: run.output_left]
        run.output_bytes += len(allowed)
        if allowed:
            self.send(stream, run.number, allowed)
        if len(allowed) < len(data):
            ends_now = run.status is None
            run.end_by_output()
            if ends_now:
                self._kill(run)
            return False
        return len(data) > 0

    def _receive_signals(self) -> None:
        os.read(self._wake_read, _CHUNK_BYTES)
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:  # there is no child
                return
            if pid == 0:
                return
            run = self._by_pid.get(pid)
            if run is not None:
                run.usage = usage
                self._on_state_change(run, status)
            elif os.WIFSTOPPED(status):
                os.kill(pid, signal.SIGCONT)  # a zygote that was stopped would fork no more, and nobody would know
            else:
                self.on_child_ended(pid, status)
                self._unknown_dead[pid] = (status, usage)
                if len(self._unknown_dead) > _MAX_EARLY:
                    del self._unknown_dead[next(iter(self._unknown_dead))]

    def _check_stopped(self, run: RunState) -> None:
        """Check at once whether the run has stopped: most have, and the signal takes longer."""
        pid, status, usage = os.wait4(run.pid, os.WNOHANG | os.WUNTRACED)
        if pid != 0:
            run.usage = usage
            self._on_state_change(run, status)

    def _on_state_change(self, run: RunState, status: int) -> None:
        """The run has stopped or died."""
        if not os.WIFSTOPPED(status):
            run.end("died")
            self._remove(run, status)
        elif run.status is not None:  # FINISH came; too much output may have been found since
            self._send_ended(run, status)
            self._kill(run)
        else:
            # A stop that nobody here asked for: a stopped run is a run that would never end.
            os.kill(run.pid, signal.SIGCONT)

    def _send_ended(self, run: RunState, status: int) -> None:
        """Pass on what is left in the output pipes, then report how the run ended."""
        if run.is_ended_sent:
            return
        run.is_ended_sent = True
        for descriptor, stream in ((run.stdout, FrameType.STDOUT), (run.stderr, FrameType.STDERR)):
            self._drain(run, descriptor, stream)
        self.send(FrameType.ENDED, run.number, run.ended_payload(status))

    def _drain(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        self._stop_reading(descriptor)
        passed_on = -1
        while run.output_bytes != passed_on:  # no progress: nothing is there, or nothing more is allowed
            passed_on = run.output_bytes
            if not self._relay(run, descriptor, stream):
                return

    def _kill(self, run: RunState) -> None:
        run.deadline = None
        os.kill(run.pid, signal.SIGKILL)

    def _remove(self, run: RunState, status: int) -> None:
        """The run's process is gone: kill what it left behind, report it, forget it."""
        run.end("died")
        if self._has_leftovers:
            kill_leftovers(self._known_pids)
        self._send_ended(run, status)
        for descriptor in (run.stdout, run.stderr):
            os.close(descriptor)
        del self._runs[run.number], self._by_pid[run.pid]
        self.send(FrameType.GONE, run.number)

    def _known_pids(self) -> Collection[int]:
        self.receive_announcements()
        return self._by_pid.keys()

    def _seconds_to_next_event(self) -> float | None:
        due = [run.deadline for run in self._runs.values() if run.deadline is not None]
        due += [at for at, _ in self._timers]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _run_timers(self) -> None:
        if not self._timers and all(run.deadline is None for run in self._runs.values()):
            return
        now = time.monotonic()
        for run in list(self._runs.values()):
            if run.deadline is not None and run.deadline <= now:
                run.end("TIMEOUT")
                self._kill(run)
        for timer in [timer for timer in self._timers if timer[0] <= now]:
            self._timers.remove(timer)
            timer[1]()

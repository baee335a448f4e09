"""The supervisor: watches runs and tells the service how they went. Called by its programs, `--once` and `--warm`.

It never touches a script, and only it measures and kills: deadline, output limit, CPU time and memory of a run are
judged here, outside the process that holds the script. In the jail it is pid 1, so its end is the end of everything.

Its memory holds what scripts print, so it forks no runs: zygotes do, unless it serves one run only (`--once`). All runs
are its children, so that the death of a zygote costs none of them.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import Callable, Collection, Final, Iterable

from ..kernel.place_signal import PLACE_SIGNAL
from ..protocol.frames import Frame, FrameError, FrameType, encode
from ..protocol.request import RequestError, RunLimits, parse_start
from .control_connection import ControlConnection
from .event_loop import EventLoop
from .leftovers import kill_leftovers
from .output_relay import OutputRelay
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: Wait status of a run whose real one is lost: exited with 1.
_UNKNOWN_STATUS: Final = 1 << 8
#: A run that cannot be stopped within this time, because of a long system call, is killed and measured after its death.
_STOP_SECONDS: Final = 0.25
#: The end of a run that was killed is told after this time, should its memory take longer to be torn down.
_REPORT_SECONDS: Final = 0.25
#: What a run has to tell where it is. It needs a fraction of that, unless the machine is busy.
_PLACE_SECONDS: Final = 0.02
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
        self._loop = EventLoop()
        self._output = OutputRelay(self._loop, control, self._end_by_output)
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
        self._loop.watch(descriptor, on_readable)

    def unwatch(self, descriptor: int) -> None:
        """Take back `watch`."""
        self._loop.unwatch(descriptor)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Call `act` once, in a while."""
        self._loop.after(seconds, act)

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
            self._loop.set_writing(self._control.fileno(), self._control.has_unsent)
            self._loop.turn(self._next_deadline(), self._control.flush)
            self._keep_deadlines()

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
        if frame.type is FrameType.PING:
            self.send(FrameType.PONG)
            return
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
            self._output.begin(run)
        elif command.type is FrameType.PAUSE:
            run.is_paused = True
            self._output.pause(run)
        elif command.type is FrameType.RESUME:
            run.is_paused = False
            self._output.begin(run)
        elif command.type is FrameType.FINISH and run.end("OK"):
            # Stopped, it can be measured while it lives, and writes no more; its memory is freed after the answer.
            os.kill(run.pid, signal.SIGSTOP)
            run.deadline = time.monotonic() + _STOP_SECONDS
            self._check_stopped(run)
        elif command.type is FrameType.CANCEL and run.end("CANCELLED"):
            self._kill(run)

    def _end_by_output(self, run: RunState) -> None:
        ends_now = run.status is None
        run.end_by_output()
        if ends_now:
            self._kill(run)

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
            # Once its first thread has exited, the kernel knows the memory of a run again when all of it is dead.
            if run.is_measured:
                self._send_ended(run, status)
            self._kill(run)
        else:
            # A stop that nobody here asked for: a stopped run is a run that would never end.
            os.kill(run.pid, signal.SIGCONT)

    def _send_ended(self, run: RunState, status: int) -> None:
        """Pass on what is left in the output pipes, then report how the run ended."""
        if run.is_ended_sent:
            return
        self._output.drain(run)
        run.is_ended_sent = True
        self.send(FrameType.ENDED, run.number, run.ended_payload(status))

    def _kill(self, run: RunState) -> None:
        """Kill it. Its end is told when it is dead, or soon, whichever is first: it may die slowly."""
        run.is_killed = True
        run.deadline = None if run.is_ended_sent else time.monotonic() + _REPORT_SECONDS
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

    def _next_deadline(self) -> float | None:
        return min((run.deadline for run in self._runs.values() if run.deadline is not None), default=None)

    def _keep_deadlines(self) -> None:
        now = time.monotonic()
        for run in list(self._runs.values()):
            if run.deadline is None or run.deadline > now:
                continue
            if run.is_killed:
                run.deadline = None
                run.measure_while_dying()
                self._send_ended(run, _UNKNOWN_STATUS)
            elif run.status is None and run.started_at is not None:
                run.end("TIMEOUT")
                self._ask_for_place(run)
            else:  # it was asked; or it was to stop, and did not
                self._kill(run)

    def _ask_for_place(self, run: RunState) -> None:
        """Have a run whose time is over tell its place. It is killed soon, whether it has."""
        self._output.pass_on_rest(run)
        self._output.pause(run)
        if run.is_killed:  # it had printed too much
            return
        run.is_asked = True
        run.deadline = time.monotonic() + _PLACE_SECONDS
        os.kill(run.pid, PLACE_SIGNAL)

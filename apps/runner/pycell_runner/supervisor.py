"""The supervisor: watches runs and tells the API how they went. It never touches a script.

It is the only one to measure and to kill: deadline, output limit, processor time and memory of a run are judged
here, outside the process that holds the script. In the jail it is pid 1, so its end is the end of everything.

It forks no run of its own memory, which holds what scripts print: zygotes do that (zygotes.py), or it serves one run
only (`--once`). All runs are its children, so that the death of a zygote costs none of them.
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import time
from typing import Callable, Collection, Final

from .control import Control
from .descendants import kill_strays
from .frames import Frame, FrameError, FrameType, encode
from .request import RunLimits
from .run_state import RunState

_CHUNK_BYTES: Final = 64 * 1024
#: Wait status of a run whose real one is lost: it exited with 1.
_UNKNOWN_STATUS: Final = 1 << 8
#: A run that cannot be stopped so long, in the middle of a long system call, is killed and measured after its death.
_STOP_SECONDS: Final = 0.25
#: Runs that the API speaks of before their zygote does are known in a moment; what stays longer died unseen.
_MAX_EARLY: Final = 256

#: Called with pid and wait status of a child that is no run.
ChildEnded = Callable[[int, int], None]


class Supervisor:
    """Watches any number of runs for one API.

    `isolated`: the runs are in a jail. Without one they may start processes, which end with them.
    """

    def __init__(self, control: Control, limits: RunLimits, isolated: bool) -> None:
        self._control = control
        self._limits = limits
        self._isolated = isolated
        self._runs: dict[int, RunState] = {}
        self._by_pid: dict[int, RunState] = {}
        #: What the API said of runs that are not known yet: the zygote's word of them is still on its way.
        self._early: dict[int, list[FrameType]] = {}
        #: How children ended that are not known: a run that died before its zygote's word of it came.
        self._unknown_dead: dict[int, tuple[int, resource.struct_rusage | None]] = {}
        self._timers: list[tuple[float, Callable[[], object]]] = []
        self._selector = selectors.DefaultSelector()
        self.on_child_ended: ChildEnded = lambda pid, status: None
        """What becomes of children that are no runs."""
        self.take_announcements: Callable[[], None] = lambda: None
        """Adopts every run that a zygote has announced."""
        self._wake_read, wake_write = os.pipe()
        for descriptor in (self._wake_read, wake_write):
            os.set_blocking(descriptor, False)
        # A child's death or stop arrives as a byte on this pipe; a handler must exist for that.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        # A run may share this process's uid: no signal of its may end the supervisor.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.watch(self._wake_read, self._take_signals)
        self.watch(control.fileno(), self._take_control)

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

    def tell(self, kind: FrameType, run: int = 0, payload: bytes = b"") -> None:
        """Send a frame to the API."""
        self._control.send(encode(kind, run, payload))

    def adopt(self, number: int, pid: int, stdout: int, stderr: int) -> None:
        """Watch a run from now on: a child of this process, and the read ends of its output."""
        for descriptor in (stdout, stderr):
            os.set_blocking(descriptor, False)
        run = RunState(number, pid, stdout, stderr, self._limits, self._limits.output_bytes)
        self._runs[number] = self._by_pid[pid] = run
        early = self._early.pop(number, [])
        try:
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # it died and was waited for before it was known
            status, run.usage = self._unknown_dead.pop(pid, (_UNKNOWN_STATUS, None))
            self._bury(run, status)
            return
        self._unknown_dead.pop(pid, None)  # of another process, which had this pid before
        for kind in early:
            self._obey(run, kind)

    def serve(self, is_done: Callable[[], bool]) -> None:
        """Watch until `is_done` says so, or the API is gone."""
        while not (is_done() or self._control.gone):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._control.has_unsent else 0)
            control = self._selector.get_key(self._control.fileno())
            if control.events != events:
                self._selector.modify(control.fileobj, events, control.data)
            for key, mask in self._selector.select(self._seconds_to_next()):
                if mask & selectors.EVENT_WRITE:
                    self._control.flush()
                # A descriptor may have been closed by what was handled before it.
                if mask & selectors.EVENT_READ and key.fd in self._selector.get_map():
                    key.data()
            self._keep_time()

    def kill_all(self) -> None:
        """End every run, when the API is gone. In the jail the end of this process does."""
        for run in list(self._runs.values()):
            os.kill(run.pid, signal.SIGKILL)
            os.waitpid(run.pid, 0)
        if not self._isolated:
            kill_strays(frozenset)

    def _take_control(self) -> None:
        try:
            for frame in self._control.receive():
                self._take(frame)
        except FrameError:  # an API that is out of step cannot be served any more
            self._control.gone = True

    def _take(self, frame: Frame) -> None:
        run = self._runs.get(frame.run)
        if run is not None:
            self._obey(run, frame.type)
        else:
            self._early.setdefault(frame.run, []).append(frame.type)
            if len(self._early) > _MAX_EARLY:
                del self._early[next(iter(self._early))]

    def _obey(self, run: RunState, kind: FrameType) -> None:
        if kind is FrameType.START:
            if run.started_at is not None:
                return
            run.start()
            for descriptor, stream in ((run.stdout, FrameType.STDOUT), (run.stderr, FrameType.STDERR)):
                self.watch(descriptor, self._reader(run, descriptor, stream))
        elif kind is FrameType.FINISH and run.end("finished"):
            # Stopped, it can be measured while it lives, and writes no more; its memory is torn down after the answer.
            os.kill(run.pid, signal.SIGSTOP)
            run.deadline = time.monotonic() + _STOP_SECONDS
            self._wait_for(run)
        elif kind is FrameType.CANCEL and run.end("cancelled"):
            self._kill(run)

    def _reader(self, run: RunState, descriptor: int, stream: FrameType) -> Callable[[], None]:
        def read() -> None:
            if self._control.is_full:
                time.sleep(0.001)  # the API does not read: this output has to wait, deadlines have not
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
        run.output_left -= len(allowed)
        if allowed:
            self.tell(stream, run.number, allowed)
        if len(allowed) < len(data):
            ends_now = run.cause is None
            run.end_by_output()
            if ends_now:
                self._kill(run)
            return False
        return len(data) > 0

    def _take_signals(self) -> None:
        os.read(self._wake_read, _CHUNK_BYTES)
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:  # there is no child
                return
            if pid == 0:
                return
            run = self._by_pid.get(pid)
            if run is None:
                if not os.WIFSTOPPED(status):
                    self.on_child_ended(pid, status)
                    self._unknown_dead[pid] = (status, usage)
                    if len(self._unknown_dead) > _MAX_EARLY:
                        del self._unknown_dead[next(iter(self._unknown_dead))]
                continue
            run.usage = usage
            self._changed(run, status)

    def _wait_for(self, run: RunState) -> None:
        """Look at once whether the run has stopped, which saves a signal's way."""
        pid, status, usage = os.wait4(run.pid, os.WNOHANG | os.WUNTRACED)
        if pid != 0:
            run.usage = usage
            self._changed(run, status)

    def _changed(self, run: RunState, status: int) -> None:
        """The run has stopped or died."""
        if not os.WIFSTOPPED(status):
            run.end("died")
            self._bury(run, status)
        elif run.cause is not None:  # FINISH came; too much output may have come to light since
            self._tell_end(run, status)
            self._kill(run)
        else:
            # A stop that nobody here asked for: a stopped run is a run that would never end.
            os.kill(run.pid, signal.SIGCONT)

    def _tell_end(self, run: RunState, status: int) -> None:
        """Pass on what is left in the output pipes, then say how the run ended."""
        if run.told:
            return
        run.told = True
        for descriptor, stream in ((run.stdout, FrameType.STDOUT), (run.stderr, FrameType.STDERR)):
            self._drain(run, descriptor, stream)
        self.tell(FrameType.ENDED, run.number, run.ended(status))

    def _drain(self, run: RunState, descriptor: int, stream: FrameType) -> None:
        if descriptor in self._selector.get_map():
            self.unwatch(descriptor)
        left = -1
        while run.output_left != left:  # no progress: nothing is there, or nothing more is allowed
            left = run.output_left
            if not self._relay(run, descriptor, stream):
                return

    def _kill(self, run: RunState) -> None:
        run.deadline = None
        os.kill(run.pid, signal.SIGKILL)

    def _bury(self, run: RunState, status: int) -> None:
        """The run's process is gone: end what it left behind, say so, forget it."""
        run.end("died")
        if not self._isolated:
            kill_strays(self._known)
        self._tell_end(run, status)
        for descriptor in (run.stdout, run.stderr):
            os.close(descriptor)
        del self._runs[run.number], self._by_pid[run.pid]
        self.tell(FrameType.GONE, run.number)

    def _known(self) -> Collection[int]:
        self.take_announcements()
        return self._by_pid.keys()

    def _seconds_to_next(self) -> float | None:
        due = [run.deadline for run in self._runs.values() if run.deadline is not None]
        due += [at for at, _ in self._timers]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _keep_time(self) -> None:
        if not self._timers and all(run.deadline is None for run in self._runs.values()):
            return
        now = time.monotonic()
        for run in list(self._runs.values()):
            if run.deadline is not None and run.deadline <= now:
                run.end("timeout")
                self._kill(run)
        for timer in [timer for timer in self._timers if timer[0] <= now]:
            self._timers.remove(timer)
            timer[1]()

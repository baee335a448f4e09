"""What the supervisor knows of a run, and how it sums up its end. Called by the supervisor only."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
from dataclasses import dataclass, field
from typing import Final, Literal

from ..protocol.contract import EndStatus
from ..protocol.frames import FrameType
from ..protocol.request import RunLimits

#: How the kernel ends a run by RLIMIT_CPU.
_CPU_SIGNALS: Final = (signal.SIGXCPU, signal.SIGKILL)
#: The limit counts clock ticks, usage counts run time: on a busy host a run that met a limit of 1 s had used 0.87 s.
_CPU_ACCURACY: Final = 0.75


@dataclass(slots=True)
class RunState:
    """What is known of a run while it is watched. The first reason for its end wins."""

    number: int
    pid: int
    stdout: int
    """Read end of what the run writes to descriptor 1; -1 once it is closed. `stderr` is the same of 2."""
    stderr: int
    limits: RunLimits
    """Its own from START on; until then what its runner allows every run."""
    output_bytes: int = 0
    """How much of its output was passed on, stdout and stderr together."""
    deadline: float | None = None
    """When it is killed; once it is killed, when its end is told even if it is not dead yet."""
    is_asked: bool = False
    """It was asked where it is, before it is killed for its time."""
    line: int | None = None
    """What it answered: the line of its script that was running."""
    is_killed: bool = False
    started_at: float | None = None
    ended_at: float | None = None
    status: EndStatus | Literal["died"] | None = None
    """How it ends; `died` until what wait reports is looked at."""
    is_paused: bool = False
    """The service wants no output of it for now."""
    is_gathering: bool = False
    """Its output is read at a moment that is set, not when there is some."""
    ended_streams: set[FrameType] = field(default_factory=set)
    """Output pipes that nobody can write to any more."""
    usage: resource.struct_rusage | None = None
    """Measured when the run had been stopped, or after its death."""
    dying_cpu_seconds: float | None = None
    """What it had used when its end was told before it was dead."""
    is_ended_sent: bool = False
    """ENDED was sent."""

    @property
    def output_left(self) -> int:
        """How much more of its output may be passed on, bytes."""
        return max(0, self.limits.output_bytes - self.output_bytes)

    @property
    def is_measured(self) -> bool:
        """Whether `usage` has its memory: the kernel tells none of a run whose first thread has exited before others."""
        return self.usage is not None and self.usage.ru_maxrss > 0

    def measure_while_dying(self) -> None:
        """Note the CPU time of a run that is killed and not dead. It has not been waited for: its pid is its own."""
        try:
            self.dying_cpu_seconds = time.clock_gettime(_cpu_clock(self.pid))
        except OSError:  # a kernel that has no such clock
            self.dying_cpu_seconds = None

    def start(self, limits: RunLimits) -> None:
        """Note that the clock runs from now on, and under which limits."""
        self.limits = limits
        self.started_at = time.monotonic()
        self.deadline = self.started_at + self.limits.timeout_ms / 1000

    def end(self, status: EndStatus | Literal["died"]) -> bool:
        """Note why the run ends; False when that is decided already."""
        if self.status is not None:
            return False
        self.status = status
        self.ended_at = time.monotonic()
        return True

    def end_by_output(self) -> None:
        """Note that the run printed too much, which counts even where it is found after an orderly end."""
        if self.status in (None, "OK", "died"):
            self.status = "OUTPUT_LIMIT"
            self.ended_at = self.ended_at or time.monotonic()

    def ended_payload(self, status: int) -> bytes:
        """Return the payload of ENDED. `status` is what wait reported, of no meaning while the run is only stopped."""
        ending, exit_code, signal_name = self.status, None, None
        if ending == "died":
            ending, exit_code, signal_name = self._how_it_died(status)
        ended: dict[str, object] = {"status": ending, "exitCode": exit_code, "signal": signal_name}
        if self.started_at is not None:
            # START may have been read after a death that it was sent before.
            ended["runMs"] = round(max(0.0, (self.ended_at or time.monotonic()) - self.started_at) * 1000, 3)
        cpu_seconds = self._cpu_seconds()
        if cpu_seconds is not None:
            ended["cpuMs"] = round(cpu_seconds * 1000, 3)
        if self.line is not None:
            ended["line"] = self.line
        if self.usage is not None and self.is_measured:
            ended["peakResidentBytes"] = self.usage.ru_maxrss * 1024
        return json.dumps(ended).encode()

    def _cpu_seconds(self) -> float | None:
        if self.usage is None:
            return self.dying_cpu_seconds
        return max(self.usage.ru_utime + self.usage.ru_stime, self.dying_cpu_seconds or 0.0)

    def _how_it_died(self, status: int) -> tuple[EndStatus, int | None, str | None]:
        """Tell an exit, a crash and the CPU limit apart for a run that ended by itself."""
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            used = self._cpu_seconds() or 0.0
            if number in _CPU_SIGNALS and used >= self.limits.cpu_seconds * _CPU_ACCURACY:
                return "TIMEOUT", None, None
            return "SCRIPT_CRASHED", None, _signal_name(number)
        return "SCRIPT_EXITED", os.WEXITSTATUS(status), None


def _cpu_clock(pid: int) -> int:
    """Return the number of the clock that counts a process's CPU time, as clock_getcpuclockid(3) makes it."""
    return (~pid << 3) | 2


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no name
        return f"signal {number}"


"""What the supervisor knows of a run, and how it sums up its end. Never in the process that holds the script."""

from __future__ import annotations

import os
import resource
import signal
import time
from dataclasses import dataclass, field
from typing import Final

from .request import RunRequest
from .run import EXIT_NO_CHANNEL

#: A run that has not started by then has a broken sandbox under it.
_START_TIMEOUT_SECONDS: Final = 10.0
#: How the kernel ends a run by RLIMIT_CPU.
_CPU_SIGNALS: Final = (signal.SIGXCPU, signal.SIGKILL)
#: The limit counts clock ticks, usage counts run time: on a busy host 0.87 s were told of a run that met a limit of 1 s.
_CPU_ACCURACY: Final = 0.75


@dataclass(slots=True)
class RunState:
    """What is known of a run while it is watched. The first cause of its end wins."""

    run: int
    request: RunRequest
    pid: int
    deadline: float = field(default_factory=lambda: time.monotonic() + _START_TIMEOUT_SECONDS)
    baseline_bytes: int | None = None
    started_at: float | None = None
    ended_at: float | None = None
    output_left: int = 0
    outcome: bytes | None = None
    cause: str | None = None
    detail: str | None = None

    def end(self, cause: str, detail: str | None = None) -> None:
        """Note why the run ends, unless that is decided already."""
        if self.cause is None:
            self.cause, self.detail = cause, detail
            self.ended_at = time.monotonic()

    def end_by_output(self) -> None:
        """Note that the run printed too much, which is so even if it comes to light after its orderly end."""
        if self.cause in (None, "outcome", "died"):
            self.cause, self.outcome = "output-limit", None

    def ended(self, status: int, usage: resource.struct_rusage) -> dict[str, object]:
        """Return the payload of ENDED for a run that was waited for with `status` and `usage`."""
        cause, detail = self.cause, self.detail
        exit_code = signal_name = None
        if cause == "died" and self.started_at is None:
            cause, detail = "not-started", f"the run ended with status {os.waitstatus_to_exitcode(status)}"
        elif cause == "died":
            cause, exit_code, signal_name = self._why_died(status, usage)
        ended: dict[str, object] = {"cause": cause, "detail": detail, "exitCode": exit_code, "signal": signal_name}
        if self.started_at is not None and self.baseline_bytes is not None:
            ended["runMs"] = round(((self.ended_at or time.monotonic()) - self.started_at) * 1000, 3)
            ended["cpuMs"] = round((usage.ru_utime + usage.ru_stime) * 1000, 3)
            ended["peakMemoryBytes"] = max(usage.ru_maxrss * 1024 - self.baseline_bytes, 0)
        return ended

    def _why_died(self, status: int, usage: resource.struct_rusage) -> tuple[str, int | None, str | None]:
        """Tell an exit, a crash and the processor limit apart for a run that ended without an outcome."""
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            used = usage.ru_utime + usage.ru_stime
            if number in _CPU_SIGNALS and used >= self.request.limits.cpu_seconds * _CPU_ACCURACY:
                return "cpu-limit", None, None
            return "signalled", None, _signal_name(number)
        code = os.WEXITSTATUS(status)
        if code == EXIT_NO_CHANNEL:
            return "channel-closed", None, None
        return "exited", code, None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no name
        return f"signal {number}"

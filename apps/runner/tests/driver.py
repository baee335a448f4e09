"""Plays the service: starts the runner, in local mode, and gathers what it answers.

The test process is a child subreaper: a process that a run leaves behind becomes its child, and is found.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import ClassVar, Final

from pycell_runner.protocol.frames import FrameType

from .conversation import HANG_SECONDS, ControlEnd, Conversation, Parts
from .report import Report

RUNNER: Final = Path(__file__).resolve().parent.parent
UNJAILED_RUNNER: Final = RUNNER / "tests" / "unjailed_runner.py"
#: The number of the only run of `--once`.
RUN: Final = 1
MIB: Final = 1024 * 1024

LIMITS: Final[dict[str, int]] = {
    "timeoutMs": 10_000,
    "memoryBytes": 256 * MIB,
    "outputBytes": 100_000,
    "resultBytes": 4 * MIB,
    "resultDepth": 200,
    "openFiles": 64,
    "fileBytes": MIB,
    "cpuSeconds": 20,
    "threads": 32,
    "files": 64,
    "artifactBytes": MIB,
}

#: Runners that were started and not waited for.
_running: set[int] = set()


class _Runner:
    """A started runner and the service's end of its control connection."""

    def __init__(
        self, program: Path, options: list[str], passed: tuple[int, ...], limits: dict[str, int], folder: str | None = None
    ) -> None:
        ours, theirs = socket.socketpair()
        self.control = ControlEnd(ours, {**LIMITS, **limits}["timeoutMs"])
        self._stderr = tempfile.TemporaryFile()
        self._final_stderr: str | None = None
        with theirs:
            self.process = subprocess.Popen(
                [
                    *[sys.executable, "-I", "-S", "-B", str(program), *options, "--control", str(theirs.fileno())],
                    *["--limits", json.dumps({**LIMITS, **limits})],
                ],
                pass_fds=[theirs.fileno(), *passed],
                cwd=folder,
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                start_new_session=True,
            )
        _running.add(self.process.pid)

    def hello(self) -> list[bytes]:
        """The payloads of HELLO that have come."""
        return [frame.payload for frame in self.control.frames if frame.type is FrameType.HELLO]

    def wait_for_exit(self, grace_seconds: float) -> int:
        """Close the control connection and wait; fail where processes are left behind. Returns the exit status.

        What lives on may take `grace_seconds` to end by itself.
        """
        self.control.connection.close()
        status = self.process.wait(HANG_SECONDS)
        _running.discard(self.process.pid)
        self._final_stderr = self.stderr()
        self._stderr.close()
        give_up = time.monotonic() + grace_seconds
        while time.monotonic() < give_up and _has_descendants():
            time.sleep(0.01)
        left = _adopted()
        if left:
            raise AssertionError(f"processes are left behind: {left}")
        return status

    def stderr(self) -> str:
        """What the runner has said for the service's log."""
        if self._final_stderr is not None:
            return self._final_stderr
        return os.pread(self._stderr.fileno(), 1 << 20, 0).decode("utf-8", "replace")


class OnceRunner(_Runner):
    """`--once`: a supervisor with one run."""

    isolated_program: ClassVar[Path] = UNJAILED_RUNNER
    """What is started with `--isolated`: there is no jail around it, and this one does not ask for one."""

    def __init__(self, *options: str, **limits: int) -> None:
        program = self.isolated_program if "--isolated" in options else RUNNER
        ours, theirs = socket.socketpair()
        self.folder = tempfile.mkdtemp(prefix="runner-test-")
        with theirs:
            own = ["--once", "--connection", str(theirs.fileno()), *options]
            super().__init__(program, own, (theirs.fileno(),), limits, self.folder)
        self.run = Conversation(self.control, ours, RUN)

    def execute(self, script: str, mode: str = "function", parts: Parts = Parts()) -> Report:
        """Run the script, from HELLO to the runner's end."""
        self.run.request(script, mode, parts)
        self.run.finish()
        while self.control.is_open:
            self.control.read()
        return self.close()

    def close(self) -> Report:
        """Go away, without reading what may come; wait for the runner's end."""
        report = self.run.report
        self.run.connection.close()
        report.runner_status = self.wait_for_exit(0)
        shutil.rmtree(self.folder)
        report.runner_stderr = self.stderr()
        report.hello = json.loads(self.hello()[0]) if self.hello() else None
        return report


class WarmRunner(_Runner):
    """`--warm`: a supervisor with zygotes, for any number of runs."""

    program: ClassVar[Path] = RUNNER

    def __init__(self, *options: str, **limits: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runner-test-"))
        without = [] if "--packages" in options else ["--packages", self._empty_folder()]
        super().__init__(self.program, ["--warm", "--sockets", str(self.folder), *without, *options], (), limits)

    def _empty_folder(self) -> str:
        folder = self.folder / "no-packages"
        folder.mkdir()
        return str(folder)

    def loaded(self, kind: str) -> list[list[str]]:
        """What each zygote of this kind that became ready has loaded."""
        announced = [json.loads(frame.payload) for frame in self.control.frames if frame.type is FrameType.ZYGOTE]
        return [zygote["modules"] for zygote in announced if zygote["kind"] == kind]

    def wait_for_zygote(self, kind: str = "bare", count: int = 1, seconds: float = HANG_SECONDS) -> None:
        """Wait until so many zygotes of this kind have become ready, one after the other."""
        self.control.wait_until(lambda: len(self.loaded(kind)) >= count, seconds)

    def connect(self, kind: str = "bare") -> Conversation:
        """Ask for a spare. A zygote that is there on demand is started by that."""
        self.wait_for_zygote("bare" if kind == "figures" else kind)
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.folder / kind))
        return Conversation(self.control, connection)

    def start(self, script: str, kind: str = "bare") -> Conversation:
        """Have a script executed, without waiting for its end."""
        run = self.connect(kind)
        run.request(script)
        return run

    def execute(self, script: str, mode: str = "function", kind: str = "bare", parts: Parts = Parts()) -> Report:
        """Run the script alone; fail where it left processes behind, though the runner goes on."""
        report = self.execute_beside(script, kind, mode, parts)
        left = self.leftovers()
        if left:
            raise AssertionError(f"the run left processes behind: {left}")
        return report

    def execute_beside(
        self, script: str, kind: str = "bare", mode: str = "function", parts: Parts = Parts()
    ) -> Report:
        """Run the script while others may be there."""
        run = self.connect(kind)
        run.request(script, mode, parts)
        report = run.finish()
        self.remove_folder(run.number)
        return report

    def remove_folder(self, number: int) -> None:
        """Remove a run's folder when the run is gone, as the service does."""
        shutil.rmtree(self.folder / f"run-{number}", ignore_errors=True)

    def zygotes(self) -> list[int]:
        """Pids of children in the supervisor's own session. Runs and what they start have sessions of their own."""
        return [pid for pid in _children(self.process.pid) if os.getsid(pid) == self.process.pid]

    def leftovers(self) -> list[int]:
        """Pids of the supervisor's children outside of its session, so of runs or what they left."""
        return [pid for pid in _children(self.process.pid) if os.getsid(pid) != self.process.pid]

    def close(self) -> str:
        """Go away; return what the runner said on stderr beside the want of packages, which tests do without."""
        status = self.wait_for_exit(5)  # the kernel ends zygotes with their supervisor, and nobody waits for them
        shutil.rmtree(self.folder)
        assert status == 0, f"the runner ended with {status}: {self.stderr()}"
        lines = self.stderr().splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("could not warm up: ModuleNotFoundError"))


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _has_descendants() -> bool:
    """Wait for adopted processes that have ended; whether others are left."""
    for pid in set(_children(os.getpid())) - _running:
        os.waitpid(pid, os.WNOHANG)
    return bool(set(_children(os.getpid())) - _running)


def _adopted() -> list[str]:
    """Return the command lines of processes that became this one's, and end them."""
    left = []
    for pid in set(_children(os.getpid())) - _running:
        left.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() or f"zombie {pid}")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return left

"""Plays the service: starts the runner over a real socket pair, in local mode, and gathers what it answers.

The test process is a child subreaper: a process that a run leaves behind becomes its child, and is found.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest import TestCase

from pycell_runner import linux
from pycell_runner.frames import Frame, FrameDecoder, FrameType, encode

RUNNER: Final = Path(__file__).resolve().parent.parent
_UNJAILED_RUNNER: Final = RUNNER / "tests" / "unjailed_runner.py"
RUN: Final = 7
MIB: Final = 1024 * 1024
#: Longer than any limit in here: a test that waits so long has found a runner that hangs.
HANG_SECONDS: Final = 30.0

LIMITS: Final[dict[str, int]] = {
    "timeoutMs": 10_000,
    "memoryBytes": 256 * MIB,
    "outputBytes": 100_000,
    "resultBytes": 4 * MIB,
    "resultDepth": 200,
    "openFiles": 64,
    "fileBytes": MIB,
    "cpuSeconds": 20,
}


@dataclass
class Report:
    """Everything that the service learns of one run."""

    frames: list[Frame] = field(default_factory=list)
    runner_status: int | None = None
    runner_stderr: str = ""

    def payloads(self, kind: FrameType) -> list[bytes]:
        return [frame.payload for frame in self.frames if frame.type is kind]

    @property
    def order(self) -> list[str]:
        """The types in the order in which they came, repetitions of output left out."""
        names = [frame.type.name for frame in self.frames]
        return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]

    @property
    def stdout(self) -> str:
        return b"".join(self.payloads(FrameType.STDOUT)).decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        return b"".join(self.payloads(FrameType.STDERR)).decode("utf-8", "replace")

    @property
    def output_bytes(self) -> int:
        return sum(map(len, self.payloads(FrameType.STDOUT) + self.payloads(FrameType.STDERR)))

    @property
    def ended(self) -> dict[str, Any]:
        (payload,) = self.payloads(FrameType.ENDED)
        ended: dict[str, Any] = json.loads(payload)
        return ended

    @property
    def cause(self) -> str:
        cause: str = self.ended["cause"]
        return cause

    @property
    def result(self) -> Any:
        assert self.payloads(FrameType.RESULT), f"no result: {self.payloads(FrameType.FAILURE)}, {self.ended}"
        (payload,) = self.payloads(FrameType.RESULT)
        return json.loads(payload)

    @property
    def failure(self) -> dict[str, Any]:
        assert self.payloads(FrameType.FAILURE), f"no failure: {self.payloads(FrameType.RESULT)}, {self.ended}"
        (payload,) = self.payloads(FrameType.FAILURE)
        failure: dict[str, Any] = json.loads(payload)
        return failure


class RunnerProcess:
    """A started runner and the service's end of its connection."""

    def __init__(self, *options: str, program: Path = RUNNER) -> None:
        self.connection, theirs = socket.socketpair()
        self.connection.settimeout(HANG_SECONDS)
        with theirs:
            descriptor = str(theirs.fileno())
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(program), "--once", "--connection", descriptor, *options],
                pass_fds=[theirs.fileno()],
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        self._decoder = FrameDecoder()
        self.report = Report()

    def send(self, kind: FrameType, payload: bytes = b"", run: int = RUN) -> None:
        self.connection.sendall(encode(kind, run, payload))

    def request(self, script: str, mode: str = "run", **limits: int) -> None:
        body = {"script": script, "mode": mode, "limits": {**LIMITS, **limits}}
        self.send(FrameType.RUN, json.dumps(body).encode())

    def wait_for(self, kind: FrameType) -> None:
        """Read until a frame of this kind has come."""
        while not self.report.payloads(kind):
            if not self._read():
                raise AssertionError(f"the runner went away before {kind.name}: {self.report}")

    def finish(self) -> Report:
        """Read until the runner has ended; fail where it left a process behind."""
        while self._read():
            continue
        return self.wait_for_exit()

    def wait_for_exit(self) -> Report:
        """Wait until the runner has ended without reading its frames; fail where it left a process behind."""
        self.connection.close()
        _, stderr = self.process.communicate(timeout=HANG_SECONDS)
        self.report.runner_status = self.process.returncode
        self.report.runner_stderr = stderr.decode("utf-8", "replace")
        left = _adopted()
        if left:
            raise AssertionError(f"the run left processes behind: {left}")
        return self.report

    def _read(self) -> bool:
        try:
            data = self.connection.recv(1 << 16)
        except ConnectionResetError:  # it ended without having read all that was sent
            return False
        self.report.frames += self._decoder.feed(data)
        return bool(data)


def _adopted() -> list[str]:
    """Return the command lines of processes that became this one's, and end them."""
    left = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        left.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() or f"zombie {pid}")
        os.kill(int(pid), signal.SIGKILL)
        os.waitpid(int(pid), 0)
    return left


def run(script: str, *options: str, mode: str = "run", **limits: int) -> Report:
    """Run one script from HELLO to the runner's end. With `--isolated` there is no jail around it."""
    runner = RunnerProcess(*options, program=_UNJAILED_RUNNER if "--isolated" in options else RUNNER)
    runner.request(script, mode, **limits)
    return runner.finish()


class RunnerCase(TestCase):
    """A test case that runs scripts."""

    @classmethod
    def setUpClass(cls) -> None:
        linux.adopt_orphans()

    def assert_result(self, script: str, expected: Any, *options: str, **limits: int) -> Report:
        report = run(script, *options, mode="run", **limits)
        self.assertEqual(report.result, expected)
        self.assertEqual(report.cause, "outcome")
        self.assertEqual(report.runner_stderr, "")
        self.assertEqual(report.runner_status, 0)
        return report

    def assert_failure(self, script: str, code: str, message: str | None = None, **limits: int) -> Report:
        """`message` is the whole message, or a piece of it between dots: `...piece...`."""
        report = run(script, mode="run", **limits)
        self.assertEqual(report.failure["code"], code, report.failure)
        if message is not None and message.startswith("..."):
            self.assertIn(message.strip("."), report.failure["message"])
        elif message is not None:
            self.assertEqual(report.failure["message"], message)
        self.assertEqual(report.cause, "outcome")
        self.assertEqual(report.runner_stderr, "")
        return report

    def assert_cause(self, script: str, cause: str, *options: str, **limits: int) -> Report:
        report = run(script, *options, mode="run", **limits)
        self.assertEqual(report.cause, cause, report)
        self.assertEqual(report.runner_stderr, "")
        self.assertNotIn("RESULT", report.order)
        self.assertNotIn("FAILURE", report.order)
        return report

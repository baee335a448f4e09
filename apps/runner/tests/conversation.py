"""Plays the service's part in the conversation with one run, over the control connection and the run's own."""

from __future__ import annotations

import json
import select
import socket
from dataclasses import dataclass, field
from typing import Any, Callable, Final, Mapping

from pycell_runner.protocol.frames import Frame, FrameDecoder, FrameError, FrameType, encode
from pycell_runner.protocol.sections import with_length

from .report import Report

#: Longer than any limit in here: a test that waits so long has found a runner that hangs.
HANG_SECONDS: Final = 30.0
_CHUNK_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class Parts:
    """What comes with a script."""

    inputs: bytes | None = None
    stdin: bytes | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    memory_bytes: int | None = None


def run_payload(script: bytes, mode: str = "function", parts: Parts = Parts()) -> bytes:
    """The payload of RUN."""
    sections = {"script": script}
    if parts.inputs is not None:
        sections["inputs"] = parts.inputs
    if parts.stdin is not None:
        sections["stdin"] = parts.stdin
    if parts.files:
        sections["files"] = b"".join(parts.files.values())
    head: dict[str, Any] = {"mode": mode, "sections": [[name, len(section)] for name, section in sections.items()]}
    if parts.files:
        head["files"] = [[name, len(content)] for name, content in parts.files.items()]
    if parts.memory_bytes is not None:
        head["memoryBytes"] = parts.memory_bytes
    return with_length(json.dumps(head).encode()) + b"".join(sections.values())


class ControlEnd:
    """The service's end of the control connection; gathers what the supervisor sends of all runs."""

    def __init__(self, connection: socket.socket, timeout_ms: int) -> None:
        """`timeout_ms`: what START allows a run."""
        self.connection = connection
        self.timeout_ms = timeout_ms
        self.frames: list[Frame] = []
        self.is_open = True
        self._decoder = FrameDecoder()

    def send(self, kind: FrameType, run: int) -> None:
        payload = json.dumps({"timeoutMs": self.timeout_ms}).encode() if kind is FrameType.START else b""
        try:
            self.connection.sendall(encode(kind, run, payload))
        except ConnectionError:  # a supervisor of one run has ended with it
            return

    def read(self) -> None:
        """Take in what has come."""
        try:
            data = self.connection.recv(_CHUNK_BYTES)
        except ConnectionError:  # it ended without having read all that was sent
            data = b""
        self.is_open = bool(data)
        self.frames += self._decoder.feed(data)

    def wait_until(self, holds: Callable[[], bool], seconds: float = HANG_SECONDS) -> None:
        """Read until something holds. Raises AssertionError where the supervisor hangs or goes away before."""
        self.connection.settimeout(seconds)
        while not holds():
            assert self.is_open, f"the supervisor went away: {self.frames}"
            self.read()


class Conversation:
    """One run, from the spare to GONE. What it sends after READY comes from the script's process."""

    def __init__(self, control: ControlEnd, connection: socket.socket, number: int = 0) -> None:
        """`number` is the run's where it is known before READY."""
        self.number = number
        self.report = Report()
        self.control = control
        self.connection = connection
        self._is_connected = True
        self._decoder: FrameDecoder | None = FrameDecoder()

    def is_ready(self) -> bool:
        """Wait for READY; False when it sent a failure instead."""
        self.wait_until(lambda: bool(self.report.from_run) or not self._is_connected)
        if not self.report.payloads(FrameType.READY):
            return False
        self.number = self.report.from_run[-1].run
        return True

    def warm(self) -> None:
        """Have the spare do ahead what it can, and wait until it has."""
        before = len(self.report.from_run)
        self.connection.sendall(encode(FrameType.WARM, self.number))
        self.wait_until(lambda: len(self.report.from_run) > before)

    def request(self, script: str, mode: str = "function", parts: Parts = Parts()) -> None:
        """Wait for the spare, hand it the script and start the clock. Does nothing where it cannot become a run."""
        if not self.is_ready():
            return
        # First, so that the supervisor can know it when a script ends at once.
        self.control.send(FrameType.START, self.number)
        self.hand_over(script, mode, parts)

    def hand_over(self, script: str, mode: str = "function", parts: Parts = Parts()) -> None:
        """Send RUN only."""
        payload = run_payload(script.encode("utf-8", "surrogatepass"), mode, parts)
        self.connection.sendall(encode(FrameType.RUN, self.number, payload))

    def cancel(self) -> None:
        self.control.send(FrameType.CANCEL, self.number)

    def wait_for(self, kind: FrameType) -> None:
        """Read until a frame of this kind has come."""
        self.wait_until(lambda: bool(self.report.payloads(kind)))

    def finish(self) -> Report:
        """Read to the outcome, then say FINISH; what is no outcome is answered with CANCEL, as the service does."""
        self.wait_until(lambda: self.report.has_outcome or not self._is_connected or self._decoder is None or self._is_ended())
        if self.report.has_outcome:
            self.control.send(FrameType.FINISH, self.number)
        elif self._decoder is None:
            self.cancel()
        return self.wait_for_gone()

    def wait_for_gone(self) -> Report:
        """Read until the supervisor says that nothing of the run is left."""
        self.wait_for(FrameType.GONE)
        self.connection.close()
        return self.report

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Read both connections until something holds."""
        self._take_frames()
        while not holds():
            open_ones = [self.control.connection] if self.control.is_open else []
            open_ones += [self.connection] if self._is_connected else []
            assert open_ones, f"the runner went away: {self.report}"
            readable, _, _ = select.select(open_ones, [], [], HANG_SECONDS)
            assert readable, f"the runner hangs: {self.report}"
            if self.connection in readable:
                self._receive()
            if self.control.connection in readable:
                self.control.read()
            self._take_frames()

    def _take_frames(self) -> None:
        self.report.from_supervisor = [frame for frame in self.control.frames if frame.run == self.number != 0]

    def _is_ended(self) -> bool:
        return bool(self.report.payloads(FrameType.ENDED))

    def _receive(self) -> None:
        try:
            data = self.connection.recv(_CHUNK_BYTES)
        except ConnectionError:
            data = b""
        self._is_connected = bool(data)
        self.report.run_bytes += data
        if self._decoder is None or self.report.has_outcome:
            return
        try:
            for frame in self._decoder.feed(data):
                if frame.type is FrameType.READY or frame.type is FrameType.OUTCOME:
                    self.report.from_run.append(frame)
                else:
                    raise FrameError(f"not a run's frame: {frame.type.name}")
                if frame.type is FrameType.OUTCOME:
                    return
        except FrameError:
            self._decoder = None

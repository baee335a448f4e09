"""What the service learns of one run, from both of its connections."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pycell_runner.protocol.frames import Frame, FrameType
from pycell_runner.protocol.sections import LENGTH_BYTES, names_and_lengths, read_head


def split_payload(payload: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Take a payload of head and sections apart, as the service does."""
    end = LENGTH_BYTES + int.from_bytes(payload[:LENGTH_BYTES], "big")
    head = read_head(payload[LENGTH_BYTES:end])
    sections = {}
    for name, length in names_and_lengths(head["sections"]):
        sections[name] = payload[end : end + length]
        end += length
    assert end == len(payload), f"the sections do not fill the payload: {head}"
    return head, sections


@dataclass
class Report:
    """Everything that the service learns of one run, and of its runner where that served this run only."""

    from_supervisor: list[Frame] = field(default_factory=list)
    """What the supervisor sent, on the control connection."""
    from_run: list[Frame] = field(default_factory=list)
    """What the run sent, on its own connection; of its outcome the first frame."""
    run_bytes: bytes = b""
    """Everything that came on the run's connection, also what is no frame."""
    hello: dict[str, Any] | None = None
    runner_status: int | None = None
    runner_stderr: str = ""

    def payloads(self, kind: FrameType) -> list[bytes]:
        return [frame.payload for frame in [*self.from_run, *self.from_supervisor] if frame.type is kind]

    @property
    def order(self) -> list[str]:
        """The types in the order in which the supervisor sent them, repetitions of output left out."""
        names = [frame.type.name for frame in self.from_supervisor]
        return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]

    @property
    def run_order(self) -> list[str]:
        """The types in the order in which the run sent them."""
        return [frame.type.name for frame in self.from_run]

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
    def ready(self) -> dict[str, Any]:
        """What the last READY said."""
        ready: dict[str, Any] = json.loads(self.payloads(FrameType.READY)[-1])
        return ready

    @property
    def ended(self) -> dict[str, Any]:
        (payload,) = self.payloads(FrameType.ENDED)
        ended: dict[str, Any] = json.loads(payload)
        return ended

    @property
    def status(self) -> str:
        """How the run ended, as the supervisor saw it."""
        status: str = self.ended["status"]
        return status

    @property
    def has_outcome(self) -> bool:
        return bool(self.payloads(FrameType.OUTCOME))

    def outcome(self) -> tuple[dict[str, Any], bytes | None]:
        """The head of the outcome, and its result where it has one."""
        assert self.has_outcome, f"no outcome: {self.ended}"
        (payload,) = self.payloads(FrameType.OUTCOME)
        head, sections = split_payload(payload)
        return head, sections.get("result")

    @property
    def artifacts(self) -> list[tuple[str, bytes]]:
        """What it left: names and contents."""
        (payload,) = self.payloads(FrameType.OUTCOME)
        head, sections = split_payload(payload)
        artifacts, at = [], 0
        for name, length in names_and_lengths(head.get("artifacts", [])):
            artifacts.append((name, sections["artifacts"][at : at + length]))
            at += length
        assert at == len(sections.get("artifacts", b"")), head
        return artifacts

    @property
    def result(self) -> Any:
        head, result = self.outcome()
        assert head["status"] == "OK" and result is not None, f"no result: {head}, {self.ended}"
        return json.loads(result)

    @property
    def failure(self) -> dict[str, Any]:
        head, result = self.outcome()
        assert head["status"] != "OK" and result is None, f"no failure: {head}, {self.ended}"
        return head

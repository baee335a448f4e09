"""What the service learns of one run, from both of its connections."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pycell_runner.protocol.frames import Frame, FrameType


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
    def cause(self) -> str:
        cause: str = self.ended["cause"]
        return cause

    @property
    def has_outcome(self) -> bool:
        return bool(self.payloads(FrameType.RESULT) or self.payloads(FrameType.FAILURE))

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

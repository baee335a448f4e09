"""Reads the golden frames of docs/protocol.md; the TypeScript decoder is tested with the same ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pycell_runner.protocol.frames import Frame

_SPECIFICATION = Path(__file__).resolve().parents[4] / "docs" / "protocol.md"


@dataclass(frozen=True)
class GoldenFrame:
    """`meaning` is `TYPE run "payload"`, `incomplete` or `refused`."""

    name: str
    data: bytes
    meaning: str


def golden_frames() -> list[GoldenFrame]:
    """Return every line of the specification's block of golden frames."""
    block = re.search(r"^```frames\n(.*?)^```$", _SPECIFICATION.read_text(encoding="utf-8"), re.M | re.S)
    assert block is not None, "docs/protocol.md has no block of golden frames"
    lines = [line.split(" | ", 2) for line in block[1].splitlines()]
    return [GoldenFrame(name, bytes.fromhex(data), meaning) for name, data, meaning in lines]


def meaning_of(frame: Frame) -> tuple[str, int, str]:
    """Return what a frame says, comparable with `parsed`."""
    return frame.type.name, frame.run, frame.payload.decode("utf-8")

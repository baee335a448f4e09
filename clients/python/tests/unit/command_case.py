"""Has tests run the command: most within this process, since another one takes longer to begin than the test takes."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase
from unittest.mock import patch

from pycell.cli import main

from .scripted_server import EXECUTION, Answer, ScriptedServer

START = {"type": "start", "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
END = {"type": "end"}
#: Where the packages of the tests are, for a process that is started.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def result(value: object) -> dict[str, object]:
    return {"type": "result", "result": value, "execution": EXECUTION}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class CommandCase(TestCase):
    """A server, and a folder with the script s.py."""

    def setUp(self) -> None:
        self.server = ScriptedServer()
        self.addCleanup(self.server.close)
        holder = TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        (self.folder / "s.py").write_text("def main(**k): ...")

    def arguments(self, name: str, *others: str) -> list[str]:
        return [name, "s.py", "--url", self.server.url, *others]

    def run_it(
        self,
        *arguments: str,
        answers: tuple[Answer, ...] = (),
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> Done:
        """Run it in this process."""
        self.server.will_answer(*answers)
        streams = {
            "stdin": io.TextIOWrapper(io.BytesIO(stdin)),
            "stdout": io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
            "stderr": io.TextIOWrapper(io.BytesIO(), encoding="utf-8"),
        }
        with chdir(self.folder), patch.multiple(sys, **streams), patch.dict(os.environ, environment or {}):
            try:
                code = main(self.arguments(*arguments))
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Done(code, *(self._written(streams[name]) for name in ("stdout", "stderr")))

    def start(
        self, *arguments: str, answers: tuple[Answer, ...] = (), stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        """Start it as a process."""
        self.server.will_answer(*answers)
        command = [sys.executable, "-m", "pycell", *self.arguments(*arguments)]
        return subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdout=stdout, stderr=stderr)

    def on_terminal(self, *arguments: str, answers: tuple[Answer, ...]) -> tuple[int, bytes]:
        """Run it on a terminal. Return how it ended, and what was shown."""
        ours, theirs = pty.openpty()
        process = self.start(*arguments, answers=answers, stdout=theirs, stderr=theirs)
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:
            pass  # how Linux tells that the other end of a terminal is closed
        os.close(ours)
        return process.wait(30), seen

    @staticmethod
    def _written(stream: io.TextIOWrapper) -> str:
        buffer = stream.buffer
        assert isinstance(buffer, io.BytesIO)
        stream.flush()
        return buffer.getvalue().decode()

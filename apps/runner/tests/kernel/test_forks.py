"""What a fork answers to the process that made it, and what it says where nobody waits for the answer any more."""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path

from pycell_runner.kernel.forks import ask_fork

_RUNNER = Path(__file__).parents[2]

#: It is killed while its fork answers more than a pipe holds: the rest finds the pipe without a reader.
_KILLED_BY_ITS_FORK = """
import os, signal, time
from pycell_runner.kernel.forks import ask_fork

asking = os.getpid()

def kill_and_answer():
    os.kill(asking, signal.SIGKILL)
    while os.getppid() == asking:
        time.sleep(0.001)
    return b"x" * (1 << 20)

ask_fork(kill_and_answer)
"""


class AskFork(unittest.TestCase):
    def test_it_answers(self) -> None:
        self.assertEqual(ask_fork(lambda: b"x" * 100_000), b"x" * 100_000)

    def test_it_says_nothing_where_whoever_asked_is_gone(self) -> None:
        ended = subprocess.run(
            [sys.executable, "-c", _KILLED_BY_ITS_FORK], cwd=_RUNNER, stderr=subprocess.PIPE, text=True, timeout=30
        )
        self.assertEqual((ended.returncode, ended.stderr), (-9, ""))


if __name__ == "__main__":
    unittest.main()

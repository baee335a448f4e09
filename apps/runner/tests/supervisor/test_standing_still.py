"""A process that somebody stops goes on at once: standing still it would keep others waiting, and nobody would know."""

from __future__ import annotations

import os
import signal
import time
import unittest
from pathlib import Path

from pycell_runner.kernel import linux

from ..driver import WarmRunner


def _wait_until_running(pid: int) -> None:
    give_up = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
        if time.monotonic() > give_up:
            raise AssertionError(f"process {pid} stands still")
        time.sleep(0.005)


class StandingStill(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        linux.become_subreaper()

    def test_a_zygote_goes_on_and_forks(self) -> None:
        runner = WarmRunner()
        for kind in ("bare", "packages"):
            runner.wait_for_zygote(kind)
        for pid in runner.zygotes():
            os.kill(pid, signal.SIGSTOP)
        for kind in ("bare", "packages"):
            self.assertEqual(runner.execute_beside("def main(): return 1", kind).result, 1)
        runner.close()

    def test_a_spare_and_a_run_go_on(self) -> None:
        runner = WarmRunner()
        spare, run = runner.connect(), runner.start("import time\ndef main():\n    time.sleep(0.3)\n    return 1")
        self.assertTrue(spare.is_ready())
        for pid in runner.leftovers():
            os.kill(pid, signal.SIGSTOP)
            _wait_until_running(pid)
        self.assertEqual(run.finish().result, 1)
        spare.request("def main(): return 2")
        self.assertEqual(spare.finish().result, 2)
        runner.close()


if __name__ == "__main__":
    unittest.main()

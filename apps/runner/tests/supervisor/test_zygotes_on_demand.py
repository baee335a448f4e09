"""The zygote of figures: started by the first connection, ended when it is idle, and no danger to the others."""

from __future__ import annotations

import os
import signal
import socket
import time
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from pycell_runner.kernel import linux
from pycell_runner.kernel.isolation import IdRange
from pycell_runner.protocol.zygote_messages import FORKED
from pycell_runner.supervisor import zygote_keeper

from ..driver import RUNNER, WarmRunner
from .keeper_scene import KeeperCase

_IDLE_SECONDS = 600
_SLEEP = "import time\ndef main():\n    time.sleep(3)\n    return 1"


class OnDemand(KeeperCase):
    """Zygote 2 is the first of figures, 3 its successor, which has settled its memory."""

    def setUp(self) -> None:
        super().setUp()
        self.replace(zygote_keeper, "_RENEW_SPREAD", 0)
        # The others would be renewed meanwhile.
        with patch.object(zygote_keeper, "_RENEW_AFTER_SECONDS", 1_000_000):
            self.become_ready(0, 1)

    def start(self) -> int:
        """Have it started, and fork for the connection that was waiting, and renewed by the one that is settled, which it returns."""
        self.connect()
        index = len(self.started) - 1
        self.become_ready(index)
        self.fork(index)
        self.pass_seconds(0)
        self.become_ready(index + 1)
        self.exit(index)
        return index + 1

    def fork(self, index: int) -> None:
        self.say(index, FORKED.pack(1, 1))

    def test_it_is_started_when_the_service_connects_and_once(self) -> None:
        self.pass_seconds(60)
        self.assertEqual(self.kinds(), ["bare", "packages"])
        self.connect()
        self.assertEqual(self.kinds(), ["bare", "packages", "figures"])
        # Nobody looks at who connects while there is one: it would be asked again and again.
        self.assertEqual(self.listening, {})

    def test_it_serves_at_once_and_is_renewed_by_one_that_settles_its_memory(self) -> None:
        index = self.start()
        self.assertEqual(self.kinds()[2:], ["figures"] * 2)
        self.assertEqual([self.is_unsettled(index - 1), self.is_unsettled(index)], [True, False])
        self.pass_seconds(_IDLE_SECONDS - 1)
        self.assertEqual(len(self.started), 4)

    def test_it_ends_when_it_has_not_forked_for_long_and_comes_back_when_the_service_connects(self) -> None:
        index = self.start()
        self.pass_seconds(100)
        self.fork(index)
        self.pass_seconds(_IDLE_SECONDS - 1)
        self.assertFalse(self.is_retired(index))
        self.pass_seconds(2)
        self.assertTrue(self.is_retired(index))
        self.assertEqual(self.listening, {})
        with patch("sys.stderr") as said:
            self.exit(index)
        said.write.assert_not_called()
        self.assertEqual(self.lost(), [])
        again = self.start()
        self.assertEqual(self.kinds()[2:], ["figures"] * 4)
        # It has its time anew.
        self.pass_seconds(_IDLE_SECONDS - 1)
        self.assertFalse(self.is_retired(again))

    def test_it_is_renewed_while_it_is_used_and_ends_after_the_last_use_all_the_same(self) -> None:
        index = self.start()
        self.pass_seconds(500)
        self.fork(index)
        self.pass_seconds(400)
        self.assertEqual(self.kinds()[2:], ["figures"] * 3)
        successor = index + 1
        self.become_ready(successor)
        self.assertTrue(self.is_retired(index))
        self.exit(index)
        # The last run was forked at 500 s, by the one before it.
        self.pass_seconds(199)
        self.assertFalse(self.is_retired(successor))
        self.pass_seconds(2)
        self.assertTrue(self.is_retired(successor))
        with patch("sys.stderr"):
            self.exit(successor)
        self.assertEqual(self.kinds()[2:], ["figures"] * 3)

    def test_it_does_not_end_while_its_successor_is_on_its_way(self) -> None:
        index = self.start()
        self.pass_seconds(301)
        self.fork(index)
        self.pass_seconds(599)
        self.assertEqual(self.kinds()[2:], ["figures"] * 3)
        self.pass_seconds(10)
        self.assertFalse(self.is_retired(index))
        self.become_ready(index + 1)
        self.pass_seconds(10)
        self.assertEqual([self.is_retired(index), self.is_retired(index + 1)], [True, True])

    def test_one_that_dies_is_started_again_at_once(self) -> None:
        index = self.start()
        self.pass_seconds(20)
        with patch("sys.stderr"):
            self.end(self.started[index][2], signal.SIGKILL)
        self.assertEqual(self.lost(), ["figures"])
        self.pass_seconds(0)
        self.assertEqual(self.kinds()[2:], ["figures"] * 3)

    def test_one_that_cannot_start_refuses_who_waits_and_is_tried_less_and_less_often(self) -> None:
        waits = []
        with patch("sys.stderr"):
            for attempt in range(10):
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(os.path.join(self.folder, "figures"))
                    self.connect()
                    self.end(self.started[-1][2], signal.SIGKILL)
                    self.assertEqual(connection.recv(1), b"")
                self.assertEqual(len(self.started), 3 + attempt)
                began = self.now
                self.pass_seconds(0)
                while not self.listening:
                    self.pass_seconds(0.05)
                waits.append(round(self.now - began, 2))
        for wait, expected in zip(waits, [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]):
            self.assertAlmostEqual(wait, expected, delta=0.06)

    def test_one_that_hangs_while_it_starts_is_ended_after_a_minute(self) -> None:
        self.connect()
        self.pass_seconds(59)
        self.assertEqual(self.listening, {})
        with patch("sys.stderr"):
            self.pass_seconds(2)
        self.assertEqual(len(self.listening), 1)
        self.connect()
        self.assertEqual(self.kinds()[2:], ["figures"] * 2)


class AllAtOnce(KeeperCase):
    def test_zygotes_of_all_kinds_and_their_successors_give_ids_of_their_own(self) -> None:
        self.replace(zygote_keeper, "_RENEW_SPREAD", 0)
        ids = IdRange(first=1001, count=59_999)
        part = 59_999 // 6
        self.connect()
        self.become_ready(0, 1, 2)
        self.pass_seconds(0)
        self.become_ready(3)
        self.exit(2)
        latest = {"bare": 0, "packages": 1, "figures": 3}
        for generation in range(1, 6):
            for _ in range(3):
                self.say(latest["figures"], FORKED.pack(1, 1))
                self.pass_seconds(300)
            before = latest.copy()
            # Each is ready before the next one's turn comes; those that were renewed may have runs for long.
            while len(self.started) < 4 + 3 * generation:
                latest[self.kinds()[-1]] = len(self.started) - 1
                self.become_ready(len(self.started) - 1)
                self.pass_seconds(5)
            latest[self.kinds()[-1]] = len(self.started) - 1
            self.become_ready(len(self.started) - 1)
            alive = [*before.values(), *latest.values()]
            self.assertEqual(len(set(alive)), 6)
            given = [ids.id_of(self.first_numbers[index] + n) for index in alive for n in (0, 1, 4_999, part - 2)]
            self.assertEqual(len(set(given)), len(given))
            for index in before.values():
                self.exit(index)


class _ImpatientRunner(WarmRunner):
    program = RUNNER / "tests" / "renewing_runner.py"


class Process(unittest.TestCase):
    """Without matplotlib: that takes long, and only how its zygote comes and goes is looked at."""

    def setUp(self) -> None:
        linux.become_subreaper()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.packages = folder.name

    def runner(self, matplotlib: str, kind: type[WarmRunner] = _ImpatientRunner) -> WarmRunner:
        Path(self.packages, "matplotlib.py").write_text(matplotlib)
        Path(self.packages, "scipy.py").write_text("value = 3")
        Path(self.packages, "own.py").write_text("value = 4")
        return kind("--packages", self.packages, timeoutMs=60_000)

    def test_it_alone_has_loaded_what_is_for_figures(self) -> None:
        runner = self.runner("value = 2", WarmRunner)
        runner.wait_for_zygote("packages")
        self.assertEqual(len(runner.zygotes()), 2)
        script = "import sys\nloaded = [name in sys.modules for name in ('matplotlib', 'scipy', 'own')]\ndef main(): return loaded"
        self.assertEqual(runner.execute(script, kind="packages").result, [False, False, True])
        self.assertEqual(runner.execute(script, kind="figures").result, [True, True, True])
        # The first one that is ready is followed by one that is settled.
        runner.wait_for_zygote("figures", count=2)
        self.assertEqual(runner.loaded("figures"), [["matplotlib", "own", "scipy"]] * 2)
        runner.close()

    def test_it_goes_while_a_run_and_a_spare_of_it_live_on_and_comes_back(self) -> None:
        runner = self.runner("")
        run = runner.start(_SLEEP, "figures")
        spare = runner.connect("figures")
        self.assertTrue(spare.is_ready())
        give_up = time.monotonic() + 10
        while len(runner.zygotes()) > 2 and time.monotonic() < give_up:
            time.sleep(0.02)
        self.assertEqual(len(runner.zygotes()), 2)
        self.assertEqual(runner.execute_beside("def main(): return 2", "figures").result, 2)
        self.assertGreater(len(runner.loaded("figures")), 2)
        self.assertEqual(run.finish().result, 1)
        spare.request("def main(): return 3")
        self.assertEqual(spare.finish().result, 3)
        self.assertNotIn("ended with", runner.close())

    def test_its_death_costs_no_run_and_no_spare(self) -> None:
        runner = self.runner("", WarmRunner)
        run, spare = runner.start(_SLEEP, "figures"), runner.connect("figures")
        self.assertTrue(spare.is_ready())
        runner.wait_for_zygote("figures", count=2)
        give_up = time.monotonic() + 10
        while len(runner.zygotes()) > 3 and time.monotonic() < give_up:
            time.sleep(0.02)
        for pid in runner.zygotes():
            if b"--zygote\0figures\0" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        self.assertEqual(runner.execute_beside("def main(): return 2", "figures").result, 2)
        self.assertEqual(run.finish().result, 1)
        spare.request("def main(): return 3")
        self.assertEqual(spare.finish().result, 3)
        self.assertIn("the zygote figures ended with -9", runner.close())

    def test_one_that_cannot_start_costs_others_nothing(self) -> None:
        runner = self.runner("import os; os._exit(3)")
        runner.wait_for_zygote("packages")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(runner.folder / "figures"))
            connection.settimeout(10)
            self.assertEqual(connection.recv(1), b"")
        for kind in ("bare", "packages"):
            self.assertEqual(runner.execute("def main(): return 1", kind=kind).result, 1)
        # Nobody connects any more, so it is not tried again.
        time.sleep(0.5)
        self.assertEqual(runner.close().count("the zygote figures ended with 3"), 1)


if __name__ == "__main__":
    unittest.main()

"""Zygotes come and go: killed, replaced, renewed. No run pays for it."""

from __future__ import annotations

import os
import signal
import time
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import MagicMock, patch

from pycell_runner.kernel import linux
from pycell_runner.supervisor import zygote_keeper
from pycell_runner.protocol.zygote_messages import FORKED, RUN_BITS

from ..driver import RUNNER, WarmRunner
from ..runner_case import WarmCase
from .keeper_scene import KeeperCase

_SLEEP = "import time\ndef main():\n    time.sleep(1)\n    return 1"


class _RenewingRunner(WarmRunner):
    program = RUNNER / "tests" / "renewing_runner.py"


def _kill_zygote(runner: WarmRunner, kind: str) -> None:
    for pid in runner.zygotes():
        if f"--zygote\0{kind}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError(f"there is no zygote {kind}")


class Zygotes(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        linux.become_subreaper()

    def test_one_that_is_killed_is_replaced_while_its_runs_go_on(self) -> None:
        runner = WarmRunner()
        for kind in ("bare", "packages"):
            run, spare = runner.start(_SLEEP, kind), runner.connect(kind)
            self.assertTrue(spare.is_ready())
            began = time.monotonic()
            _kill_zygote(runner, kind)
            report = runner.execute_beside("def main(): return 2", kind)
            self.assertEqual(report.result, 2)
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual(run.finish().result, 1)
            spare.request("def main(): return 3")
            self.assertEqual(spare.finish().result, 3)
        self.assertRegex(runner.close(), r"^the zygote bare ended with -9 after .* s\nthe zygote packages ended with -9 .* s\n$")

    def test_a_connection_made_while_there_is_none_is_served_by_the_next(self) -> None:
        runner = WarmRunner()
        runner.wait_for_zygote()
        _kill_zygote(runner, "bare")
        waiting = [runner.connect() for _ in range(5)]
        for run in waiting:
            run.request("def main(): return 1")
            self.assertEqual(run.finish().result, 1)
        self.assertIn("ended with -9", runner.close())

    def test_one_that_dies_again_and_again_is_started_again_and_again(self) -> None:
        runner = WarmRunner()
        for count in range(1, 5):
            runner.wait_for_zygote(count=count)
            _kill_zygote(runner, "bare")
        run = runner.start("def main(): return 1")
        self.assertEqual(run.finish().result, 1)
        self.assertEqual(runner.close().count("the zygote bare ended with -9"), 4)

    def test_they_are_renewed_after_a_number_of_runs_of_which_none_is_lost(self) -> None:
        runner = _RenewingRunner(timeoutMs=60_000)  # longer than all of this takes on a busy machine
        runner.wait_for_zygote("packages")
        slow = runner.start(_SLEEP)
        zygotes: set[int] = set()
        give_up = time.monotonic() + 20
        while len(zygotes) < 4 and time.monotonic() < give_up:
            # Several at once, so that some are being forked at the moment of the change.
            runs = [runner.connect() for _ in range(6)]
            for run in runs:
                run.request("def main():\n    print('x')\n    return 1")
            for run in runs:
                self.assertEqual((run.finish().result, run.report.stdout, run.report.status), (1, "x\n", "OK"))
            zygotes |= {run.number >> RUN_BITS for run in runs}
        self.assertEqual(len(zygotes), 4)
        self.assertEqual(slow.finish().result, 1)
        give_up = time.monotonic() + 10
        while len(runner.zygotes()) > 2 and time.monotonic() < give_up:
            time.sleep(0.02)
        self.assertEqual(len(runner.zygotes()), 2)
        # Those that were renewed went by themselves; nobody complained.
        self.assertNotIn("Traceback", runner.close())


class Start(unittest.TestCase):
    def test_sockets_listen_before_a_zygote_is_started_which_so_never_sees_their_folder(self) -> None:
        with TemporaryDirectory() as folder, patch.object(zygote_keeper.os, "posix_spawn", return_value=1) as spawn:
            keeper = zygote_keeper.ZygoteKeeper(MagicMock(), folder, [])
            self.assertEqual(sorted(os.listdir(folder)), ["bare", "figures", "packages"])
            spawn.assert_not_called()
            keeper.start()
            self.assertEqual(spawn.call_count, 2)


class Renewal(KeeperCase):
    def test_by_time_each_within_a_quarter_of_an_hour_and_one_after_the_other(self) -> None:
        self.become_ready(0, 1)
        self.pass_seconds(719)
        self.assertEqual(self.kinds(), ["bare", "packages"])
        # Both become due in these three minutes. The second waits until the first one's successor is ready.
        with patch.object(zygote_keeper, "_START_SECONDS", 1_000):
            self.pass_seconds(181)
        self.assertEqual(len(self.started), 3)
        self.become_ready(2)
        self.pass_seconds(5)
        self.assertEqual(sorted(self.kinds()[2:]), ["bare", "packages"])

    def test_by_count_while_the_other_kind_waits_its_turn(self) -> None:
        self.become_ready(0, 1)
        for _ in range(5_000):
            self.say(0, FORKED.pack(1, 1))
        self.assertEqual(self.kinds(), ["bare", "packages", "bare"])
        for _ in range(5_001):
            self.say(1, FORKED.pack(1, 1))
        self.assertEqual(len(self.started), 3)
        self.become_ready(2)
        self.say(1, FORKED.pack(1, 1))
        self.assertEqual(self.kinds(), ["bare", "packages", "bare", "packages"])

    def test_by_time_is_tried_again_when_a_successor_hangs_and_when_one_dies_at_once(self) -> None:
        self.replace(zygote_keeper, "_RENEW_SPREAD", 0)
        self.become_ready(0)
        self.pass_seconds(900)
        self.assertEqual(self.kinds(), ["bare", "packages", "bare"])
        self.pass_seconds(66)  # a minute until the first one is given up, and then a pause
        hung = len(self.started) - 1
        self.assertEqual(self.kinds()[2:], ["bare"] * 2)
        self.end(self.started[hung][2], signal.SIGKILL)
        self.pass_seconds(6)
        self.assertEqual(self.kinds()[2:], ["bare"] * 3)
        # One that is ready ends it: the one before it goes, and nothing is due for a quarter of an hour.
        self.become_ready(hung + 1)
        self.exit(0)
        self.pass_seconds(890)
        self.assertEqual(self.kinds()[2:], ["bare"] * 3)

    def test_it_says_that_one_is_lost_when_it_was_ready_and_nobody_asked_it_to_go(self) -> None:
        self.replace(zygote_keeper, "_RENEW_SPREAD", 0)
        self.become_ready(0, 1)
        self.pass_seconds(900)
        self.assertEqual(self.kinds()[2:], ["bare"])
        self.become_ready(2)
        self.exit(0)
        self.assertEqual(self.lost(), [])
        with patch("sys.stderr"):
            self.exit(2)
            self.assertEqual(self.lost(), ["bare"])
            self.pass_seconds(1)
            # Its successor dies before it was ready: nothing more is lost.
            self.exit(len(self.started) - 1)
        self.assertEqual(self.lost(), ["bare"])

    def test_it_says_that_one_is_lost_whose_successor_is_not_ready_yet(self) -> None:
        self.replace(zygote_keeper, "_RENEW_SPREAD", 0)
        self.become_ready(0)
        self.pass_seconds(900)
        self.assertEqual(self.kinds()[2:], ["bare"])
        self.exit(0)
        self.assertEqual(self.lost(), ["bare"])
        self.become_ready(2)
        self.assertEqual(self.lost(), ["bare"])


class Layout(unittest.TestCase):
    def test_a_renewed_one_has_another_hash_seed_and_another_address_layout(self) -> None:
        linux.become_subreaper()
        runner = _RenewingRunner(timeoutMs=60_000)
        script = (
            "import ctypes, sys\ndef main():\n"
            "    return [sys.flags.hash_randomization, hash('x'), ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value, id(None)]"
        )
        seen: dict[int, set[tuple[int, ...]]] = {}
        give_up = time.monotonic() + 20
        while len(seen) < 3 and time.monotonic() < give_up:
            run = runner.start(script)
            seen.setdefault(run.number >> RUN_BITS, set()).add(tuple(run.finish().result))
        runner.close()
        self.assertEqual(len(seen), 3)
        # Forks of one zygote have the same; no two zygotes have one of the three in common.
        self.assertEqual([len(facts) for facts in seen.values()], [1, 1, 1])
        facts = [found.pop() for found in seen.values()]
        self.assertEqual([len(set(column)) for column in zip(*facts)], [1, 3, 3, 3])
        self.assertEqual(facts[0][0], 1)


class Environment(WarmCase):
    def test_what_a_zygote_holds_open_no_run_has(self) -> None:
        script = "import os\ndef main():\n    held = []\n    for n in range(64):\n        try:\n            os.fstat(n); held.append(n)\n        except OSError: pass\n    return held"
        runner = self.runner(openFiles=110)
        self.assertEqual(runner.execute(script.replace("64", "120")).result, [0, 1, 2, 109])

    def test_it_is_a_session_of_its_own_and_a_child_of_the_supervisor(self) -> None:
        runner = self.runner()
        script = "import os\ndef main(): return [os.getsid(0) == os.getpid(), os.getppid()]"
        self.assertEqual(runner.execute(script).result, [True, runner.process.pid])

    def test_warming_ahead_spares_a_script_its_page_faults(self) -> None:
        runner = self.runner()
        script = "import resource\nat_first = resource.getrusage(0).ru_minflt\nimport random, json, datetime\ndef main():\n    for _ in range(100): json.dumps([str(datetime.datetime.now()), random.random()])\n    return resource.getrusage(0).ru_minflt - at_first"
        faults = []
        for is_warmed in (False, True):
            run = runner.connect()
            self.assertTrue(run.is_ready())
            if is_warmed:
                run.warm()
            run.request(script)
            faults.append(run.finish().result)
        self.assertLess(faults[1], faults[0])


if __name__ == "__main__":
    unittest.main()

"""A runner for many runs: what it owes the service beyond what `test_warm_outcomes.py` shows of each run."""

from __future__ import annotations

import os
import signal
import time
import unittest
from pathlib import Path

from pycell_runner.protocol.frames import FrameType

from ..conversation import Conversation
from ..driver import WarmRunner
from ..runner_case import WarmCase

_LOOP = "def main():\n    while True: pass"
_SLEEP = "import time\ndef main():\n    time.sleep({})\n    return {}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class ManyRuns(WarmCase):
    def test_concurrent_runs_do_not_mix(self) -> None:
        runner = self.runner()
        script = "import sys, time\nname = {!r}\ndef main():\n    for _ in range(20):\n        print(name)\n        print(name, file=sys.stderr)\n        time.sleep(0.01)\n    return name"
        runs = {name: runner.start(script.format(name)) for name in ("one", "two", "three", "four")}
        for name, run in runs.items():
            report = run.finish()
            self.assertEqual(report.result, name)
            self.assertEqual((report.stdout, report.stderr), (f"{name}\n" * 20, f"{name}\n" * 20))
            self.assertEqual(report.order[-2:], ["ENDED", "GONE"])
        self.assertEqual(len({run.number for run in runs.values()}), 4)

    def test_no_run_sees_what_another_left(self) -> None:
        runner = self.runner()
        leave = "import builtins, json, os, tempfile\nbuiltins.left = json.left = 1\nos.environ['LEFT'] = '1'\nopen('left', 'w').close()\n"
        self.assertEqual(runner.execute(f"{leave}def main(): return sorted(os.listdir('.'))").result, ["left", "output"])
        look = "import builtins, json, os\ndef main(): return [hasattr(builtins, 'left'), hasattr(json, 'left'), 'LEFT' in os.environ, os.listdir('.')]"
        self.assertEqual(runner.execute(look).result, [False, False, False, ["output"]])

    def test_the_end_of_one_run_does_not_touch_another(self) -> None:
        runner = self.runner()
        other = runner.start(_SLEEP.format(0.8, 1))
        for script, status in ((_LOOP, "CANCELLED"), ("import os\ndef main(): os.abort()", "SCRIPT_CRASHED"), ("import os; os._exit(3)", "SCRIPT_EXITED")):
            run = runner.start(script)
            if status == "CANCELLED":
                run.cancel()
            self.assertEqual(run.finish().status, status)
        self.assertEqual(other.finish().result, 1)

    def test_a_run_works_in_a_folder_of_its_own_named_for_its_number(self) -> None:
        runner = self.runner()
        run = runner.start("import os\ndef main(): return [os.getcwd(), os.environ['TMPDIR'], oct(os.stat('.').st_mode & 0o777)]")
        folder = str(runner.folder / f"run-{run.number}")
        self.assertEqual(run.finish().result, [folder, folder, "0o700"])
        runner.remove_folder(run.number)

    def test_a_deadline_is_that_of_its_own_run(self) -> None:
        runner = self.runner(timeoutMs=700)
        first = runner.start(_LOOP)
        time.sleep(0.3)
        second = runner.start(_SLEEP.format(0.4, 2))
        spare = runner.connect()
        self.assertEqual(first.finish().status, "TIMEOUT")
        self.assertEqual(second.finish().result, 2)
        spare.request("def main(): return 3")
        self.assertEqual(spare.finish().result, 3)

    def test_an_output_limit_is_that_of_its_own_run(self) -> None:
        runner = self.runner(outputBytes=1000)
        script = "import os, time\ndef main():\n    os.write(1, b'x' * {})\n    time.sleep(0.3)\n    return 1"
        runs = [(runner.start(script.format(size)), status) for size, status in ((1000, "OK"), (1001, "OUTPUT_LIMIT"), (999, "OK"))]
        for run, status in runs:
            self.assertEqual(run.finish().status, status)
            self.assertLessEqual(run.report.output_bytes, 1000)

    def test_a_start_that_comes_before_its_run_is_known_counts(self) -> None:
        runner = self.runner(timeoutMs=500)
        first = runner.connect()
        self.assertTrue(first.is_ready())
        early = first.number + 1
        runner.control.send(FrameType.START, early)
        time.sleep(0.2)
        second = runner.connect()
        self.assertTrue(second.is_ready())
        self.assertEqual(second.number, early)
        second.hand_over(_LOOP)
        self.assertEqual(second.finish().status, "TIMEOUT")
        first.cancel()
        first.wait_for_gone()

    def test_after_gone_frames_for_a_run_are_ignored(self) -> None:
        runner = self.runner()
        run = runner.start("def main(): return 1")
        run.finish()
        for kind in (FrameType.CANCEL, FrameType.FINISH, FrameType.START, FrameType.CANCEL):
            runner.control.send(kind, run.number)
        self.assertEqual(runner.execute("def main(): return 2").result, 2)

    def test_a_run_that_starts_and_ends_at_once_has_started(self) -> None:
        runner = self.runner()
        for _ in range(30):
            report = runner.execute("import os\nos.write(1, b'x')\nos._exit(3)")
            self.assertEqual((report.status, report.ended["exitCode"], report.stdout), ("SCRIPT_EXITED", 3, "x"))


class Spares(WarmCase):
    def test_the_death_of_a_spare_is_reported_and_costs_nobody_else(self) -> None:
        runner = self.runner()
        spares = [runner.connect() for _ in range(3)]
        self.assertTrue(all(spare.is_ready() for spare in spares))
        victim = self.pids(runner, spares)[1]
        os.kill(victim, signal.SIGKILL)
        report = spares[1].wait_for_gone()
        self.assertEqual((report.status, report.order), ("SCRIPT_CRASHED", ["ENDED", "GONE"]))
        for spare in (spares[0], spares[2]):
            spare.request("def main(): return 1")
            self.assertEqual(spare.finish().result, 1)

    def test_a_spare_whose_connection_is_closed_goes(self) -> None:
        runner = self.runner()
        spare = runner.connect()
        self.assertTrue(spare.is_ready())
        spare.connection.close()
        runner.control.wait_until(lambda: any((frame.type, frame.run) == (FrameType.GONE, spare.number) for frame in runner.control.frames))
        self.assertEqual(runner.leftovers(), [])

    def test_a_spare_that_cannot_become_a_run_says_why(self) -> None:
        runner = self.runner()
        before = runner.connect()
        self.assertTrue(before.is_ready())
        (runner.folder / f"run-{before.number + 1}").write_text("in its way")
        failing = runner.connect()
        self.assertFalse(failing.is_ready())
        self.assertEqual(failing.report.failure["status"], "INTERNAL")
        self.assertIn("FileExistsError", failing.report.failure["message"])
        failing.number = before.number + 1
        report = failing.wait_for_gone()
        self.assertEqual((report.status, report.ended["exitCode"]), ("SCRIPT_EXITED", 1))
        before.request("def main(): return 1")
        self.assertEqual(before.finish().result, 1)

    def pids(self, runner: WarmRunner, spares: list[Conversation]) -> list[int]:
        """The spares' pids, found by the folders in which they are."""
        folders = {os.readlink(f"/proc/{pid}/cwd"): pid for pid in runner.leftovers()}
        return [folders[str(runner.folder / f"run-{spare.number}")] for spare in spares]


class Leftovers(WarmCase):
    _HEARTBEAT = (
        "import os, time\n"
        "def main():\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0:\n"
        "            while True:\n"
        "                open('beat', 'a').write('x')\n"
        "                time.sleep(0.02)\n"
        "        os._exit(0)\n"
        "    os.wait()\n"
        "    time.sleep({})\n"
        "    return os.path.getsize('beat')\n"
    )

    def test_they_end_with_their_run_while_others_and_spares_live(self) -> None:
        runner = self.runner()
        other, spare = runner.start(_SLEEP.format(1, 1)), runner.connect()
        self.assertTrue(spare.is_ready())
        run = runner.start(self._HEARTBEAT.format(0.2))
        self.assertGreater(run.finish().result, 1)
        beat = runner.folder / f"run-{run.number}" / "beat"
        size = beat.stat().st_size
        time.sleep(0.2)
        self.assertEqual(beat.stat().st_size, size)
        self.assertEqual(len(runner.leftovers()), 2)
        spare.request("def main(): return 2")
        self.assertEqual((spare.finish().result, other.finish().result), (2, 1))

    def test_they_live_as_long_as_their_run_though_others_end(self) -> None:
        runner = self.runner()
        run = runner.start(self._HEARTBEAT.format(1))
        beat = runner.folder / f"run-{run.number}" / "beat"
        while not beat.exists():
            time.sleep(0.01)
        for _ in range(5):
            other = runner.start("def main(): return 1")
            self.assertEqual(other.finish().result, 1)
        size = beat.stat().st_size
        time.sleep(0.3)
        self.assertGreater(beat.stat().st_size, size)
        run.finish()


class TheEnd(unittest.TestCase):
    def test_a_service_that_goes_away_ends_everything(self) -> None:
        WarmCase.setUpClass()
        runner = WarmRunner()
        runner.wait_for_zygote("packages")
        runs = [runner.start(_LOOP), runner.start(Leftovers._HEARTBEAT.format(9)), runner.connect()]
        self.assertTrue(runs[2].is_ready())
        pids = runner.zygotes() + runner.leftovers()
        self.assertGreaterEqual(len(pids), 5)
        self.assertEqual(runner.close(), "")
        for run in runs:
            run.connection.close()
        give_up = time.monotonic() + 5
        while any(map(_is_alive, pids)) and time.monotonic() < give_up:
            time.sleep(0.01)
        self.assertEqual([Path(f"/proc/{pid}/cmdline").read_text() for pid in pids if _is_alive(pid)], [])


if __name__ == "__main__":
    unittest.main()

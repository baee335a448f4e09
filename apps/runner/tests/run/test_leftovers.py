"""What a script leaves running: after GONE there is none of it. The driver fails on any process that is left."""

from __future__ import annotations

import unittest

from ..driver import MIB
from ..runner_case import RunnerCase

#: Leaves its parent, its session and its group, and closes everything: a daemon by the book.
_DAEMON = """\
import os, time
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            {close}
            time.sleep(60)
        os._exit(0)
    os.wait()
"""


class Leftovers(RunnerCase):
    def test_daemon_threads_do_not_hold_the_result_up(self) -> None:
        script = "import threading, time\ndef main():\n    threading.Thread(target={}, daemon=True).start()\n    return [1] * 1000"
        for target in ("lambda: time.sleep(60)", "lambda: [None for _ in iter(int, 1)]"):
            self.assertLess(self.assert_result(script.format(target), [1] * 1000).ended["runMs"], 5000)

    def test_other_threads_are_waited_for_as_by_a_program(self) -> None:
        script = "import threading, time\ndef late():\n    time.sleep(0.3)\n    print('late')\ndef main():\n    threading.Thread(target=late).start()\n    return 1"
        self.assertEqual(self.assert_result(script, 1).stdout, "late\n")
        pool = "from concurrent.futures import ThreadPoolExecutor\nimport time\ndef late():\n    time.sleep(0.3)\n    print('late')\ndef main():\n    ThreadPoolExecutor(2).submit(late)\n    return 1"
        self.assertEqual(self.assert_result(pool, 1).stdout, "late\n")

    def test_they_are_waited_for_after_an_exception_too(self) -> None:
        script = "import threading, time\ndef late():\n    time.sleep(0.3)\n    print('late')\ndef main():\n    threading.Thread(target=late).start()\n    1 / 0"
        self.assertEqual(self.assert_failure(script, "SCRIPT_ERROR").stdout, "late\n")

    def test_a_thread_that_never_ends_meets_the_deadline(self) -> None:
        for target in ("spin", "print_all"):
            script = f"import threading\ndef spin():\n    while True: pass\ndef print_all():\n    while True: print('x')\ndef main():\n    threading.Thread(target={target}).start()\n    return 1"
            self.assert_killed(script, "TIMEOUT", timeoutMs=700, outputBytes=100 * MIB)

    def test_a_thread_that_fails_is_reported_on_stderr(self) -> None:
        script = "import threading\ndef main():\n    t = threading.Thread(target=lambda: 1 / 0)\n    t.start(); t.join()\n    return 1"
        self.assertIn("ZeroDivisionError", self.assert_result(script, 1).stderr)

    def test_exit_hooks_are_run_in_order_and_after_the_threads(self) -> None:
        script = "import atexit, threading, time\natexit.register(print, 'first')\natexit.register(print, 'last')\ndef late():\n    time.sleep(0.2)\n    print('thread')\ndef main():\n    threading.Thread(target=late).start()\n    return 1"
        self.assertEqual(self.assert_result(script, 1).stdout, "thread\nlast\nfirst\n")

    def test_an_exit_hook_that_fails_is_reported_on_stderr(self) -> None:
        report = self.assert_result("import atexit\natexit.register(lambda: 1 / 0)\ndef main(): return 1", 1)
        self.assertIn("ZeroDivisionError", report.stderr)

    def test_an_exit_hook_that_never_ends_meets_the_deadline(self) -> None:
        self.assert_killed("import atexit\ndef spin():\n    while True: pass\natexit.register(spin)\ndef main(): return 1", "TIMEOUT", timeoutMs=700)

    def test_exit_hooks_and_threads_cannot_change_the_result(self) -> None:
        script = "import atexit\nresult = [1]\natexit.register(result.append, 2)\ndef main(): return result"
        self.assert_result(script, [1])

    def test_child_processes_end_with_the_run(self) -> None:
        self.assert_result("import subprocess\ndef main():\n    subprocess.Popen(['sleep', '60'])\n    return 1", 1)
        self.assert_result("import os, time\ndef main():\n    if os.fork() == 0: time.sleep(60)\n    return 1", 1)

    def test_daemons_end_with_the_run(self) -> None:
        for close in ("pass", "os.closerange(0, 64)"):
            self.assert_result(f"{_DAEMON.format(close=close)}def main():\n    daemon()\n    return 1", 1)

    def test_daemons_end_with_a_run_that_is_killed(self) -> None:
        script = f"{_DAEMON.format(close='pass')}def main():\n    daemon(); daemon()\n    while True: pass"
        self.assert_killed(script, "TIMEOUT", timeoutMs=500)
        script = f"{_DAEMON.format(close='pass')}def main():\n    daemon()\n    os.abort()"
        self.assert_killed(script, "SCRIPT_CRASHED")

    def test_a_tree_of_processes_ends_with_the_run(self) -> None:
        script = "import os, time\ndef main():\n    for _ in range(4):\n        if os.fork() == 0:\n            os.setsid()\n    if os.getpid() != top: time.sleep(60)\n    return 1\ntop = os.getpid()"
        self.assert_result(script, 1)

    def test_a_child_that_returns_from_main_too_cannot_disturb_what_was_sent_first(self) -> None:
        script = "import os, time\ndef main():\n    if os.fork() == 0:\n        time.sleep(0.2)\n        return 'child'\n    return 'parent'"
        self.assert_result(script, "parent")

    def test_a_child_that_holds_the_output_open_does_not_hold_the_end_up(self) -> None:
        script = "import subprocess\ndef main():\n    subprocess.Popen(['sh', '-c', 'trap \"\" 1 2 15; sleep 60'], start_new_session=True)\n    print('x')\n    return 1"
        self.assertLess(self.assert_result(script, 1).ended["runMs"], 5000)

    def test_temporary_objects_with_slow_finalizers_do_not_hold_the_result_up(self) -> None:
        script = "import time\nclass Slow:\n    def __del__(self): time.sleep(60)\nkept = Slow()\ndef main(): return 1"
        self.assert_result(script, 1)


if __name__ == "__main__":
    unittest.main()

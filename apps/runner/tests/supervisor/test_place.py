"""Where a run was when its time was over."""

from __future__ import annotations

import unittest

from pycell_runner.supervisor.place import take_line

from ..report import Report
from ..runner_case import RunnerCase

_STACK = b'Stack (most recent call first):\n  File "/usr/lib/python3.11/re.py", line 9 in match\n  File "script.py", line 7 in main\n  File "/x.py", line 1 in <module>\n'


class TakeLine(unittest.TestCase):
    def test_takes_the_stack_out_of_what_was_printed(self) -> None:
        self.assertEqual(take_line(b"before" + _STACK + b"after"), (b"beforeafter", 7))

    def test_of_several_takes_the_last(self) -> None:
        forged = _STACK.replace(b"7", b"1")
        self.assertEqual(take_line(forged + _STACK), (forged, 7))

    def test_takes_out_a_stack_without_a_line_of_the_script(self) -> None:
        self.assertEqual(take_line(_STACK.replace(b"script.py", b"other.py")), (b"", None))

    def test_knows_the_form_of_newer_pythons(self) -> None:
        newer = _STACK.replace(b"Stack", b"Current thread 0x00007f12 [python]")
        self.assertEqual(take_line(newer), (b"", 7))

    def test_leaves_everything_else_alone(self) -> None:
        for text in (b"", b"Stack (most recent call first):\n", _STACK[:60], b'  File "script.py", line 7 in main\n', b"x" * 100_000):
            self.assertEqual(take_line(text), (text, None))

    def test_is_quick_whatever_was_printed(self) -> None:
        import time

        began = time.process_time()
        for text in (b"Stack (most recent call first):\n" * 40_000, _STACK[:32] + b'  File "' * 100_000, _STACK * 5_000):
            take_line(text)
        self.assertLess(time.process_time() - began, 1)


class TimeOut(RunnerCase):
    def timed_out(self, script: str) -> Report:
        """The report of a run that told where it was: it has 20 ms for that. On a busy machine one of some tries is in time."""
        for _ in range(5):
            report = self.assert_killed(script, "TIMEOUT", timeoutMs=400)
            if "line" in report.ended:
                break
        return report

    def test_tells_the_line_that_was_running(self) -> None:
        for script, line in (
            ("def main():\n    n = 1\n    while n: n += 1", 3),
            ("import re\ndef main():\n    return re.match(r'(a+)+$', 'a' * 60 + 'b')", 3),
            ("import time\ndef wait():\n    time.sleep(9)\ndef main():\n    print('x')\n    wait()", 3),
            ("def main():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass", 4),
        ):
            with self.subTest(script):
                report = self.timed_out(script)
                self.assertEqual((report.ended.get("line"), report.stderr), (line, ""))

    def test_keeps_what_was_printed_to_stderr(self) -> None:
        script = "import sys\ndef main():\n    sys.stderr.write('note')\n    while True: pass"
        report = self.timed_out(script)
        self.assertEqual((report.ended.get("line"), report.stderr), (4, "note"))

    def test_does_without_where_the_script_will_not_tell(self) -> None:
        for spoil in (
            "signal.signal(signal.SIGUSR2, signal.SIG_IGN)",
            "signal.signal(signal.SIGUSR2, signal.SIG_DFL)",
            "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
            "os.close(2)",
        ):
            with self.subTest(spoil):
                script = f"import os, signal\ndef main():\n    {spoil}\n    while True: pass"
                self.assertNotIn("line", self.assert_killed(script, "TIMEOUT", timeoutMs=400).ended)


if __name__ == "__main__":
    unittest.main()

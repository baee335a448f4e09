"""What the supervisor judges from outside: deadline, output, the run's death, the service's wishes."""

from __future__ import annotations

import json
import time
import unittest

from pycell_runner.frames import FrameType, encode

from .driver import LIMITS, RUN, RunnerCase, RunnerProcess, run

_LOOP = "def main():\n    while True: pass"


class Deadline(RunnerCase):
    def test_a_loop_without_end_is_ended(self) -> None:
        report = self.assert_cause(_LOOP, "timeout", timeoutMs=300)
        self.assertTrue(250 < report.ended["runMs"] < 2000, report.ended)
        self.assertGreater(report.ended["cpuMs"], 50)

    def test_every_way_to_wait_is_ended(self) -> None:
        for statement in ("__import__('time').sleep(99)", "[lock.acquire() for lock in [__import__('threading').Lock()] * 2]",
                          "10 ** 10 ** 10", "'a' in 'b' * 9 or sum(iter(int, 1))"):  # fmt: skip
            self.assert_cause(f"def main():\n    return {statement}", "timeout", timeoutMs=300)

    def test_a_script_that_catches_everything_is_ended(self) -> None:
        script = "import signal\nfor s in (1, 2, 10, 14, 15): signal.signal(s, signal.SIG_IGN)\ndef main():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
        self.assert_cause(script, "timeout", timeoutMs=300)

    def test_the_module_body_and_the_conversion_of_the_result_are_under_it_too(self) -> None:
        self.assert_cause("while True: pass", "timeout", timeoutMs=300)
        script = "class L(list):\n    def __iter__(self):\n        while True: pass\ndef main(): return L()"
        self.assert_cause(script, "timeout", timeoutMs=300)
        script = "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef main(): raise E"
        self.assert_cause(script, "timeout", timeoutMs=300)

    def test_what_was_printed_before_it_is_kept_also_without_a_line_end(self) -> None:
        report = self.assert_cause("import sys\ndef main():\n    print('part', end='')\n    print('err', file=sys.stderr)\n    while True: pass", "timeout", timeoutMs=300)
        self.assertEqual((report.stdout, report.stderr), ("part", "err\n"))

    def test_lines_that_c_code_printed_before_it_are_kept(self) -> None:
        report = self.assert_cause("import ctypes\ndef main():\n    ctypes.CDLL(None).puts(b'from c')\n    while True: pass", "timeout", timeoutMs=300)
        self.assertEqual(report.stdout, "from c\n")

    def test_processor_time_is_limited_beside_it(self) -> None:
        self.assert_cause(_LOOP, "cpu-limit", cpuSeconds=1)
        ignoring = f"import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n{_LOOP}"
        self.assert_cause(ignoring, "cpu-limit", cpuSeconds=1)

    def test_its_signal_sent_by_the_script_itself_is_a_crash(self) -> None:
        report = self.assert_cause("import os, signal\ndef main(): os.kill(os.getpid(), signal.SIGXCPU)", "signalled")
        self.assertEqual(report.ended["signal"], "SIGXCPU")


class Output(RunnerCase):
    def test_every_way_to_write_is_captured_in_order(self) -> None:
        script = (
            "import sys, os, ctypes\ndef main():\n    print('a')\n    os.write(1, b'b\\n')\n    sys.stdout.buffer.write(b'c\\n')\n"
            "    ctypes.CDLL(None).puts(b'd')\n    sys.__stdout__.write('e\\n')\n    print('f', file=sys.stderr)\n    os.write(2, b'g')"
        )
        report = self.assert_result(script, None)
        self.assertEqual((report.stdout, report.stderr), ("a\nb\nc\nd\ne\n", "f\ng"))

    def test_what_c_code_left_in_its_buffer_is_written_out(self) -> None:
        report = self.assert_result("import ctypes\ndef main(): ctypes.CDLL(None).printf(b'no line end')", None)
        self.assertEqual(report.stdout, "no line end")

    def test_children_write_to_the_same_place(self) -> None:
        self.assertEqual(self.assert_result("import os\ndef main(): os.system('echo child')", None).stdout, "child\n")

    def test_bytes_that_are_not_text_are_passed_on(self) -> None:
        report = self.assert_result("import os\ndef main(): os.write(1, bytes(range(256)) * 2) and None", None)
        self.assertEqual(b"".join(report.payloads(FrameType.STDOUT)), bytes(range(256)) * 2)

    def test_output_of_exactly_the_limit_passes(self) -> None:
        script = "import sys\ndef main():\n    sys.stdout.write('x' * {})\n    sys.stderr.write('y' * {})"
        self.assertEqual(self.assert_result(script.format(600, 400), None, outputBytes=1000).output_bytes, 1000)
        self.assertEqual(self.assert_result(script.format(200_000, 100_000), None, outputBytes=300_000).output_bytes, 300_000)

    def test_one_byte_more_ends_the_run_and_keeps_what_the_limit_allows(self) -> None:
        script = "import sys, time\ndef main():\n    sys.stdout.write('x' * {})\n    sys.stderr.write('y' * {})\n    time.sleep(9)"
        for out, err in ((1001, 0), (0, 1001), (600, 401)):
            report = self.assert_cause(script.format(out, err), "output-limit", outputBytes=1000)
            self.assertEqual(report.output_bytes, 1000)

    def test_printing_without_end_ends_soon(self) -> None:
        report = self.assert_cause("def main():\n    while True: print('x' * 1000)", "output-limit")
        self.assertEqual(report.output_bytes, LIMITS["outputBytes"])
        self.assertLess(report.ended["runMs"], 5000)

    def test_one_write_far_beyond_the_limit_is_cut(self) -> None:
        report = self.assert_cause("def main(): print('x' * 50_000_000)", "output-limit")
        self.assertEqual(report.output_bytes, LIMITS["outputBytes"])

    def test_too_much_output_is_found_even_when_the_result_came_first(self) -> None:
        # All of it fits into the pipe, so main() returns before the supervisor has read any of it.
        for ending in ("return 1", "1 / 0", "os._exit(0)", "os.abort()"):
            for _ in range(3):
                script = f"import os\ndef main():\n    os.write(1, b'x' * 60_000)\n    {ending}"
                report = self.assert_cause(script, "output-limit", outputBytes=59_999)
                self.assertEqual(report.output_bytes, 59_999)
                self.assertIsNone(report.ended["signal"])

    def test_a_flood_before_a_proper_return_arrives_whole(self) -> None:
        report = self.assert_result("def main():\n    print('x' * 99_999)\n    return 1", 1)
        self.assertEqual(report.stdout, "x" * 99_999 + "\n")


class Death(RunnerCase):
    def test_an_exit_without_outcome_is_told_with_its_status(self) -> None:
        for status in (0, 1, 3, 255):
            report = self.assert_cause(f"import os\ndef main(): os._exit({status})", "exited")
            self.assertEqual((report.ended["exitCode"], report.ended["signal"]), (status, None))

    def test_a_death_by_signal_is_told_with_its_name(self) -> None:
        for name in ("SIGSEGV", "SIGABRT", "SIGKILL", "SIGTERM", "SIGFPE", "SIGBUS", "SIGILL"):
            report = self.assert_cause(f"import os, signal\ndef main(): os.kill(os.getpid(), signal.{name})", "signalled")
            self.assertEqual((report.ended["exitCode"], report.ended["signal"]), (None, name))
        report = self.assert_cause("import os\ndef main(): os.kill(os.getpid(), 40)", "signalled")
        self.assertEqual(report.ended["signal"], "signal 40")

    def test_a_real_crash_of_the_interpreter_is_told(self) -> None:
        report = self.assert_cause("import ctypes\ndef main(): ctypes.string_at(0)", "signalled")
        self.assertEqual(report.ended["signal"], "SIGSEGV")

    def test_output_before_a_death_is_kept(self) -> None:
        report = self.assert_cause("import os\ndef main():\n    print('last', end='')\n    os.abort()", "signalled")
        self.assertEqual(report.stdout, "last")

    def test_a_signal_that_the_script_sends_itself_and_handles_is_its_own_affair(self) -> None:
        self.assert_failure("import os, signal\ndef main():\n    os.kill(os.getpid(), signal.SIGINT)\n    while True: pass", "SCRIPT_ERROR", "...KeyboardInterrupt...")


class Service(RunnerCase):
    def started(self, script: str) -> RunnerProcess:
        runner = RunnerProcess()
        runner.request(script)
        runner.wait_for(FrameType.STARTED)
        return runner

    def test_a_cancelled_run_ends_at_once(self) -> None:
        runner = self.started("def main():\n    print('x', end='')\n    while True: pass")
        runner.wait_for(FrameType.STDOUT)
        runner.send(FrameType.CANCEL)
        report = runner.finish()
        self.assertEqual((report.cause, report.stdout, report.runner_stderr), ("cancelled", "x", ""))

    def test_a_cancel_that_comes_together_with_the_request_counts(self) -> None:
        runner = RunnerProcess()
        body = json.dumps({"script": _LOOP, "mode": "run", "limits": LIMITS}).encode()
        runner.connection.sendall(encode(FrameType.RUN, RUN, body) + encode(FrameType.CANCEL, RUN))
        self.assertEqual(runner.finish().cause, "cancelled")

    def test_a_cancel_of_another_run_is_ignored(self) -> None:
        runner = self.started("import time\ndef main():\n    time.sleep(0.3)\n    return 1")
        runner.send(FrameType.CANCEL, run=RUN + 1)
        self.assertEqual(runner.finish().result, 1)

    def test_a_service_that_goes_away_cancels_the_run(self) -> None:
        began = time.monotonic()
        report = self.started(_LOOP).wait_for_exit()
        self.assertEqual(report.runner_stderr, "")
        self.assertLess(time.monotonic() - began, 5)

    def test_a_service_that_goes_away_under_a_flood_of_output_leaves_nothing_behind(self) -> None:
        runner = self.started("import os\ndef main():\n    while True: os.write(1, b'x' * 1000)")
        self.assertEqual(runner.wait_for_exit().runner_stderr, "")

    def test_a_service_that_goes_away_before_it_asked_ends_the_runner(self) -> None:
        runner = RunnerProcess()
        runner.wait_for(FrameType.HELLO)
        self.assertEqual(runner.wait_for_exit().runner_status, 1)

    def test_a_service_out_of_step_ends_the_run(self) -> None:
        runner = self.started(_LOOP)
        runner.connection.sendall(b"garbage garbage")
        self.assertEqual(runner.finish().cause, "cancelled")

    def test_a_request_that_does_not_fit_ends_the_runner_with_the_field_s_name(self) -> None:
        for payload, message in ((b"{}", "script is not a string"), (b"x", "RUN payload is not JSON")):
            runner = RunnerProcess()
            runner.send(FrameType.RUN, payload)
            report = runner.finish()
            self.assertEqual((report.runner_status, report.order), (1, ["HELLO"]))
            self.assertIn(message, report.runner_stderr)

    def test_anything_but_a_request_ends_the_runner(self) -> None:
        for data in (encode(FrameType.CANCEL, 1), encode(FrameType.HELLO, 0, b"{}"), b"garbage garbage"):
            runner = RunnerProcess()
            runner.connection.sendall(data)
            report = runner.finish()
            self.assertEqual((report.runner_status, report.order), (1, ["HELLO"]))

    def test_hello_tells_the_protocol_and_the_interpreter(self) -> None:
        (payload,) = run("def main(): pass").payloads(FrameType.HELLO)
        hello = json.loads(payload)
        self.assertEqual(hello["protocol"], 1)
        self.assertRegex(hello["python"], r"^3\.\d+\.\d+")


if __name__ == "__main__":
    unittest.main()

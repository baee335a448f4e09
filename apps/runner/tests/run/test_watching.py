"""What the supervisor judges from outside: deadline, output, the run's death, the commands of the service."""

from __future__ import annotations

import json
import time
import unittest

from pycell_runner.protocol.contract import PROTOCOL_VERSION
from pycell_runner.protocol.frames import FrameType, encode

from ..conversation import run_payload
from ..driver import LIMITS, RUN, OnceRunner
from ..runner_case import RunnerCase

_LOOP = "def main():\n    while True: pass"


class Deadline(RunnerCase):
    def test_a_loop_without_end_is_ended(self) -> None:
        report = self.assert_killed(_LOOP, "TIMEOUT", timeoutMs=300)
        self.assertTrue(250 < report.ended["runMs"] < 2000, report.ended)
        self.assertGreater(report.ended["cpuMs"], 50)

    def test_every_way_to_wait_is_ended(self) -> None:
        for statement in ("__import__('time').sleep(99)", "[lock.acquire() for lock in [__import__('threading').Lock()] * 2]",
                          "10 ** 10 ** 10", "'a' in 'b' * 9 or sum(iter(int, 1))"):  # fmt: skip
            self.assert_killed(f"def main():\n    return {statement}", "TIMEOUT", timeoutMs=300)

    def test_a_script_that_catches_everything_is_ended(self) -> None:
        script = "import signal\nfor s in (1, 2, 10, 14, 15): signal.signal(s, signal.SIG_IGN)\ndef main():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
        self.assert_killed(script, "TIMEOUT", timeoutMs=300)

    def test_the_module_body_and_the_conversion_of_the_result_are_under_it_too(self) -> None:
        self.assert_killed("while True: pass", "TIMEOUT", timeoutMs=300)
        script = "class L(list):\n    def __iter__(self):\n        while True: pass\ndef main(): return L()"
        self.assert_killed(script, "TIMEOUT", timeoutMs=300)
        script = "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef main(): raise E"
        self.assert_killed(script, "TIMEOUT", timeoutMs=300)

    def test_what_was_printed_before_it_is_kept_also_without_a_line_end(self) -> None:
        report = self.assert_killed("import sys\ndef main():\n    print('part', end='')\n    print('err', file=sys.stderr)\n    while True: pass", "TIMEOUT", timeoutMs=300)
        self.assertEqual((report.stdout, report.stderr), ("part", "err\n"))

    def test_lines_that_c_code_printed_before_it_are_kept(self) -> None:
        report = self.assert_killed("import ctypes\ndef main():\n    ctypes.CDLL(None).puts(b'from c')\n    while True: pass", "TIMEOUT", timeoutMs=300)
        self.assertEqual(report.stdout, "from c\n")

    def test_cpu_time_is_limited_beside_it(self) -> None:
        self.assert_killed(_LOOP, "TIMEOUT", cpuSeconds=1, timeoutMs=60_000)
        ignoring = f"import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n{_LOOP}"
        self.assert_killed(ignoring, "TIMEOUT", cpuSeconds=1, timeoutMs=60_000)

    def test_its_signal_sent_by_the_script_itself_is_a_crash(self) -> None:
        report = self.assert_killed("import os, signal\ndef main(): os.kill(os.getpid(), signal.SIGXCPU)", "SCRIPT_CRASHED")
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
            report = self.assert_killed(script.format(out, err), "OUTPUT_LIMIT", outputBytes=1000)
            self.assertEqual(report.output_bytes, 1000)

    def test_printing_without_end_ends_soon(self) -> None:
        report = self.assert_killed("def main():\n    while True: print('x' * 1000)", "OUTPUT_LIMIT")
        self.assertEqual(report.output_bytes, LIMITS["outputBytes"])
        self.assertLess(report.ended["runMs"], 5000)

    def test_one_write_far_beyond_the_limit_is_cut(self) -> None:
        report = self.assert_killed("def main():\n    while True: print('x' * 50_000_000)", "OUTPUT_LIMIT")
        self.assertEqual(report.output_bytes, LIMITS["outputBytes"])

    def test_too_much_output_is_found_even_when_the_result_came_first(self) -> None:
        # All of it fits into the pipe, so main() returns before the supervisor has read any of it.
        for ending in ("return 1", "1 / 0", "os._exit(0)", "os.abort()"):
            for _ in range(3):
                script = f"import os\ndef main():\n    os.write(1, b'x' * 60_000)\n    {ending}"
                report = self.assert_end(script, "OUTPUT_LIMIT", outputBytes=59_999)
                self.assertEqual(report.output_bytes, 59_999)
                self.assertIsNone(report.ended["signal"])

    def test_a_flood_before_a_proper_return_arrives_whole(self) -> None:
        report = self.assert_result("def main():\n    print('x' * 99_999)\n    return 1", 1)
        self.assertEqual(report.stdout, "x" * 99_999 + "\n")


class Death(RunnerCase):
    def test_an_exit_without_outcome_is_reported_with_its_status(self) -> None:
        for status in (0, 1, 3, 255):
            report = self.assert_killed(f"import os\ndef main(): os._exit({status})", "SCRIPT_EXITED")
            self.assertEqual((report.ended["exitCode"], report.ended["signal"]), (status, None))

    def test_a_death_by_signal_is_reported_with_its_name(self) -> None:
        for name in ("SIGSEGV", "SIGABRT", "SIGKILL", "SIGTERM", "SIGFPE", "SIGBUS", "SIGILL"):
            report = self.assert_killed(f"import os, signal\ndef main(): os.kill(os.getpid(), signal.{name})", "SCRIPT_CRASHED")
            self.assertEqual((report.ended["exitCode"], report.ended["signal"]), (None, name))
        report = self.assert_killed("import os\ndef main(): os.kill(os.getpid(), 40)", "SCRIPT_CRASHED")
        self.assertEqual(report.ended["signal"], "signal 40")

    def test_a_real_crash_of_the_interpreter_is_reported(self) -> None:
        report = self.assert_killed("import ctypes\ndef main(): ctypes.string_at(0)", "SCRIPT_CRASHED")
        self.assertEqual(report.ended["signal"], "SIGSEGV")

    def test_output_before_a_death_is_kept(self) -> None:
        report = self.assert_killed("import os\ndef main():\n    print('last', end='')\n    os.abort()", "SCRIPT_CRASHED")
        self.assertEqual(report.stdout, "last")

    def test_a_signal_that_the_script_sends_itself_and_handles_changes_nothing(self) -> None:
        self.assert_failure("import os, signal\ndef main():\n    os.kill(os.getpid(), signal.SIGINT)\n    while True: pass", "SCRIPT_ERROR", "...KeyboardInterrupt...")


class Service(RunnerCase):
    def started(self, script: str, **limits: int) -> OnceRunner:
        runner = OnceRunner(**limits)
        runner.run.request(script)
        return runner

    def test_hello_names_the_protocol_and_the_interpreter(self) -> None:
        hello = OnceRunner().execute("def main(): pass").hello
        assert hello is not None
        self.assertEqual(hello["protocol"], PROTOCOL_VERSION)
        self.assertRegex(hello["python"], r"^3\.\d+\.\d+")

    def test_a_cancelled_run_ends_at_once(self) -> None:
        runner = self.started("def main():\n    print('x', end='')\n    while True: pass")
        runner.run.wait_for(FrameType.STDOUT)
        runner.run.cancel()
        report = runner.run.wait_for_gone()
        self.assertEqual((report.status, report.stdout, runner.close().runner_stderr), ("CANCELLED", "x", ""))

    def test_a_cancel_that_comes_together_with_the_start_counts(self) -> None:
        runner = OnceRunner()
        self.assertTrue(runner.run.is_ready())
        runner.control.connection.sendall(encode(FrameType.START, RUN, b'{"timeoutMs": 10000}') + encode(FrameType.CANCEL, RUN))
        self.assertEqual(runner.run.wait_for_gone().status, "CANCELLED")
        runner.close()

    def test_a_spare_can_be_cancelled_and_reports_no_times(self) -> None:
        runner = OnceRunner()
        self.assertTrue(runner.run.is_ready())
        runner.run.cancel()
        ended = runner.run.wait_for_gone().ended
        self.assertEqual((ended["status"], "runMs" in ended), ("CANCELLED", False))
        self.assertEqual(runner.close().runner_status, 0)

    def test_of_cancel_and_finish_the_first_counts(self) -> None:
        for first, second, status in ((FrameType.CANCEL, FrameType.FINISH, "CANCELLED"), (FrameType.FINISH, FrameType.CANCEL, "OK")):
            runner = self.started("def main(): return 1")
            runner.run.wait_for(FrameType.OUTCOME)
            runner.control.connection.sendall(encode(first, RUN) + encode(second, RUN))
            self.assertEqual(runner.run.wait_for_gone().status, status)
            runner.close()

    def test_a_cancel_of_another_run_is_ignored(self) -> None:
        runner = self.started("import time\ndef main():\n    time.sleep(0.3)\n    return 1")
        runner.control.send(FrameType.CANCEL, RUN + 1)
        self.assertEqual(runner.run.finish().result, 1)
        runner.close()

    def test_the_clock_runs_from_start_on(self) -> None:
        runner = OnceRunner(timeoutMs=300)
        self.assertTrue(runner.run.is_ready())
        time.sleep(0.5)
        runner.run.request("def main(): return 1")
        report = runner.run.finish()
        self.assertEqual((report.result, report.status), (1, "OK"))
        self.assertLess(report.ended["runMs"], 300)
        runner.close()

    def test_a_run_whose_end_the_service_does_not_hear_of_meets_its_deadline(self) -> None:
        runner = self.started("def main(): return 1", timeoutMs=300)
        runner.run.wait_for(FrameType.OUTCOME)
        self.assertEqual(runner.run.wait_for_gone().status, "TIMEOUT")
        runner.close()

    def test_a_spare_reports_anew_what_it_has_used_after_each_warming(self) -> None:
        runner = OnceRunner()
        self.assertTrue(runner.run.is_ready())
        runner.run.warm()
        runner.run.warm()
        runner.run.request("def main(): return 1")
        self.assertEqual(runner.run.finish().run_order, ["READY", "READY", "READY", "OUTCOME"])
        runner.close()

    def test_a_spare_whose_connection_is_closed_goes_without_having_started(self) -> None:
        runner = OnceRunner()
        self.assertTrue(runner.run.is_ready())
        runner.run.connection.close()
        gone = (FrameType.ENDED, FrameType.GONE)
        runner.control.wait_until(lambda: any(frame.type is FrameType.GONE for frame in runner.control.frames))
        ended, _ = (frame for frame in runner.control.frames if frame.type in gone)
        report = json.loads(ended.payload)
        self.assertEqual((report["status"], report["exitCode"], "runMs" in report), ("SCRIPT_EXITED", 0, False))
        self.assertEqual(runner.close().runner_status, 0)

    def test_a_service_that_goes_away_ends_the_run(self) -> None:
        began = time.monotonic()
        report = self.started(_LOOP).close()
        self.assertEqual((report.runner_status, report.runner_stderr), (0, ""))
        self.assertLess(time.monotonic() - began, 5)

    def test_a_service_that_goes_away_under_a_flood_of_output_leaves_nothing_behind(self) -> None:
        runner = self.started("import os\ndef main():\n    while True: os.write(1, b'x' * 1000)", outputBytes=1 << 30)
        runner.run.wait_for(FrameType.STDOUT)
        self.assertEqual(runner.close().runner_stderr, "")

    def test_a_service_that_goes_away_before_it_asked_ends_the_runner(self) -> None:
        runner = OnceRunner()
        runner.control.wait_until(lambda: bool(runner.hello()))
        report = runner.close()
        self.assertEqual((report.runner_status, report.runner_stderr), (0, ""))

    def test_a_service_out_of_step_on_control_ends_the_run(self) -> None:
        runner = self.started(_LOOP)
        runner.control.connection.sendall(b"garbage garbage")
        while runner.control.is_open:
            runner.control.read()
        self.assertEqual(runner.close().runner_stderr, "")

    def test_a_request_that_does_not_fit_fails_with_the_field_s_name(self) -> None:
        for payload, message in ((run_payload(b"", "toString"), "mode is 'toString', not one of function"), (run_payload(b"\xff"), "script is not UTF-8"), (b"{}", "the payload has 2 bytes left, not 4")):
            self.assert_not_a_run(encode(FrameType.RUN, RUN, payload), message)

    def test_anything_but_a_request_fails(self) -> None:
        for data, message in (
            (encode(FrameType.CANCEL, 1), "expected RUN, got type 2"),
            (encode(FrameType.HELLO, 0, b"{}"), "expected RUN, got type 16"),
            (b"garbage garbage", "not a frame header"),
        ):
            self.assert_not_a_run(data, message)

    def assert_not_a_run(self, data: bytes, message: str) -> None:
        runner = OnceRunner()
        self.assertTrue(runner.run.is_ready())
        runner.run.connection.sendall(data)
        report = runner.run.wait_for_gone()
        self.assertEqual((report.failure["status"], report.status), ("INTERNAL", "SCRIPT_EXITED"))
        self.assertIn(message, report.failure["message"])
        self.assertEqual(runner.close().runner_status, 0)

    def test_limits_that_do_not_fit_end_the_runner_with_the_field_s_name(self) -> None:
        report = OnceRunner(timeoutMs=0).close()
        self.assertEqual((report.runner_status, report.hello), (1, None))
        self.assertIn("limits.timeoutMs is 0, not a positive integer", report.runner_stderr)


if __name__ == "__main__":
    unittest.main()

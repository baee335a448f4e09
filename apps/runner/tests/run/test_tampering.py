"""Scripts that break, replace or forge what their outcome depends on."""

from __future__ import annotations

import unittest

from pycell_runner.protocol.frames import FrameType, encode
from pycell_runner.protocol.outcome import outcome_of_result, payload_start
from pycell_runner.protocol.sections import with_length

from ..driver import OnceRunner
from ..report import Report
from ..runner_case import RunnerCase

_CHANNEL = 63


class Patches(RunnerCase):
    def test_patched_modules_do_not_change_the_result(self) -> None:
        for patch in (
            "import json; json.dumps = json.loads = None; json.JSONEncoder.encode = json.encoder.c_make_encoder = None",
            "import json.encoder; json.encoder.encode_basestring = lambda s: 'x'; json.encoder.JSONEncoder = None",
            "import builtins; builtins.print = builtins.len = builtins.isinstance = None",
            "import sys; sys.stdout = sys.stderr = sys.__stdout__ = None",
            "import sys; sys.stdout = 5",
            "import sys; del sys.stdout, sys.stderr",
            "import sys; sys.stdout.close(); sys.stderr.close()",
            "import sys; sys.exit = sys.setrecursionlimit = sys.exc_info = None; sys.excepthook = None",
            "import os; os.write = os._exit = os.close = os.getpid = None",
            "import traceback; traceback.TracebackException = None; traceback.StackSummary.from_list = None",
            "import linecache; linecache.cache = None; linecache.getline = linecache.checkcache = None",
            "import struct, types, math, enum; struct.pack = types.ModuleType = math.isfinite = enum.Enum = None",
            "import dataclasses; dataclasses.fields = dataclasses.is_dataclass = None",
            "import sys; sys.setrecursionlimit(sys.getrecursionlimit() // 4)",
            "import sys; sys.modules.clear()",
            "import sys; sys.modules = None",
            "import sys; sys.path[:] = []; sys.meta_path.clear(); sys.path_hooks.clear()",
            "import gc; gc.disable(); gc.set_threshold(1)",
            "import signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL)",
            "del __builtins__",
            "__builtins__ = {}",
            "import decimal; decimal.getcontext().prec = 1",
            "import locale; locale.setlocale(locale.LC_ALL, 'C')",
        ):
            with self.subTest(patch):
                self.assert_result(f"{patch}\ndef main(): return {{'a': [1.5, 'é', (None,)]}}", {"a": [1.5, "é", [None]]})

    def test_a_channel_that_waits_for_nothing_delivers_the_result_all_the_same(self) -> None:
        self.assert_result(f"import os\ndef main():\n  os.set_blocking({_CHANNEL}, False)\n  return 'x' * 3_000_000", "x" * 3_000_000)

    def test_patched_modules_do_not_hide_an_exception(self) -> None:
        for patch in (
            "import traceback; traceback.TracebackException = traceback.print_exc = None",
            "import linecache; linecache.cache = None",
            "import builtins; builtins.str = builtins.id = builtins.len = None",
            "import builtins; vars(builtins).clear()",
            "import json; json.dumps = None",
            "import sys; del sys.stdout; sys.modules.clear()",
            "import sys; sys.excepthook = sys.exc_info = None",
        ):
            with self.subTest(patch):
                script = f"{patch}\ndef main(): 1 / 0"
                report = self.assert_failure(script, "SCRIPT_ERROR", "ZeroDivisionError: division by zero (line 2)")
                self.assertEqual(report.failure["line"], 2)

    def test_replaced_builtins_do_not_change_what_the_standard_library_makes_of_a_value(self) -> None:
        for value, result in (
            ("dataclasses.make_dataclass('Point', ['x'])(1)", {"x": 1}),
            ("decimal.Decimal('1.50')", "1.50"),
            ("[uuid.UUID(int=1), pathlib.PurePosixPath('a')]", ["00000000-0000-0000-0000-000000000001", "a"]),
        ):
            script = f"import builtins, dataclasses, decimal, pathlib, uuid\ndef main():\n    value = {value}\n    builtins.getattr = builtins.str = builtins.isinstance = builtins.len = None\n    return value"
            with self.subTest(value):
                self.assert_result(script, result)

    def test_emptied_builtins_do_not_change_the_result(self) -> None:
        self.assert_result("import builtins\ndef main():\n    vars(builtins).clear()\n    return [{1, 2}]", [[1, 2]])
        self.assert_result("import builtins\ndef main(): return [1]\nvars(builtins).clear()", [1])

    def test_a_recursion_limit_lowered_to_the_ground_does_not_change_the_outcome(self) -> None:
        lower = "import sys\ndef low():\n    for n in range(5, 200):\n        try:\n            return sys.setrecursionlimit(n)\n        except RecursionError: pass\n"
        self.assert_result(f"{lower}def main():\n    low()\n    return [[[[[[1]]]]]]", [[[[[[1]]]]]])
        self.assert_failure(f"{lower}def main():\n    low()\n    1 / 0", "SCRIPT_ERROR", "...division by zero...")

    def test_trace_and_profile_functions_do_not_reach_the_outcome(self) -> None:
        hook = "import sys\ndef hook(frame, event, arg):\n    if armed: raise ValueError('hook')\n    return hook\narmed = 0\n"
        for setter in ("settrace", "setprofile"):
            self.assert_result(f"{hook}def main():\n    global armed\n    sys.{setter}(hook)\n    return 1", 1)
        self.assert_result(f"{hook}def main():\n    sys.settrace(hook)\n    return [[1]]", [[1]])

    def test_an_alarm_left_behind_does_not_interrupt_the_outcome(self) -> None:
        script = (
            "import signal\ndef ring(*_): raise TimeoutError('rung')\nsignal.signal(signal.SIGALRM, ring)\n"
            "def main():\n    signal.setitimer(signal.ITIMER_REAL, {first}, {first} / 20)\n    return list(range(400_000))"
        )
        # Which of both it is depends on the machine: it may ring before main() has returned.
        for first in (0.001, 0.003, 0.01, 0.03):
            report = self.execute(script.format(first=first))
            self.assertIn(report.status, ("OK", "SCRIPT_ERROR"))
            if report.status == "SCRIPT_ERROR":
                self.assertIn("rung", report.failure["message"])

    def test_an_audit_hook_that_refuses_everything_refuses_the_result(self) -> None:
        # There is no way to be rid of an audit hook, and looking at a list raises an event. A number raises none.
        script = "import sys\ndef main():\n    def no(*_): raise ValueError\n    sys.addaudithook(no)\n    return {}"
        self.assert_failure(script.format("[1]"), "RESULT_NOT_SERIALIZABLE", "...raised ValueError while it was read...")
        self.assert_result(script.format("1"), 1)

    def test_a_stream_of_the_script_s_own_is_flushed_and_its_faults_ignored(self) -> None:
        script = "import sys\nclass S:\n    def write(self, s): pass\n    def flush(self): {}\nsys.stdout = S()\ndef main():\n    print('x')\n    return 1"
        self.assert_result(script.format("1 / 0"), 1)
        self.assert_result(script.format("raise SystemExit"), 1)
        self.assertEqual(self.assert_result(script.format("sys.__stdout__.write('flushed')"), 1).stdout, "flushed")

    def test_a_script_can_print_to_a_closed_stream_only_in_vain(self) -> None:
        message = "ValueError: I/O operation on closed file. (line 4)"
        self.assert_failure("import sys\ndef main():\n    sys.stdout.close()\n    print(1)", "SCRIPT_ERROR", message)
        script = "import sys, os\ndef main():\n    os.close(1)\n    print(1)"
        self.assert_failure(script, "SCRIPT_ERROR", "OSError: [Errno 9] Bad file descriptor (line 4)")


class Descriptors(RunnerCase):
    def test_closing_the_standard_streams_does_not_harm_the_result(self) -> None:
        self.assert_result("import os\ndef main():\n    os.close(0); os.close(1); os.close(2)\n    return 1", 1)
        self.assert_result("import os\ndef main():\n    os.closerange(0, 60)\n    return 1", 1)

    def test_writing_to_low_descriptors_does_not_meet_the_channel(self) -> None:
        script = "import os\ndef main():\n    for n in range(3, 63):\n        try:\n            os.write(n, b'x')\n        except OSError: pass\n    return 1"
        self.assert_result(script, 1)

    def test_the_run_holds_its_streams_and_its_channel_and_nothing_else(self) -> None:
        script = "import os\ndef main():\n    held = []\n    for n in range(64):\n        try:\n            os.fstat(n); held.append(n)\n        except OSError: pass\n    return held"
        self.assert_result(script, [0, 1, 2, 63])
        self.assert_result(script, [0, 1, 2, 15], openFiles=16)

    def test_closing_the_channel_is_reported(self) -> None:
        self.assert_killed("import os\ndef main():\n    os.closerange(3, 1000)\n    return 1", "SCRIPT_EXITED")
        self.assert_killed("import os\ndef main():\n    os.closerange(3, 1000)\n    1 / 0", "SCRIPT_EXITED")

    def test_closing_the_channel_does_not_stop_the_deadline(self) -> None:
        script = "import os\ndef main():\n    os.close(63)\n    while True: pass"
        self.assert_killed(script, "TIMEOUT", timeoutMs=300)

    def test_another_file_in_the_channel_s_place_takes_the_outcome_with_it(self) -> None:
        report = self.assert_killed("import os\ndef main():\n    os.dup2(1, 63)\n    return 1", "SCRIPT_EXITED")
        self.assertTrue(report.stdout.startswith("\x14"), report.stdout)


def _result(text: bytes) -> bytes:
    """The payload of OUTCOME with this result."""
    return payload_start(outcome_of_result(text), ()) + text


class Forgeries(RunnerCase):
    """A script may write any bytes to its own connection. It is the service that judges them; they reach nobody else."""

    def forge(self, *frames: bytes, then: str = "return 1") -> str:
        writes = "".join(f"    os.write({_CHANNEL}, {frame!r})\n" for frame in frames)
        return f"import os\ndef main():\n{writes}    {then}"

    def assert_reaches_the_service_only(self, *frames: bytes) -> None:
        """The driver refuses what is no outcome, and cancels the run."""
        report = self.assert_killed(self.forge(*frames, then="while True: pass"), "CANCELLED")
        self.assertTrue(report.run_bytes.endswith(b"".join(frames)), report.run_bytes)
        self.assertEqual(report.order, ["ENDED", "GONE"])

    def test_bytes_that_are_no_frame_reach_the_service_unaltered_and_nobody_else(self) -> None:
        self.assert_reaches_the_service_only(b"garbage garbage")
        self.assert_reaches_the_service_only(b"\0" * 12)
        self.assert_reaches_the_service_only(encode(FrameType.OUTCOME, 0, b"1")[:1] + b"\1" * 11)
        self.assert_reaches_the_service_only(encode(FrameType.OUTCOME, 0, b"")[:8] + b"\xff\xff\xff\xff")

    def test_frames_that_are_not_the_run_s_to_send_change_nothing_at_the_supervisor(self) -> None:
        for kind in FrameType:
            if kind not in (FrameType.OUTCOME, FrameType.READY):
                with self.subTest(kind.name):
                    self.assert_reaches_the_service_only(encode(kind, 1, b"1"))

    def test_a_measure_cannot_be_forged(self) -> None:
        self.assert_reaches_the_service_only(encode(FrameType.ENDED, 1, b'{"status": "OK", "runMs": 0}'))
        ready = encode(FrameType.READY, 99, b'{"residentBytes": 0, "cpuMs": 0}')
        report = self.assert_killed(self.forge(ready, then="while True: pass"), "TIMEOUT", timeoutMs=300)
        self.assertGreater(report.ended["runMs"], 250)

    def test_a_forged_result_belongs_to_this_run_whatever_number_it_bears(self) -> None:
        report = self.execute(self.forge(encode(FrameType.OUTCOME, 99, _result(b'1,"execution":{}')), then="while True: pass"))
        self.assertEqual(report.payloads(FrameType.OUTCOME), [_result(b'1,"execution":{}')])
        self.assertEqual({frame.run for frame in report.from_supervisor}, {report.from_run[0].run})
        self.assert_orderly(report)

    def test_of_two_outcomes_the_first_counts(self) -> None:
        two = encode(FrameType.OUTCOME, 0, _result(b'"first"')) + encode(FrameType.OUTCOME, 0, _result(b'"second"'))
        self.assertEqual(self.execute(self.forge(two)).result, "first")
        self.assertEqual(self.execute(self.forge(encode(FrameType.OUTCOME, 0, _result(b'"first"')) + b"\xff" * 50)).result, "first")
        failure = encode(FrameType.OUTCOME, 0, with_length(b'{"status": "SCRIPT_ERROR", "message": "m", "sections": []}'))
        self.assertEqual(self.execute(self.forge(failure)).failure["message"], "m")

    def test_half_a_frame_is_no_outcome(self) -> None:
        half = encode(FrameType.OUTCOME, 0, _result(b"1234"))[:-1]
        self.assert_killed(self.forge(half, then="os._exit(0)"), "SCRIPT_EXITED")
        self.assert_killed(self.forge(half, then="while True: pass"), "TIMEOUT", timeoutMs=300)

    def test_a_flood_of_bytes_that_nobody_reads_does_not_stop_the_deadline(self) -> None:
        runner = OnceRunner(timeoutMs=300)
        runner.run.request(f"import os\ndef main():\n    while True: os.write({_CHANNEL}, b'x' * 65536)")
        runner.control.wait_until(lambda: any(frame.type is FrameType.ENDED for frame in runner.control.frames))
        self.assertEqual(runner.run.wait_for_gone().status, "TIMEOUT")
        report: Report = runner.close()
        self.assertEqual((report.runner_status, report.runner_stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()

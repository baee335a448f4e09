"""What the supervisor keeps of one run: its limits, which are its own from START on, and its status."""

from __future__ import annotations

import json
import resource
import signal
import time
import unittest
from dataclasses import replace
from typing import Any

from pycell_runner.protocol.request import parse_limits
from pycell_runner.supervisor.run_state import RunState

from ..driver import LIMITS

_OF_RUNNER = parse_limits(json.dumps(LIMITS))
_OWN = replace(_OF_RUNNER, timeout_ms=1500, output_bytes=10, cpu_seconds=1)


def _run() -> RunState:
    return RunState(number=5, pid=1, stdout=-1, stderr=-1, limits=_OF_RUNNER)


class Limits(unittest.TestCase):
    def test_are_those_of_the_runner_until_the_run_is_started(self) -> None:
        run = _run()
        self.assertIsNone(run.deadline)
        self.assertEqual(run.output_left, LIMITS["outputBytes"])

    def test_are_the_run_s_own_from_start_on(self) -> None:
        run, other = _run(), _run()
        run.start(_OWN)
        other.start(_OF_RUNNER)
        assert run.deadline is not None and other.deadline is not None
        self.assertAlmostEqual(run.deadline - time.monotonic(), 1.5, delta=1)
        self.assertAlmostEqual(other.deadline - time.monotonic(), LIMITS["timeoutMs"] / 1000, delta=1)
        self.assertEqual((run.output_left, other.output_left), (10, LIMITS["outputBytes"]))

    def test_what_was_passed_on_before_start_counts(self) -> None:
        run = _run()
        run.output_bytes = 4
        run.start(_OWN)
        self.assertEqual(run.output_left, 6)
        run.output_bytes = 12
        self.assertEqual(run.output_left, 0)

    def test_a_death_by_the_kernel_is_judged_by_the_run_s_own_cpu_limit(self) -> None:
        for limits, status in ((_OWN, "TIMEOUT"), (_OF_RUNNER, "SCRIPT_CRASHED")):
            run = _run()
            run.start(limits)
            run.usage = _usage(cpu_seconds=1.01)
            run.end("died")
            self.assertEqual(json.loads(run.ended_payload(signal.SIGXCPU))["status"], status)


class Causes(unittest.TestCase):
    def test_the_first_one_wins(self) -> None:
        run = _run()
        self.assertTrue(run.end("TIMEOUT"))
        self.assertFalse(run.end("CANCELLED"))
        self.assertEqual(run.status, "TIMEOUT")

    def test_too_much_output_replaces_an_end_that_the_run_chose_and_no_other(self) -> None:
        for status, expected in (("OK", "OUTPUT_LIMIT"), ("died", "OUTPUT_LIMIT"), ("TIMEOUT", "TIMEOUT")):
            run = _run()
            run.end(status)
            run.end_by_output()
            self.assertEqual(run.status, expected)


def _usage(cpu_seconds: float) -> resource.struct_rusage:
    fields: list[Any] = [cpu_seconds, 0.0, *[0] * 14]
    return resource.struct_rusage(fields)


if __name__ == "__main__":
    unittest.main()

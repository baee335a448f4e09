"""Test cases that run scripts: by the runner for one run, or by one warm runner for all tests of a class."""

from __future__ import annotations

from typing import Any, ClassVar
from unittest import TestCase

from pycell_runner.kernel import linux

from .conversation import Parts
from .driver import OnceRunner, WarmRunner
from .report import Report


class RunnerCase(TestCase):
    """Runs each script in a runner of its own (`--once`)."""

    @classmethod
    def setUpClass(cls) -> None:
        linux.become_subreaper()

    def execute(self, script: str, *options: str, mode: str = "function", **limits: int) -> Report:
        """Run one script and return what the service learns of it."""
        return OnceRunner(*options, **limits).execute(script, mode)

    def execute_with(self, parts: Parts, script: str, mode: str = "function", **limits: int) -> Report:
        """The same with what comes with the script."""
        return OnceRunner(**limits).execute(script, mode, parts)

    def assert_result(self, script: str, expected: Any, *options: str, **limits: int) -> Report:
        report = self.execute(script, *options, mode="function", **limits)
        self.assertEqual(report.result, expected)
        self.assert_orderly(report)
        return report

    def assert_failure(self, script: str, status: str, message: str | None = None, **limits: int) -> Report:
        """`message` is the whole message, or a piece of it between dots: `...piece...`."""
        report = self.execute(script, mode="function", **limits)
        self.assertEqual(report.failure["status"], status, report.failure)
        if message is not None and message.startswith("..."):
            self.assertIn(message.strip("."), report.failure["message"])
        elif message is not None:
            self.assertEqual(report.failure["message"], message)
        self.assert_orderly(report)
        return report

    def assert_orderly(self, report: Report) -> None:
        self.assertEqual(report.status, "OK")
        self.assertEqual(report.runner_stderr, "")
        self.assertIn(report.runner_status, (0, None))

    def assert_end(self, script: str, status: str, *options: str, **limits: int) -> Report:
        report = self.execute(script, *options, mode="function", **limits)
        self.assertEqual(report.status, status, report)
        self.assertEqual(report.runner_stderr, "")
        return report

    def assert_killed(self, script: str, status: str, *options: str, **limits: int) -> Report:
        """The run ended with this status, before it could send an outcome."""
        report = self.assert_end(script, status, *options, **limits)
        self.assertFalse(report.has_outcome, report)
        return report


class WarmCase(RunnerCase):
    """Runs its scripts in forks of zygotes (`--warm`), which have to be as good as runners of their own."""

    _runners: ClassVar[dict[Any, WarmRunner]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls._runners = {}

    @classmethod
    def tearDownClass(cls) -> None:
        complaints = [runner.close() for runner in cls._runners.values()]
        assert not any(complaints), complaints

    def execute(self, script: str, *options: str, mode: str = "function", **limits: int) -> Report:
        """Run one script in a warm runner with these limits: one for all tests of the class."""
        return self.runner(*options, **limits).execute(script, mode, "packages" if options else "bare")

    def execute_with(self, parts: Parts, script: str, mode: str = "function", **limits: int) -> Report:
        return self.runner(**limits).execute(script, mode, parts=parts)

    def runner(self, *options: str, **limits: int) -> WarmRunner:
        """The class's runner with these options and limits."""
        key = (options, *sorted(limits.items()))
        if key not in self._runners:
            self._runners[key] = WarmRunner(*options, **limits)
        return self._runners[key]

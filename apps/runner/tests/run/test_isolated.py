"""A run with `--isolated`, under the seccomp filter, though without the jail around it."""

from __future__ import annotations

import unittest

from ..driver import RUNNER, OnceRunner
from ..runner_case import RunnerCase


class _RunnerThatAsks(OnceRunner):
    isolated_program = RUNNER


class IsolatedRun(RunnerCase):
    def test_ordinary_scripts_do_not_notice(self) -> None:
        for body, expected in (
            ("return 1", 1),
            ("import threading\n    t = threading.Thread(target=print, args=('t',)); t.start(); t.join()\n    return 2", 2),
            ("import concurrent.futures as f\n    with f.ThreadPoolExecutor(4) as p: return sum(p.map(int, '123'))", 6),
            ("import asyncio\n    async def f(): await asyncio.sleep(0.01); return 4\n    return asyncio.run(f())", 4),
            ("import tempfile\n    with tempfile.TemporaryFile() as f: return f.write(b'12345')", 5),
            ("import time, datetime, random, secrets, uuid\n    time.sleep(0.01); uuid.uuid4(); secrets.token_hex()\n    return 6", 6),
            ("import signal\n    signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause()\n    return 7", 7),
            ("import sqlite3\n    return sqlite3.connect(':memory:').execute('select 8').fetchone()[0]", 8),
        ):
            with self.subTest(body):
                self.assert_result(f"def main():\n    {body}", expected, "--isolated")

    def test_processes_are_refused_with_a_reason(self) -> None:
        reason = "a script may not start processes: the sandbox allows threads only"
        for body in ("os.fork()", "subprocess.run(['true'])", "multiprocessing.Process(target=print).start()", "os.forkpty()"):
            report = self.execute(f"import os, subprocess, multiprocessing\ndef main():\n    {body}", "--isolated")
            self.assertIn(reason, report.failure["message"])

    def test_the_shell_is_refused(self) -> None:
        report = self.execute("import os\ndef main():\n    return os.system('echo no') != 0", "--isolated")
        self.assertEqual((report.result, report.stdout), (True, ""))

    def test_the_network_is_refused(self) -> None:
        report = self.execute("import socket\ndef main():\n    socket.socket()", "--isolated")
        self.assertIn("PermissionError", report.failure["message"])

    def test_a_run_cannot_kill_its_supervisor(self) -> None:
        report = self.execute("import os\ndef main():\n    os.kill(os.getppid(), 9)", "--isolated")
        self.assertIn("PermissionError", report.failure["message"])

    def test_memory_errors_and_exceptions_are_reported_as_elsewhere(self) -> None:
        report = self.execute("def main(): return bytearray(1 << 30)", "--isolated")
        self.assertEqual(report.failure["status"], "MEMORY_LIMIT")

    def test_a_forbidden_system_call_of_another_abi_ends_the_run_by_sigsys(self) -> None:
        script = "import ctypes\ndef main(): ctypes.CDLL(None).syscall(0x40000000 + 39)"
        report = self.execute(script, "--isolated")
        self.assertEqual((report.status, report.ended["signal"]), ("SCRIPT_CRASHED", "SIGSYS"))

    def test_the_runner_itself_serves_nothing_where_there_is_no_jail(self) -> None:
        report = _RunnerThatAsks("--isolated").close()
        self.assertEqual((report.runner_status, report.hello, report.from_run), (1, None, []))
        self.assertIn("isolation check failed", report.runner_stderr)


if __name__ == "__main__":
    unittest.main()

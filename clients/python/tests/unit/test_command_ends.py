"""How the command ends: by its exit code, and without a traceback of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from unittest.mock import patch

from .command_case import END, ENVIRONMENT, START, CommandCase, result
from .scripted_server import DROP, Answer, artifact, as_json, as_lines, problem


class EndTest(CommandCase):
    def test_what_the_command_line_gets_wrong_is_2(self) -> None:
        for arguments in (
            ("--input", "k"),
            ("--input", "k=1", "--input-json", "k=1"),
            ("--input-json", "k={"),
            ("--input-json", "k=NaN"),
            ("--input-json", "k=1e9999999999999999999"),
            ("--input-json", 'k={"a": 1, "a": 2}'),
            ("--input-json", 'k=[{"o": {"a": 1, "b": 2, "\\u0061": 2}}]'),
            ("--file", "missing"),
            ("--file", "s.py", "--file", "s.py"),
            ("--timeout", "0"),
            ("--timeout", "nan"),
            ("--memory", "0"),
            ("--output", "s.py"),
            ("--url", "ftp://a"),
            ("--mode", "other"),
        ):
            with self.subTest(arguments):
                done = self.run_it("run", *arguments)
                self.assertEqual(done.returncode, 2, done)
                self.assertNotIn("Traceback", done.stderr)
                self.assertNotEqual(done.stderr, "")
        self.assertEqual(self.server.requests, [])

    def test_each_end_has_its_code(self) -> None:
        failed = as_lines(START, {"type": "error", **problem("SCRIPT_ERROR", "E: x", traceback="T", hint="Do y")}, END)
        cases = [
            (failed, 1, "SCRIPT_ERROR: E: x"),
            (as_json(problem("SYNTAX_ERROR"), 400), 1, "SYNTAX_ERROR"),
            (as_json(problem("POLICY_VIOLATION"), 400), 1, "POLICY_VIOLATION"),
            (as_json(problem("UNAUTHENTICATED"), 401), 3, "UNAUTHENTICATED"),
            (as_json(problem("SANDBOX_UNAVAILABLE"), 503, retry_after="600"), 4, "SANDBOX_UNAVAILABLE"),
            (as_json(problem("RATE_LIMITED"), 429, retry_after="600"), 4, "RATE_LIMITED"),
            (as_json(problem("INTERNAL"), 500), 4, "INTERNAL"),
            (as_json(problem("SCRIPT_TOO_LARGE"), 400), 1, "SCRIPT_TOO_LARGE"),
            (as_json(problem("NOT_FOUND"), 404), 3, "NOT_FOUND"),
            (DROP, 5, "ConnectionFailed"),
            (as_lines(START), 5, "StreamCut"),
            (Answer(200, b"<html>"), 5, "UnexpectedAnswer"),
        ]
        for answer, code, said in cases:
            with self.subTest(said):
                done = self.run_it("run", answers=(answer,))
                self.assertEqual(done.returncode, code, done)
                self.assertIn(said, done.stderr)
                self.assertNotIn("Traceback (most", done.stderr)

    def test_a_script_that_is_refused_ends_validate_as_it_ends_run(self) -> None:
        for code in ("POLICY_VIOLATION", "SCRIPT_TOO_LARGE"):
            done = self.run_it("validate", answers=(as_json(problem(code), 400),))
            self.assertEqual(done.returncode, 1, done)

    def test_what_is_wrong_with_the_machine_is_no_failed_script(self) -> None:
        for environment in (
            {"ALL_PROXY": "socks5://u:secret@127.0.0.1:1"},
            {"HTTP_PROXY": "ftp://u:secret@proxy"},
            {"SSL_CERT_FILE": "/nonexistent/ca.pem"},
        ):
            with self.subTest(environment):
                done = self.run_it("run", "--url", "https://pycell.invalid", environment=environment)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn(next(iter(environment)), done.stderr)
                self.assertNotIn("Traceback", done.stderr)
                self.assertNotIn("secret", done.stderr)

    def test_a_fault_of_the_command_itself_has_a_code_of_its_own(self) -> None:
        with patch("pycell.cli.run_command.Client", side_effect=AssertionError("not thought of")):
            done = self.run_it("run")
        self.assertEqual((done.returncode, done.stdout), (70, ""))
        self.assertIn("AssertionError: not thought of", done.stderr)
        self.assertIn("a fault of the command itself", done.stderr)

    def test_a_key_that_was_not_sent_is_told_of(self) -> None:
        refused = as_json(problem("UNAUTHENTICATED", "A key is needed"), 401)
        environment = {"PYCELL_URL": "https://pycell.example", "PYCELL_API_KEY": "pycell_secret"}
        with patch("pycell._settings.is_this_machine", return_value=False):
            done = self.run_it("run", answers=(refused,), environment=environment)
        self.assertNotIn("x-api-key", self.server.requests[0].headers)
        self.assertEqual(done.returncode, 3)
        self.assertIn("PYCELL_API_KEY was not sent", done.stderr)

    def test_a_service_that_is_away_is_5_and_is_named(self) -> None:
        url = self.server.url
        self.server.close()
        done = self.run_it("run")
        self.assertEqual(done.returncode, 5)
        self.assertIn(f"{url}/execute could not be sent", done.stderr)
        self.assertNotIn("the request was", done.stderr)

    def test_what_speaks_no_http_is_5(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def greet() -> None:
                with listener.accept()[0] as connection:
                    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
                    connection.recv(65536)

            greeter = threading.Thread(target=greet)
            greeter.start()
            done = self.run_it("run", "--url", f"http://127.0.0.1:{listener.getsockname()[1]}")
            greeter.join()
        self.assertEqual((done.returncode, done.stdout), (5, ""))
        self.assertIn("ConnectionFailed", done.stderr)

    def test_a_key_that_is_wrong_is_3_and_is_not_shown(self) -> None:
        refused = as_json(problem("UNAUTHENTICATED", "The API key is not known"), 401)
        done = self.run_it("run", answers=(refused,), environment={"PYCELL_API_KEY": "pycell_secret"})
        self.assertEqual(self.server.requests[0].headers["x-api-key"], "pycell_secret")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("UNAUTHENTICATED: The API key is not known", done.stderr)
        broken = self.run_it("run", environment={"PYCELL_API_KEY": "pycell_secret\n"})
        self.assertEqual(broken.returncode, 2)
        self.assertNotIn("secret", done.stderr + broken.stderr)

    def test_standard_input_that_is_closed_is_2(self) -> None:
        command = [sys.executable, "-m", "pycell", "run", "-", "--url", self.server.url]
        closed = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
        done = subprocess.run(closed, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "pycell: Standard input is closed: give a file instead of -\n")

    def test_ctrl_c_ends_the_run(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        process = self.start("run", answers=(as_lines(START, {"type": "stdout", "text": "begun\n"}, go_on=go_on),))
        with process:
            assert process.stdout is not None and process.stderr is not None
            self.assertEqual(process.stdout.readline(), b"begun\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 130)
            self.assertEqual(process.stderr.read(), b"pycell: cancelled\n")
        self.assertTrue(self.server.was_left.wait(5))

    def test_ctrl_c_leaves_nothing_untold_of_what_was_not_written(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        told = (START, {"type": "artifact", **artifact("../b")}, {"type": "stdout", "text": "begun\n"})
        with self.start("run", "--output", "out", answers=(as_lines(*told, go_on=go_on),)) as process:
            assert process.stdout is not None and process.stderr is not None
            self.assertEqual(process.stdout.readline(), b"begun\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 130)
            said = process.stderr.read()
        self.assertRegex(said, rb"^pycell: '\.\./b' is not written: .*\npycell: cancelled\n$")

    def test_a_reader_that_goes_away_ends_the_run(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        texts = [{"type": "stdout", "text": "x" * 65536} for _ in range(40)]
        process = self.start("run", answers=(as_lines(START, *texts, go_on=go_on),))
        with process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.read(1)
            process.stdout.close()
            self.assertEqual(process.wait(30), 141)
            self.assertEqual(process.stderr.read(), b"")
        self.assertTrue(self.server.was_left.wait(5))

    def test_ctrl_c_ends_the_wait_for_an_answer(self) -> None:
        begin = threading.Event()
        self.addCleanup(begin.set)
        process = self.start("run", answers=(Answer(begin=begin),))
        with process:
            assert process.stderr is not None
            self.assertTrue(self.server.was_asked.wait(30))
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 130)
            self.assertEqual(process.stderr.read(), b"pycell: cancelled\n")

    def test_a_full_disk_ends_the_run_and_is_6(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        told = as_lines(START, {"type": "stdout", "text": "text\n"}, go_on=go_on)
        with open("/dev/full", "wb") as full, self.start("run", answers=(told,), stdout=full.fileno()) as process:
            assert process.stderr is not None
            self.assertEqual(process.wait(30), 6)
            self.assertEqual(process.stderr.read(), b"pycell: The output cannot be written: No space left on device\n")
        self.assertTrue(self.server.was_left.wait(5))

    def test_what_cannot_be_said_on_standard_error_ends_it_too(self) -> None:
        failed = as_lines(START, {"type": "error", **problem("SCRIPT_ERROR")}, END)
        with open("/dev/full", "wb") as full, self.start("run", answers=(failed,), stderr=full.fileno()) as process:
            self.assertEqual(process.wait(30), 6)
        ours, theirs = os.pipe()
        os.close(ours)
        with self.start("run", answers=(failed,), stderr=theirs) as process:
            os.close(theirs)
            self.assertEqual(process.wait(30), 141)

    def test_an_output_that_was_closed_before_is_none(self) -> None:
        told = as_lines(START, {"type": "stdout", "text": "text\n"}, {"type": "stderr", "text": "text\n"}, result(1), END)
        self.server.will_answer(told)
        command = [sys.executable, "-m", "pycell", *self.arguments("run")]
        closed = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command]
        self.assertEqual(subprocess.run(closed, cwd=self.folder, env=ENVIRONMENT, timeout=60).returncode, 0)

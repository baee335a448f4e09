"""The command, as a process of its own, against a service that says what it is told."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from .scripted_server import DROP, EXECUTION, Answer, ScriptedServer, artifact, as_json, as_lines, executed, problem

START = {"type": "start", "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
END = {"type": "end"}
#: Where the packages of the tests are, for the process that is started.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def result(value: object) -> dict[str, object]:
    return {"type": "result", "result": value, "execution": EXECUTION}


class CommandTest(TestCase):
    def setUp(self) -> None:
        self.server = ScriptedServer()
        self.addCleanup(self.server.close)
        holder = TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        (self.folder / "s.py").write_text("def main(**k): ...")

    def command(self, *arguments: str) -> list[str]:
        name, *others = arguments
        return [sys.executable, "-m", "pycell", name, "s.py", "--url", self.server.url, *others]

    def run_it(self, *arguments: str, answers: tuple[Answer, ...] = (), stdin: bytes = b"") -> "subprocess.CompletedProcess[str]":
        self.server.will_answer(*answers)
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, env=ENVIRONMENT, capture_output=True, input=stdin, timeout=30
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def test_shows_output_and_the_result(self) -> None:
        told = (START, {"type": "stdout", "text": "a"}, {"type": "stderr", "text": "b\n"}, result({"n": 2**70}), END)
        done = self.run_it("run", answers=(as_lines(*told),))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f'a\n{{"n": {2**70}}}\n', "b\n"))

    def test_keeps_the_digits_of_a_result(self) -> None:
        line = b'{"type":"result","result":[1.10,1e400],"execution":%s}\n{"type":"end"}\n' % json.dumps(EXECUTION).encode()
        answer = Answer(headers={"Content-Type": "application/x-ndjson"}, pieces=(line,))
        self.assertEqual(self.run_it("run", answers=(answer,)).stdout, "[1.10, 1E+400]\n")

    def test_sends_what_the_command_line_says(self) -> None:
        (self.folder / "f.csv").write_bytes(b"hi")
        self.run_it(
            *("run", "--input", "k=a=b", "--input-json", "n=[1, 2]", "--file", "f.csv", "--file", "d/g=f.csv"),
            *("--stdin", "-", "--mode", "script", "--timeout", "1.5", "--memory", "64"),
            answers=(as_lines(START, result(None), END),),
            stdin=b"in",
        )
        self.assertEqual(
            self.server.requests[0].json(),
            {
                "script": "def main(**k): ...",
                "mode": "script",
                "inputs": {"k": "a=b", "n": [1, 2]},
                "stdin": "in",
                "files": [{"name": "f.csv", "base64": "aGk="}, {"name": "d/g", "base64": "aGk="}],
                "limits": {"timeoutMs": 1500, "memoryMb": 64},
            },
        )

    def test_what_the_command_line_gets_wrong_is_2(self) -> None:
        for arguments in (
            ("--input", "k"),
            ("--input", "k=1", "--input-json", "k=1"),
            ("--input-json", "k={"),
            ("--input-json", "k=NaN"),
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
            (as_json(problem("POLICY_VIOLATION"), 400), 3, "POLICY_VIOLATION"),
            (as_json(problem("UNAUTHENTICATED"), 401), 3, "UNAUTHENTICATED"),
            (as_json(problem("SANDBOX_UNAVAILABLE"), 503, retry_after="0"), 4, "SANDBOX_UNAVAILABLE"),
            (as_json(problem("RATE_LIMITED"), 429, retry_after="600"), 4, "RATE_LIMITED"),
            (as_json(problem("INTERNAL"), 500), 4, "INTERNAL"),
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

    def test_writes_artifacts_and_says_which_it_does_not_write(self) -> None:
        told = [{"type": "artifact", **artifact(name)} for name in ("a.txt", "../b", "d/c.txt", "A.TXT")]
        done = self.run_it("run", "--output", "out", answers=(as_lines(START, *told, result(None), END),))
        self.assertEqual(done.returncode, 6)
        written = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        self.assertEqual(written, ["out/a.txt", "out/d/c.txt", "s.py"])
        self.assertIn("'../b' is not written", done.stderr)
        self.assertIn("'A.TXT' is not written", done.stderr)

    def test_says_what_was_left_where_it_is_not_wanted(self) -> None:
        told = (START, {"type": "artifact", **artifact("a.txt")}, result(1), END)
        done = self.run_it("run", answers=(as_lines(*told),))
        self.assertEqual(done.returncode, 0)
        self.assertIn("'a.txt'", done.stderr)

    def test_one_object_of_json(self) -> None:
        done = self.run_it("run", "--json", answers=(as_json(executed([1], stdout="o", artifacts=[artifact("a")])),))
        told = json.loads(done.stdout)
        self.assertEqual((told["result"], told["stdout"], told["exitCode"]), ([1], "o", 0))
        self.assertEqual(told["artifacts"], [artifact("a")])
        self.assertEqual(told["execution"], EXECUTION)
        failed = self.run_it("run", "--json", answers=(as_json(problem("SCRIPT_ERROR", line=2, stdout="o"), 422),))
        told = json.loads(failed.stdout)
        self.assertEqual((told["code"], told["line"], told["stdout"], told["exitCode"]), ("SCRIPT_ERROR", 2, "o", 1))
        self.assertEqual(failed.returncode, 1)

    def test_ctrl_c_ends_the_run(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        self.server.will_answer(as_lines(START, {"type": "stdout", "text": "begun\n"}, go_on=go_on))
        process = subprocess.Popen(
            self.command("run"), cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            assert process.stdout is not None and process.stderr is not None
            self.assertEqual(process.stdout.readline(), b"begun\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(10), 130)
            self.assertEqual(process.stderr.read(), b"pycell: cancelled\n")
        self.assertTrue(self.server.was_left.wait(5))

    def test_a_reader_that_goes_away_ends_the_run(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        texts = [{"type": "stdout", "text": "x" * 65536} for _ in range(40)]
        self.server.will_answer(as_lines(START, *texts, go_on=go_on))
        process = subprocess.Popen(
            self.command("run"), cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.read(1)
            process.stdout.close()
            self.assertEqual(process.wait(10), 141)
            self.assertEqual(process.stderr.read(), b"")
        self.assertTrue(self.server.was_left.wait(5))

    def test_a_terminal_is_not_commanded_and_a_file_gets_what_was_printed(self) -> None:
        told = (START, {"type": "stdout", "text": "\x1b]0;owned\x07red\x1b["}, {"type": "stdout", "text": "31m!\n"}, result("\x9b2J"), END)
        done = self.run_it("run", answers=(as_lines(*told),))
        self.assertIn("\x1b]0;owned\x07red\x1b[31m!\n", done.stdout)
        self.server.will_answer(as_lines(*told))
        ours, theirs = pty.openpty()
        process = subprocess.Popen(self.command("run"), cwd=self.folder, env=ENVIRONMENT, stdout=theirs, stderr=theirs)
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:
            pass  # how Linux tells that the other end of a terminal is closed
        os.close(ours)
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(seen, b'red!\r\n""\r\n')

    def test_describes_a_script(self) -> None:
        valid = {
            "valid": True,
            "violations": [],
            "syntaxError": None,
            "imports": {"known": [], "missing": [{"name": "numppy", "nearest": "numpy"}]},
            "main": {"async": False, "doc": None, "parameters": {"type": "object"}},
        }
        done = self.run_it("validate", answers=(as_json(valid),))
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("'numpy'", done.stdout)
        done = self.run_it("validate", "--json", answers=(as_json(valid),))
        self.assertEqual(json.loads(done.stdout), valid)
        refused = {**valid, "valid": False, "main": None}
        refused["violations"] = [{"message": "No", "line": 1, "column": 8, "endLine": 1, "endColumn": 10}]
        done = self.run_it("validate", answers=(as_json(refused),))
        self.assertEqual(done.returncode, 1)
        self.assertIn("s.py:1:8: No", done.stdout)

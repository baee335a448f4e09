"""What the command does, against a service that says what it is told."""

from __future__ import annotations

import json

from .command_case import END, START, CommandCase, result
from .scripted_server import EXECUTION, Answer, artifact, as_json, as_lines, problem


class CommandTest(CommandCase):
    def test_shows_output_and_the_result(self) -> None:
        told = (START, {"type": "stdout", "text": "a"}, {"type": "stderr", "text": "b\n"}, result({"n": 2**70}), END)
        done = self.run_it("run", answers=(as_lines(*told),))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f'a\n{{"n": {2**70}}}\n', "b\n"))

    def test_keeps_the_digits_of_a_result(self) -> None:
        line = b'{"type":"result","result":[1.10,1e400],"execution":%s}\n{"type":"end"}\n' % json.dumps(EXECUTION).encode()
        answer = Answer(headers={"Content-Type": "application/x-ndjson"}, pieces=(line,))
        self.assertEqual(self.run_it("run", answers=(answer,)).stdout, "[1.10, 1E+400]\n")

    def test_what_no_encoding_has_keeps_its_escape_in_a_result(self) -> None:
        done = self.run_it("run", answers=(as_lines(START, result({"\udc80": "é\ud800"}), END),))
        self.assertEqual(done.stdout, '{"\\udc80": "é\\ud800"}\n')

    def test_a_result_may_be_nested_as_deeply_as_python_reads_it(self) -> None:
        deep = "[" * 600 + "]" * 600
        line = b'{"type":"result","result":%s,"execution":%s}\n{"type":"end"}\n'
        whole = line % (deep.encode(), json.dumps(EXECUTION).encode())
        answer = Answer(headers={"Content-Type": "application/x-ndjson"}, pieces=(whole,))
        self.assertEqual(self.run_it("run", answers=(answer,)).stdout, f"{deep}\n")

    def test_output_of_any_size_comes_whole(self) -> None:
        texts = [f"{number:07}\n" * 8192 for number in range(256)]
        told = (START, *({"type": "stdout", "text": text} for text in texts), result(None), END)
        with self.start("run", answers=(as_lines(*told),)) as process:
            out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, len(out), err), (0, 16 << 20, b""))
        self.assertEqual(out, "".join(texts).encode())

    def test_passes_line_ends_on_as_they_are(self) -> None:
        (self.folder / "in.txt").write_bytes(b"a\r\nb\r")
        for arguments in (("--stdin", "in.txt"), ("--stdin", "-")):
            self.run_it("run", *arguments, answers=(as_lines(START, result(None), END),), stdin=b"a\r\nb\r")
        self.assertEqual([request.json()["stdin"] for request in self.server.requests], ["a\r\nb\r"] * 2)

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

    def test_sends_json_with_the_digits_that_were_given(self) -> None:
        long = "9" * 5000
        values = ("rate=12345678901234567.89", "price=1.10", f"n={long}", 'o={"a": [1e2, -0.0]}')
        arguments = [part for value in values for part in ("--input-json", value)]
        self.run_it("run", *arguments, answers=(as_lines(START, result(None), END),))
        sent = self.server.requests[0].body.decode()
        self.assertIn('{"rate":12345678901234567.89,"price":1.10,"n":%s,"o":{"a":[1E+2,-0.0]}}' % long, sent)

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
        printed = [{"type": kind, "text": text} for kind, text in (("stdout", "o"), ("stderr", "e"), ("stdout", "p"))]
        events = (START, *printed, {"type": "artifact", **artifact("a")}, result([1]), END)
        done = self.run_it("run", "--json", answers=(as_lines(*events),))
        self.assertEqual(self.server.requests[0].headers["accept"], "application/x-ndjson")
        told = json.loads(done.stdout)
        self.assertEqual((told["result"], told["stdout"], told["stderr"], told["exitCode"]), ([1], "op", "e", 0))
        self.assertEqual(told["artifacts"], [artifact("a")])
        self.assertEqual(told["execution"], EXECUTION)
        error = {"type": "error", **problem("SCRIPT_ERROR", line=2, execution=EXECUTION)}
        failed = self.run_it("run", "--json", answers=(as_lines(START, *printed[:1], error, END),))
        told = json.loads(failed.stdout)
        self.assertEqual((told["code"], told["line"], told["stdout"], told["exitCode"]), ("SCRIPT_ERROR", 2, "o", 1))
        self.assertEqual((failed.returncode, told["execution"], told["artifacts"]), (1, EXECUTION, []))

    def test_one_object_of_json_where_nothing_ran_or_the_stream_is_cut(self) -> None:
        refused = self.run_it("run", "--json", answers=(as_json(problem("POLICY_VIOLATION"), 400),))
        expected = {**problem("POLICY_VIOLATION"), "artifacts": [], "exitCode": 1}
        self.assertEqual((refused.returncode, json.loads(refused.stdout)), (1, expected))
        cut = self.run_it("run", "--json", answers=(as_lines(START, {"type": "stdout", "text": "o"}),))
        told = json.loads(cut.stdout)
        self.assertEqual((cut.returncode, told["stdout"], told["exitCode"]), (5, "o", 5))
        self.assertIn("ended before its end", told["error"])

    def test_says_what_was_not_written_where_the_stream_is_cut(self) -> None:
        told = as_lines(START, {"type": "artifact", **artifact("../b")})
        for arguments in ((), ("--json",)):
            done = self.run_it("run", "--output", "out", *arguments, answers=(told,))
            self.assertEqual(done.returncode, 5)
            self.assertIn("'../b' is not written", done.stderr)

    def test_makes_the_folder_of_artifacts_once_the_script_runs(self) -> None:
        for arguments in ((), ("--json",)):
            self.run_it("run", "--output", "out", *arguments, answers=(as_json(problem("POLICY_VIOLATION"), 400),))
            self.assertFalse((self.folder / "out").exists())
            self.run_it("run", "--output", "out", *arguments, answers=(as_lines(START, result(1), END),))
            self.assertTrue((self.folder / "out").is_dir())
            (self.folder / "out").rmdir()

    def test_leaves_the_mark_out_that_editors_of_windows_begin_a_file_with(self) -> None:
        (self.folder / "s.py").write_bytes(b"\xef\xbb\xbf1")
        self.run_it("run", answers=(as_lines(START, result(1), END),))
        self.assertEqual(self.server.requests[0].json()["script"], "1")

    def test_a_terminal_is_not_commanded_and_a_file_gets_what_was_printed(self) -> None:
        told = (START, {"type": "stdout", "text": "\x1b]0;owned\x07red\x1b["}, {"type": "stdout", "text": "31m!\n"}, result("\x9b2J"), END)
        done = self.run_it("run", answers=(as_lines(*told),))
        self.assertIn("\x1b]0;owned\x07red\x1b[31m!\n", done.stdout)
        code, seen = self.on_terminal("run", answers=(as_lines(*told),))
        self.assertEqual(code, 0)
        self.assertEqual(seen, b'red!\r\n""\r\n')

    def test_what_is_said_on_a_terminal_has_lines_of_its_own(self) -> None:
        told = (START, {"type": "stdout", "text": "a"}, {"type": "error", **problem("SCRIPT_ERROR", "E: x")}, END)
        code, seen = self.on_terminal("run", answers=(as_lines(*told),))
        self.assertEqual((code, seen), (1, b"a\r\npycell: SCRIPT_ERROR: E: x\r\n"))

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

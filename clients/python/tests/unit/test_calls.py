"""One answer: executions, validations, metadata, and what is sent again."""

from __future__ import annotations

import json
import logging
import sys
import threading
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from pycell import (
    AuthenticationFailed,
    ConnectionFailed,
    NotFound,
    PycellError,
    RequestRefused,
    Retry,
    ScriptError,
    ScriptRefused,
    ServiceFault,
    ServiceUnavailable,
    UnexpectedAnswer,
)

from .both_clients import ClientCase, with_both
from .scripted_server import DROP, EXECUTION, Answer, artifact, as_json, executed, problem



@with_both
class ExecuteTest(ClientCase):
    def test_sends_what_it_is_given(self) -> None:
        client = self.client(as_json(executed()), api_key="pycell_secret")
        with TemporaryDirectory() as folder:
            file = Path(folder, "x.csv")
            file.write_bytes(b"\xff")
            client.call(
                "execute",
                "def main(a): ...",
                {"a": 2**70, "é": 1.0},
                mode="function",
                stdin="in",
                files={"t": "text", "b": b"hi", "p": file},
                timeout_ms=1500,
                memory_mb=64,
            )
        [request] = self.server.requests
        self.assertEqual((request.method, request.path), ("POST", "/execute"))
        self.assertEqual(
            request.json(),
            {
                "script": "def main(a): ...",
                "mode": "function",
                "inputs": {"a": 2**70, "é": 1.0},
                "stdin": "in",
                "files": [
                    {"name": "t", "text": "text"},
                    {"name": "b", "base64": "aGk="},
                    {"name": "p", "base64": "/w=="},
                ],
                "limits": {"timeoutMs": 1500, "memoryMb": 64},
            },
        )
        self.assertIn(b'"\xc3\xa9":1.0', request.body)
        self.assertEqual(request.headers["x-api-key"], "pycell_secret")
        self.assertNotIn("authorization", request.headers)
        self.assertEqual(request.headers["content-type"], "application/json")

    def test_returns_what_the_service_says(self) -> None:
        body = executed({"n": 2**70, "f": 1.5}, stdout="out", artifacts=[artifact("a.txt")], added="later")
        answer = self.client(as_json(body)).call("execute", "1")
        self.assertEqual(answer.result, {"n": 2**70, "f": 1.5})
        self.assertEqual((answer.stdout, answer.stderr), ("out", ""))
        self.assertEqual((answer.artifacts[0].name, answer.artifacts[0].content), ("a.txt", b"hi"))
        self.assertEqual(answer.execution.timings.run_ms, 1.8)
        self.assertEqual(answer.execution.limits.memory_mb, 512)

    def test_keeps_the_digits_of_fractions_where_it_is_asked_to(self) -> None:
        body = b'{"result":[0.10,1e400],"stdout":"","stderr":"","artifacts":[],"execution":%s}'
        whole = body % json.dumps(EXECUTION).encode()
        answer = self.client(Answer(200, whole), parse_float=Decimal).call("execute", "1")
        self.assertEqual(str(answer.result[0]), "0.10")
        self.assertEqual(answer.result[1], Decimal("1e400"))
        self.assertIs(type(answer.execution.duration_ms), float)

    def test_an_integer_of_any_size_keeps_its_digits_and_costs_no_answer(self) -> None:
        digits = b"1" * (sys.get_int_max_str_digits() + 1)
        body = b'{"result":[7,-%s],"stdout":"out","stderr":"","artifacts":[],"execution":%s}'
        answer = self.client(Answer(200, body % (digits, json.dumps(EXECUTION).encode()))).call("execute", "1")
        self.assertEqual((answer.result[0], answer.stdout), (7, "out"))
        self.assertIs(type(answer.result[0]), int)
        self.assertEqual(str(answer.result[1]), f"-{digits.decode()}")

    def test_leaves_the_mark_out_that_editors_of_windows_begin_a_file_with(self) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, "s.py").write_bytes(b"\xef\xbb\xbf1")
            self.client(as_json(executed())).call("execute", Path(folder, "s.py"))
        self.assertEqual(self.server.requests[0].json(), {"script": "1"})

    def test_asks_what_can_be_imported(self) -> None:
        self.assertEqual(self.client(as_json({"modules": ["json", "math"]})).call("modules"), ("json", "math"))
        self.assertEqual((self.server.requests[0].method, self.server.requests[0].path), ("GET", "/modules"))

    def test_keeps_no_cookie(self) -> None:
        client = self.client(as_json(executed(), set_cookie="who=1; Path=/"), as_json(executed()))
        client.call("execute", "1")
        client.call("execute", "1")
        self.assertNotIn("cookie", self.server.requests[1].headers)

    def test_reads_a_script_from_a_path(self) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, "s.py").write_text("'é'", encoding="utf-8")
            self.client(as_json(executed())).call("execute", Path(folder, "s.py"))
        self.assertEqual(self.server.requests[0].json(), {"script": "'é'"})


@with_both
class ErrorTest(ClientCase):
    def error(self, *answers: Answer, method: str = "execute", **options: Any) -> PycellError:
        client = self.client(*answers, **options)
        with self.assertRaises(PycellError) as raised:
            client.call(method, *(["1"] if method != "metadata" else []))
        return raised.exception

    def test_each_code_is_an_error_of_its_kind(self) -> None:
        cases = [
            (422, "SCRIPT_ERROR", ScriptError),
            (400, "SYNTAX_ERROR", ScriptError),
            (400, "POLICY_VIOLATION", ScriptRefused),
            (400, "INVALID_REQUEST", RequestRefused),
            (401, "UNAUTHENTICATED", AuthenticationFailed),
            (404, "NOT_FOUND", NotFound),
            (500, "INTERNAL", ServiceFault),
            (422, "A_CODE_OF_TOMORROW", ScriptError),
            (409, "A_CODE_OF_TOMORROW", RequestRefused),
        ]
        for status, code, kind in cases:
            with self.subTest(code):
                error = self.error(as_json(problem(code), status))
                self.assertIs(type(error), kind)
                self.assertEqual((error.code, error.status, error.request_id), (code, status, "request-1"))
        self.assertEqual(len(self.server.requests), len(cases))

    def test_an_error_of_a_script_has_all_that_is_known(self) -> None:
        body = problem(
            "SCRIPT_ERROR", "E: x", line=3, column=5, hint="Do y", traceback="T", stdout="o", artifacts=[artifact("a")]
        )
        error = self.error(as_json(body, 422))
        assert isinstance(error, ScriptError)
        self.assertEqual((str(error), error.line, error.column, error.hint), ("E: x", 3, 5, "Do y"))
        self.assertEqual((error.traceback, error.stdout, error.artifacts[0].content), ("T", "o", b"hi"))

    def test_follows_no_redirect(self) -> None:
        answer = Answer(307, b"", {"Location": f"{self.server.url}/elsewhere"})
        error = self.error(answer, api_key="pycell_secret")
        self.assertIs(type(error), UnexpectedAnswer)
        self.assertIn(f"redirect to '{self.server.url}/elsewhere'", str(error))
        self.assertEqual(len(self.server.requests), 1)

    def test_a_redirect_to_what_is_no_address_is_one_all_the_same(self) -> None:
        error = self.error(Answer(307, b"", {"Location": "http://[::"}))
        self.assertEqual((type(error), error.status, error.may_have_run), (UnexpectedAnswer, 307, False))
        self.assertIn("redirect to 'http://[::'", str(error))

    def test_an_error_that_breaks_off_keeps_its_status(self) -> None:
        cases = [
            (400, RequestRefused, False),
            (401, AuthenticationFailed, False),
            (422, ScriptError, True),
            (500, ServiceFault, True),
        ]
        for status, kind, may_have_run in cases:
            answer = Answer(status, pieces=(b"{",), headers={"Content-Type": "application/json"}, is_cut=True)
            with self.subTest(status):
                error = self.error(answer)
                self.assertEqual((type(error), error.status, error.may_have_run), (kind, status, may_have_run))
        self.assertEqual(len(self.server.requests), len(cases))

    def test_an_error_without_an_id_has_that_of_the_request(self) -> None:
        error = self.error(as_json({"error": "No", "code": "INTERNAL"}, 500, x_request_id="proxy-1"))
        self.assertEqual((type(error), error.code, error.request_id), (ServiceFault, "INTERNAL", "proxy-1"))

    def test_what_is_wrong_with_the_script_is_for_its_author(self) -> None:
        for code in ("POLICY_VIOLATION", "SCRIPT_TOO_LARGE"):
            error = self.error(as_json(problem(code, hint="Do y"), 400))
            assert isinstance(error, ScriptError)
            self.assertNotIsInstance(error, RequestRefused)
            self.assertFalse(error.may_have_run)

    def test_what_is_no_pycell_is_said_to_be_none(self) -> None:
        for answer in (
            Answer(200, b"<html>"),
            Answer(404, b"<html>"),
            as_json([]),
            as_json({"result": 1}),
            as_json(executed(stdout=1)),
            Answer(200, b'{"result":NaN}'),
            Answer(200, b"[" * 200_000),
        ):
            with self.subTest(answer.body[:20]):
                self.assertIs(type(self.error(answer)), UnexpectedAnswer)

    def test_of_what_is_no_json_only_the_beginning_is_read(self) -> None:
        endless = threading.Event()
        self.addCleanup(endless.set)
        for status in (200, 404):
            self.server.was_left.clear()
            answer = Answer(status, headers={"Content-Type": "text/html"}, pieces=(b"x" * 65536,), go_on=endless)
            with self.subTest(status):
                self.assertIs(type(self.error(answer, method="validate")), UnexpectedAnswer)
                self.assertTrue(self.server.was_left.wait(10))

    def test_an_id_that_is_none_is_not_shown(self) -> None:
        error = self.error(Answer(404, b"", {"X-Request-Id": "\x1b]0;owned\x07"}))
        self.assertRegex(error.request_id or "", r"^[0-9a-f-]{36}$")
        self.assertEqual(self.error(Answer(404, b"", {"X-Request-Id": "proxy-1"})).request_id, "proxy-1")

    def test_a_proxy_without_a_service_is_a_service_that_is_not_there(self) -> None:
        error = self.error(Answer(502, b"<html>"), retry=None)
        self.assertIs(type(error), ServiceUnavailable)
        self.assertIsNone(error.code)

    def test_nobody_there_is_a_connection_that_failed_and_nothing_ran(self) -> None:
        self.server.close()
        client = self.kind(self.server.url, retry=Retry(attempts=2, total_s=5))
        self.addCleanup(client.close)
        with self.assertRaises(ConnectionFailed) as raised:
            client.call("execute", "1")
        self.assertFalse(raised.exception.may_have_run)

    def test_an_answer_that_is_cut_is_a_connection_that_failed(self) -> None:
        error = self.error(Answer(pieces=(b"{",), headers={"Content-Type": "application/json"}, is_cut=True))
        assert isinstance(error, ConnectionFailed)
        self.assertTrue(error.may_have_run)

    def test_an_answer_that_takes_too_long_is_a_connection_that_failed(self) -> None:
        begin = threading.Event()
        self.addCleanup(begin.set)
        error = self.error(Answer(begin=begin), timeout_s=0.2)
        assert isinstance(error, ConnectionFailed)
        self.assertTrue(error.may_have_run)
        self.assertIn("ReadTimeout", str(error))

    def test_the_key_is_in_no_repr_error_or_log(self) -> None:
        with self.assertLogs(level=logging.DEBUG) as logs:
            client = self.client(DROP, api_key="pycell_secret")
            with self.assertRaises(ConnectionFailed) as raised:
                client.call("execute", "1")
        shown = [repr(getattr(client, "client")), repr(vars(getattr(client, "client"))), repr(raised.exception), *logs.output]
        shown.append(repr(getattr(client, "client")._settings))
        cause = raised.exception.__cause__
        assert isinstance(cause, httpx.HTTPError)
        shown += [repr(cause), repr(vars(cause)), repr(cause.request), repr(vars(cause.request)), repr(cause.request.headers)]
        self.assertEqual(self.server.requests[0].headers["x-api-key"], "pycell_secret")
        self.assertNotIn("pycell_secret", "\n".join(shown))

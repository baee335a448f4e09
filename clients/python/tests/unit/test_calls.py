"""One answer: executions, validations, metadata, and what is sent again."""

from __future__ import annotations

import json
import logging
import threading
import time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pycell import (
    AuthenticationFailed,
    ConnectionFailed,
    NotFound,
    PycellError,
    RateLimited,
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

BUSY = as_json(problem("SANDBOX_BUSY"), 503, retry_after="0")
LOST = as_json(problem("SANDBOX_UNAVAILABLE"), 503, retry_after="0")
LIMITED = as_json(problem("RATE_LIMITED"), 429, retry_after="0")
VALID = {"valid": True, "violations": [], "syntaxError": None, "imports": {"known": [], "missing": []}, "main": None}


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
        self.assertEqual(request.headers["authorization"], "Bearer pycell_secret")
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

    def test_reads_a_script_from_a_path(self) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, "s.py").write_text("'é'", encoding="utf-8")
            self.client(as_json(executed())).call("execute", Path(folder, "s.py"))
        self.assertEqual(self.server.requests[0].json(), {"script": "'é'"})

    def test_refuses_what_cannot_be_sent(self) -> None:
        client = self.client()
        cases: list[tuple[Any, dict[str, Any]]] = [
            (TypeError, {"script": b"1"}),
            (TypeError, {"script": "1", "inputs": [1]}),
            (TypeError, {"script": "1", "inputs": {1: 1}}),
            (TypeError, {"script": "1", "inputs": {"a": {1, 2}}}),
            (ValueError, {"script": "1", "inputs": {"a": float("nan")}}),
            (ValueError, {"script": "1", "inputs": {"a": "\ud800"}}),
            (ValueError, {"script": "1", "timeout_ms": 0}),
            (ValueError, {"script": "1", "timeout_ms": True}),
            (ValueError, {"script": "1", "memory_mb": 1.5}),
            (TypeError, {"script": "1", "stdin": b"in"}),
            (TypeError, {"script": "1", "files": {"a": 1}}),
            (TypeError, {"script": "1", "timeout": 1}),
        ]
        for kind, arguments in cases:
            with self.subTest(arguments), self.assertRaises(kind):
                client.call("execute", **arguments)
        self.assertEqual(self.server.requests, [])


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
        self.assertIn("redirect", str(error))
        self.assertEqual(len(self.server.requests), 1)

    def test_what_is_no_pycell_is_said_to_be_none(self) -> None:
        for answer in (
            Answer(200, b"<html>"),
            Answer(404, b"<html>"),
            as_json([]),
            as_json({"result": 1}),
            as_json(executed(stdout=1)),
            Answer(200, b'{"result":NaN}'),
            Answer(200, b'{"result":' + b"1" * 5000 + b"}"),
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
        shown += [repr(cause), repr(vars(cause))]
        self.assertEqual(self.server.requests[0].headers["authorization"], "Bearer pycell_secret")
        self.assertNotIn("pycell_secret", "\n".join(shown))


@with_both
class RetryTest(ClientCase):
    def test_sends_again_what_surely_has_not_run(self) -> None:
        for refusal in (BUSY, LIMITED):
            answer = self.client(refusal, refusal, as_json(executed())).call("execute", "1")
            self.assertEqual(answer.result, 42)
        self.assertEqual(len(self.server.requests), 6)

    def test_sends_the_same_bytes_with_the_same_id(self) -> None:
        self.client(BUSY, as_json(executed())).call("execute", "1", {"b": 1, "a": 2})
        first, second = self.server.requests
        self.assertEqual(first.body, second.body)
        self.assertEqual(first.headers["x-request-id"], second.headers["x-request-id"])

    def test_does_not_repeat_what_may_have_run(self) -> None:
        for failure, kind in ((LOST, ServiceUnavailable), (DROP, ConnectionFailed), (Answer(502, b""), ServiceUnavailable)):
            with self.subTest(kind), self.assertRaises(kind):
                self.client(failure).call("execute", "1")
        self.assertEqual(len(self.server.requests), 3)

    def test_repeats_what_may_have_run_where_it_is_asked_to(self) -> None:
        retry = Retry(attempts=4, total_s=5, repeat_runs=True)
        answers = (LOST, DROP, Answer(502, b""), as_json(executed()))
        self.assertEqual(self.client(*answers, retry=retry).call("execute", "1").result, 42)

    def test_repeats_what_executes_nothing(self) -> None:
        self.assertTrue(self.client(LOST, DROP, as_json(VALID)).call("validate", "1").valid)

    def test_does_not_repeat_what_fails_again(self) -> None:
        for code, status in (("SCRIPT_ERROR", 422), ("INTERNAL", 500), ("INVALID_REQUEST", 400)):
            with self.subTest(code), self.assertRaises(PycellError):
                self.client(as_json(problem(code), status)).call("validate", "1")
        self.assertEqual(len(self.server.requests), 3)

    def test_ends_after_its_attempts(self) -> None:
        with self.assertRaises(ServiceUnavailable):
            self.client(BUSY, BUSY, BUSY, BUSY).call("execute", "1")
        self.assertEqual(len(self.server.requests), 3)

    def test_keeps_to_retry_after(self) -> None:
        began = time.monotonic()
        self.client(as_json(problem("SANDBOX_BUSY"), 503, retry_after="1"), as_json(executed())).call("execute", "1")
        self.assertGreaterEqual(time.monotonic() - began, 1.0)

    def test_gives_up_at_once_where_the_wait_is_longer_than_it_may_take(self) -> None:
        began = time.monotonic()
        with self.assertRaises(RateLimited) as raised:
            self.client(as_json(problem("RATE_LIMITED"), 429, retry_after="60")).call("execute", "1")
        self.assertLess(time.monotonic() - began, 1.0)
        self.assertEqual(raised.exception.retry_after, 60)

    def test_never_again_without_a_policy(self) -> None:
        with self.assertRaises(ServiceUnavailable):
            self.client(BUSY, retry=None).call("execute", "1")

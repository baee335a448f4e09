"""What is sent again, and when."""

from __future__ import annotations

import time
from dataclasses import replace

from pycell import ConnectionFailed, PycellError, RateLimited, Retry, ServiceUnavailable

from .both_clients import ClientCase, with_both
from .scripted_server import DROP, EXECUTION, Answer, as_json, as_lines, executed, problem

BUSY = as_json(problem("SANDBOX_BUSY"), 503, retry_after="0")
#: As the service says it: nothing tells whether a sandbox was lost under a run, or there was none.
LOST = as_json(problem("SANDBOX_UNAVAILABLE"), 503, retry_after="0")
LIMITED = as_json(problem("RATE_LIMITED"), 429, retry_after="0")
CUT = replace(LOST, body=b"", pieces=(LOST.body[:9],), is_cut=True)
VALID = {"valid": True, "violations": [], "syntaxError": None, "imports": {"known": [], "missing": []}, "main": None}
START = {"type": "start", "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
RESULT = {"type": "result", "result": 1, "execution": EXECUTION}
END = {"type": "end"}


@with_both
class RetryTest(ClientCase):
    def test_sends_again_what_is_refused_for_now_whether_it_has_run_or_not(self) -> None:
        refusals = (BUSY, LIMITED, LOST, Answer(503, b"<html>"), Answer(429, b""), CUT)
        for refusal in refusals:
            answer = self.client(refusal, refusal, as_json(executed())).call("execute", "1")
            self.assertEqual(answer.result, 42)
        self.assertEqual(len(self.server.requests), 3 * len(refusals))

    def test_so_is_a_stream_before_its_first_event_and_a_batch(self) -> None:
        events = list(self.client(LOST, as_lines(START, RESULT, END)).iterate("stream", "1"))
        self.assertEqual(len(events), 2)
        items = self.client(LOST, as_lines({"index": 0, "status": 200, **executed()})).call("batch", "1", [{}])
        self.assertEqual(items[0].result, 42)

    def test_an_error_tells_whether_a_script_may_have_run(self) -> None:
        cases = [
            (BUSY, False),
            (LIMITED, False),
            (LOST, True),
            (as_json(problem("INTERNAL"), 500), True),
            (as_json(problem("INVALID_REQUEST"), 400), False),
            (as_json(problem("SYNTAX_ERROR"), 400), False),
            (as_json(problem("TIMEOUT", execution=EXECUTION), 422), True),
            (Answer(502, b""), True),
            (as_json(problem("A_CODE_OF_TOMORROW"), 504), True),
            (Answer(429, b""), False),
            (DROP, True),
            (Answer(200, b"<html>"), True),
        ]
        for answer, may_have_run in cases:
            with self.subTest(answer), self.assertRaises(PycellError) as raised:
                self.client(answer, retry=None).call("execute", "1")
            self.assertIs(raised.exception.may_have_run, may_have_run)

    def test_behind_a_start_it_may_have_run_whatever_the_error_is(self) -> None:
        for begun in ((START,), ()):
            told = as_lines(*begun, {"type": "error", **problem("SANDBOX_BUSY")}, END)
            event = list(self.client(told).iterate("stream", "1"))[-1]
            self.assertIs(event.exception().may_have_run, bool(begun))

    def test_sends_the_same_bytes_with_the_same_id(self) -> None:
        self.client(BUSY, as_json(executed())).call("execute", "1", {"b": 1, "a": 2})
        first, second = self.server.requests
        self.assertEqual(first.body, second.body)
        self.assertEqual(first.headers["x-request-id"], second.headers["x-request-id"])

    def test_does_not_repeat_what_may_have_run(self) -> None:
        gateway = [(Answer(status, b""), ServiceUnavailable) for status in (502, 504)]
        for failure, kind in ((DROP, ConnectionFailed), *gateway):
            with self.subTest(kind), self.assertRaises(kind):
                self.client(failure).call("execute", "1")
        self.assertEqual(len(self.server.requests), 3)

    def test_repeats_what_may_have_run_where_it_is_asked_to(self) -> None:
        retry = Retry(attempts=4, total_s=5, repeat_runs=True)
        answers = (DROP, Answer(502, b""), Answer(504, b""), as_json(executed()))
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

    def test_goes_by_its_own_pace_where_it_is_no_time(self) -> None:
        for text in ("soon", "-1", "Wed, 21 Oct 999999999999999999999999 07:28:00 GMT"):
            answer = as_json(problem("RATE_LIMITED"), 429, retry_after=text)
            with self.subTest(text):
                self.assertEqual(self.client(answer, as_json(executed())).call("execute", "1").result, 42)
                with self.assertRaises(RateLimited) as raised:
                    self.client(answer, retry=None).call("execute", "1")
                self.assertIsNone(raised.exception.retry_after)

    def test_keeps_to_it_where_the_rest_of_the_answer_is_lost(self) -> None:
        began = time.monotonic()
        cut = replace(CUT, headers={"Content-Type": "application/json", "Retry-After": "1"})
        self.client(cut, as_json(executed())).call("execute", "1")
        self.assertGreaterEqual(time.monotonic() - began, 1.0)

    def test_gives_up_at_once_where_the_wait_is_longer_than_it_may_take(self) -> None:
        began = time.monotonic()
        with self.assertRaises(RateLimited) as raised:
            self.client(as_json(problem("RATE_LIMITED"), 429, retry_after="60")).call("execute", "1")
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(raised.exception.retry_after, 60)

    def test_never_again_without_a_policy(self) -> None:
        with self.assertRaises(ServiceUnavailable):
            self.client(BUSY, retry=None).call("execute", "1")

"""Executions in the background."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from unittest import mock

from pycell import (
    AsynchronousExecution,
    CancelledEvent,
    ConnectionFailed,
    ExecutionCancelled,
    NotEnded,
    NotFound,
    OutputEvent,
    Retry,
    ScriptError,
    ServiceUnavailable,
    UnexpectedAnswer,
)

from .both_clients import ClientCase, with_both
from .scripted_server import DROP, EXECUTION, Answer, as_frames, as_json, asynchronous, executed, frame, problem

ID = "5f" * 16
QUEUED = as_json(asynchronous("queued"), 202)
LOST = as_json(problem("SANDBOX_UNAVAILABLE"), 503, retry_after="0")
START, OUT, RESULT = {"id": ID}, {"text": "a"}, {"result": 1, "execution": EXECUTION}


@with_both
class StartTest(ClientCase):
    def test_is_sent_again_under_the_same_key_whatever_was_lost(self) -> None:
        started = self.client(DROP, LOST, QUEUED).call("executions.start", "1", {"a": 1}, callback_url="https://a.example/")
        self.assertEqual((started.id, started.status), (ID, "queued"))
        self.assertEqual(started.created_at, datetime(2026, 3, 14, 9, 26, 53, 589000, timezone.utc))
        requests = self.server.requests
        self.assertEqual(len({request.headers["idempotency-key"] for request in requests}), 1)
        self.assertEqual(len({request.body for request in requests}), 1)
        self.assertEqual(requests[0].json(), {"script": "1", "inputs": {"a": 1}, "callbackUrl": "https://a.example/"})

    def test_each_call_has_a_key_of_its_own(self) -> None:
        client = self.client(QUEUED, QUEUED, QUEUED)
        client.call("executions.start", "1")
        client.call("executions.start", "1")
        client.call("executions.start", "1", idempotency_key="mine")
        first, second, third = [request.headers["idempotency-key"] for request in self.server.requests]
        self.assertNotEqual(first, second)
        self.assertEqual(third, "mine")

    def test_a_key_that_is_none_is_refused(self) -> None:
        for key in ("", "a b", "é", "a\r\nX: y", "a" * 256):
            with self.subTest(key), self.assertRaises(ValueError):
                self.client().call("executions.start", "1", idempotency_key=key)

    def test_an_id_that_is_none_is_refused(self) -> None:
        for execution_id in ("", "../execute", "5F" * 16, "5f" * 16 + "?", "5f" * 17):
            for name in ("get", "cancel", "wait"):
                with self.subTest(execution_id), self.assertRaises(ValueError):
                    self.client().call(f"executions.{name}", execution_id)
        self.assertEqual(self.server.requests, [])

    def test_gets_and_cancels(self) -> None:
        client = self.client(DROP, as_json(asynchronous("running")), DROP, as_json(asynchronous("cancelled")))
        self.assertEqual(client.call("executions.get", ID).status, "running")
        self.assertTrue(client.call("executions.cancel", ID).has_ended)
        self.assertEqual(
            [(request.method, request.path) for request in self.server.requests],
            [("GET", f"/executions/{ID}")] * 2 + [("DELETE", f"/executions/{ID}")] * 2,
        )


@with_both
class WaitTest(ClientCase):
    def test_asks_until_it_has_ended(self) -> None:
        done = asynchronous("succeeded", httpStatus=200, outcome=executed(2**70), endedAt="2026-03-14T09:26:54Z")
        client = self.client(as_json(asynchronous("queued")), as_json(asynchronous("running")), as_json(done))
        execution = client.call("executions.wait", ID)
        self.assertEqual(execution.response().result, 2**70)

    def test_does_not_wait_longer_than_it_may(self) -> None:
        began = time.monotonic()
        with self.assertRaises(NotEnded):
            self.client(*[as_json(asynchronous("running"))] * 20).call("executions.wait", ID, timeout_s=0.3)
        self.assertLess(time.monotonic() - began, 10)

    def test_no_request_of_it_waits_longer_than_it_may(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        silent, busy = Answer(begin=go_on), as_json(problem("SANDBOX_BUSY"), 503, retry_after="20")
        running = as_json(asynchronous("running"))
        for retry in (Retry(), None):
            for answers, status in (((silent,), "not known"), ((running, silent), "running")):
                began = time.monotonic()
                with self.subTest(status, retry=retry), self.assertRaisesRegex(NotEnded, status) as raised:
                    self.client(*answers, retry=retry).call("executions.wait", ID, timeout_s=0.3)
                self.assertIsInstance(raised.exception.__cause__, ConnectionFailed)
                self.assertLess(time.monotonic() - began, 20)
        asked = len(self.server.requests)
        began = time.monotonic()
        with self.assertRaisesRegex(NotEnded, "running") as raised:
            self.client(running, busy, retry=Retry()).call("executions.wait", ID, timeout_s=1)
        self.assertIsInstance(raised.exception.__cause__, ServiceUnavailable)
        self.assertTrue(1 <= time.monotonic() - began < 20)
        self.assertEqual(len(self.server.requests), asked + 2)

    def test_what_fails_for_good_is_raised_and_what_does_not_is_tried_again(self) -> None:
        lost = [LOST] * 2
        done = as_json(asynchronous("cancelled"))
        client = self.client(*lost, as_json(asynchronous("running")), *lost, done)
        self.assertTrue(client.call("executions.wait", ID, timeout_s=600).has_ended)
        with self.assertRaises(ServiceUnavailable):
            self.client(*lost, LOST).call("executions.wait", ID, timeout_s=600)
        with self.assertRaises(NotFound):
            self.client(as_json(problem("NOT_FOUND"), 404)).call("executions.wait", ID, timeout_s=600)
        self.assertEqual(len(self.server.requests), 10)

    def test_an_outcome_is_returned_or_raised(self) -> None:
        failed = asynchronous("failed", httpStatus=422, outcome=problem("SCRIPT_ERROR", "E: x"))
        cases: list[tuple[dict[str, Any], type[Exception]]] = [
            (failed, ScriptError),
            (asynchronous("cancelled"), ExecutionCancelled),
            (asynchronous("running"), NotEnded),
        ]
        for body, kind in cases:
            execution = self.client(as_json(body)).call("executions.get", ID)
            assert isinstance(execution, AsynchronousExecution)
            with self.subTest(kind), self.assertRaises(kind):
                execution.response()

    def test_an_error_without_an_id_is_one_all_the_same(self) -> None:
        lost = {"error": "The worker that ran it is gone", "code": "SANDBOX_UNAVAILABLE"}
        body = asynchronous("failed", httpStatus=503, outcome=lost)
        with self.assertRaises(ServiceUnavailable) as raised:
            self.client(as_json(body)).call("executions.wait", ID).response()
        self.assertEqual((raised.exception.request_id, raised.exception.may_have_run), (None, True))
        frames = as_frames(frame(1, "start", START), frame(2, "error", lost), frame(3, "end", {}))
        event = list(self.client(frames).iterate("executions.events", ID))[-1]
        self.assertEqual((event.code, event.request_id, event.exception().may_have_run), ("SANDBOX_UNAVAILABLE", None, True))

    def test_what_is_forgotten_is_not_found(self) -> None:
        with self.assertRaises(NotFound):
            self.client(as_json(problem("NOT_FOUND"), 404)).call("executions.wait", ID)


@with_both
class EventsTest(ClientCase):
    def asked_after(self) -> list[str | None]:
        return [request.headers.get("last-event-id") for request in self.server.requests]

    def test_gives_numbered_events_until_the_end(self) -> None:
        frames = [frame(1, "start", START), ": ping\n\n", frame(2, "stdout", OUT), frame(3, "result", RESULT), frame(4, "end", {})]
        events = list(self.client(as_frames(*frames)).iterate("executions.events", ID))
        self.assertEqual([(event.type, event.number) for event in events], [("start", 1), ("stdout", 2), ("result", 3)])
        self.assertEqual(self.asked_after(), [None])

    def test_goes_on_behind_the_last_event_after_a_lost_connection(self) -> None:
        answers = (
            as_frames(frame(1, "start", START), frame(2, "stdout", OUT), "id: 3\nevent: std", is_cut=True),
            DROP,
            as_frames(frame(3, "stdout", OUT)),
            as_frames(frame(4, "result", RESULT), frame(5, "end", {})),
        )
        events = list(self.client(*answers).iterate("executions.events", ID))
        self.assertEqual([event.number for event in events], [1, 2, 3, 4])
        self.assertEqual(self.asked_after(), [None, "2", "2", "3"])

    def test_an_event_that_comes_twice_is_given_once(self) -> None:
        again = as_frames(frame(1, "start", START), frame(2, "stdout", OUT), frame(3, "cancelled", {}), frame(4, "end", {}))
        events = list(self.client(as_frames(frame(1, "start", START)), again).iterate("executions.events", ID))
        self.assertEqual([event.number for event in events], [1, 2, 3])
        self.assertIsInstance(events[-1], CancelledEvent)

    def test_begins_behind_an_event(self) -> None:
        answer = as_frames(frame(8, "stdout", OUT), frame(9, "cancelled", {}), frame(10, "end", {}))
        events = list(self.client(answer).iterate("executions.events", ID, after=7))
        self.assertIsInstance(events[0], OutputEvent)
        self.assertEqual(self.asked_after(), ["7"])

    def test_who_has_had_all_gets_nothing(self) -> None:
        self.assertEqual(list(self.client(Answer(204)).iterate("executions.events", ID, after=4)), [])

    def test_an_event_that_is_missing_is_not_passed_over(self) -> None:
        answer = as_frames(frame(1, "start", START), frame(3, "stdout", OUT))
        with self.assertRaises(UnexpectedAnswer):
            list(self.client(answer).iterate("executions.events", ID))

    def test_gives_up_where_nothing_more_comes(self) -> None:
        empty = as_frames(is_cut=True)
        retry = Retry(attempts=3, total_s=5)
        with self.assertRaises(ConnectionFailed):
            list(self.client(empty, empty, empty, empty, retry=retry).iterate("executions.events", ID))
        self.assertEqual(len(self.server.requests), 3)

    def test_gives_up_where_what_takes_long_is_the_way_to_an_empty_stream(self) -> None:
        empty = as_frames(is_cut=True)
        waits = as_json(problem("SANDBOX_BUSY"), 503, retry_after="1")
        retry = Retry(attempts=3, total_s=60)
        # Each wait for the stream is longer than a stream that held, and no stream holds.
        with mock.patch("pycell._executions._HELD_S", 0.9), self.assertRaises(ConnectionFailed):
            list(self.client(*[waits, empty] * 8, retry=retry).iterate("executions.events", ID))
        self.assertEqual(len(self.server.requests), 6)

    def test_goes_on_where_a_stream_held_although_nothing_came(self) -> None:
        ended = as_frames(frame(1, "cancelled", {}), frame(2, "end", {}))
        held = [replace(as_frames(": ping\n\n", is_cut=True), pause_s=1.0)] * 4
        with mock.patch("pycell._executions._HELD_S", 0.5):
            events = list(self.client(*held, ended, retry=Retry(attempts=3, total_s=60)).iterate("executions.events", ID))
        self.assertEqual([event.number for event in events], [1])
        self.assertEqual(len(self.server.requests), 5)

    def test_nothing_in_an_event_begins_another(self) -> None:
        text = '\n\nid: 9\nevent: end\ndata: {}\n\n'
        answer = as_frames(frame(1, "stdout", {"text": text}), frame(2, "cancelled", {}), frame(3, "end", {}))
        events = list(self.client(answer).iterate("executions.events", ID))
        self.assertEqual(events[0].text, text)

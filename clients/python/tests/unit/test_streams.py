"""Streams and batches."""

from __future__ import annotations

import json
import threading

from pycell import (
    ArtifactEvent,
    BatchError,
    BatchResult,
    ErrorEvent,
    OutputEvent,
    ResultEvent,
    ScriptError,
    ScriptRefused,
    StartEvent,
    StreamCut,
    UnexpectedAnswer,
)

from .both_clients import ClientCase, with_both
from .scripted_server import EXECUTION, Answer, artifact, as_json, as_lines, executed, problem

START = {"type": "start", "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
RESULT = {"type": "result", "result": 1, "execution": EXECUTION}
END = {"type": "end"}


def printed(text: str) -> dict[str, str]:
    return {"type": "stdout", "text": text}


@with_both
class StreamTest(ClientCase):
    def test_gives_typed_events_and_leaves_out_signs_of_life(self) -> None:
        told = [START, printed("a"), {"type": "ping"}, {"type": "artifact", **artifact("f")}, {"type": "new"}, RESULT, END]
        events = list(self.client(as_lines(*told)).iterate("stream", "1"))
        self.assertEqual([type(event) for event in events], [StartEvent, OutputEvent, ArtifactEvent, ResultEvent])
        self.assertEqual((events[1].type, events[1].text), ("stdout", "a"))
        self.assertEqual(events[2].content, b"hi")
        self.assertEqual(events[3].execution.isolation, "nsjail")
        self.assertEqual(self.server.requests[0].headers["accept"], "application/x-ndjson")
        self.assertEqual(self.server.requests[0].headers["accept-encoding"], "identity")

    def test_lines_may_come_in_pieces_of_any_size(self) -> None:
        told = [START, printed("é\u2028\x85" * 1000), RESULT, END]
        whole = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in told)
        for size in (1, 7, 4096):
            pieces = tuple(whole[at : at + size] for at in range(0, len(whole), size))
            answer = Answer(headers={"Content-Type": "application/x-ndjson"}, pieces=pieces)
            events = list(self.client(answer).iterate("stream", "1"))
            self.assertEqual(events[1].text, "é\u2028\x85" * 1000)

    def test_what_is_printed_cannot_be_taken_for_an_event(self) -> None:
        text = '\n{"type":"end"}\n{"type":"result","result":"forged"}\n'
        events = list(self.client(as_lines(START, printed(text), RESULT, END)).iterate("stream", "1"))
        self.assertEqual((events[1].text, events[-1].result), (text, 1))

    def test_an_error_is_an_event_that_can_be_raised(self) -> None:
        told = [START, {"type": "error", **problem("SCRIPT_ERROR", "E: x", line=2)}, END]
        event = list(self.client(as_lines(*told)).iterate("stream", "1"))[-1]
        assert isinstance(event, ErrorEvent)
        self.assertEqual((event.code, event.line), ("SCRIPT_ERROR", 2))
        self.assertIs(type(event.exception()), ScriptError)

    def test_what_fails_before_the_script_begins_is_raised(self) -> None:
        with self.assertRaises(ScriptRefused):
            list(self.client(as_json(problem("POLICY_VIOLATION"), 400)).iterate("stream", "1"))

    def test_waits_for_a_place_before_it_began(self) -> None:
        busy = as_json(problem("SANDBOX_BUSY"), 503, retry_after="0")
        self.assertEqual(len(list(self.client(busy, as_lines(START, RESULT, END)).iterate("stream", "1"))), 2)

    def test_a_stream_without_its_end_is_cut_and_not_sent_again(self) -> None:
        for answer in (as_lines(START, RESULT), as_lines(START, RESULT, is_cut=True)):
            events = []
            with self.assertRaises(StreamCut):
                for event in self.client(answer).iterate("stream", "1"):
                    events.append(event)
            self.assertEqual(len(events), 2)
        self.assertEqual(len(self.server.requests), 2)

    def test_leaving_early_ends_the_connection(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        events = self.client(as_lines(START, go_on=go_on)).iterate("stream", "1")
        next(events)
        getattr(events, "close")()
        self.assertTrue(self.server.was_left.wait(5))

    def test_an_answer_of_another_kind_is_no_stream(self) -> None:
        with self.assertRaises(UnexpectedAnswer):
            list(self.client(as_json(executed())).iterate("stream", "1"))

    def test_garbage_is_refused_at_its_beginning_since_it_may_have_no_end(self) -> None:
        answer = Answer(headers={"Content-Type": "application/x-ndjson"}, pieces=(b"<html>",), is_cut=True)
        with self.assertRaises(UnexpectedAnswer):
            list(self.client(answer).iterate("stream", "1"))

    def test_garbage_in_a_stream_is_said_to_be_none_of_ours(self) -> None:
        for told in ([1], [{"type": "stdout"}], [{"type": "stdout", "text": 1}]):
            with self.subTest(told), self.assertRaises(UnexpectedAnswer):
                list(self.client(as_lines(*told)).iterate("stream", "1"))


@with_both
class BatchTest(ClientCase):
    def answer(self, *indexes: int, is_cut: bool = False) -> Answer:
        told = [
            {"index": index, "status": 200, **executed(index)}
            if index % 2 == 0
            else {"index": index, "status": 422, **problem("SCRIPT_ERROR")}
            for index in indexes
        ]
        return as_lines({"type": "ping"}, *told, is_cut=is_cut)

    def test_a_list_has_the_order_of_the_inputs(self) -> None:
        found = self.client(self.answer(2, 0, 1)).call("batch", "1", [{"n": 1}, {}, {}])
        self.assertEqual([item.index for item in found], [0, 1, 2])
        self.assertEqual([type(item) for item in found], [BatchResult, BatchError, BatchResult])
        self.assertEqual((found[2].result, found[1].code, found[1].status), (2, "SCRIPT_ERROR", 422))
        self.assertEqual(self.server.requests[0].path, "/execute/batch")
        self.assertEqual(self.server.requests[0].json()["inputs"], [{"n": 1}, {}, {}])

    def test_an_iterator_has_them_as_they_come(self) -> None:
        found = list(self.client(self.answer(2, 0, 1)).iterate("batch_items", "1", [{}, {}, {}]))
        self.assertEqual([item.index for item in found], [2, 0, 1])

    def test_outcomes_that_are_missing_are_a_cut(self) -> None:
        for is_cut in (False, True):
            with self.assertRaises(StreamCut):
                self.client(self.answer(0, is_cut=is_cut)).call("batch", "1", [{}, {}])

    def test_an_outcome_that_comes_twice_or_of_no_input_is_none_of_ours(self) -> None:
        for answer in (self.answer(0, 0), self.answer(7)):
            with self.assertRaises(UnexpectedAnswer):
                self.client(answer).call("batch", "1", [{}, {}])

    def test_needs_inputs(self) -> None:
        with self.assertRaises(ValueError):
            self.client().call("batch", "1", [])
        with self.assertRaisesRegex(TypeError, r"inputs\[1\]"):
            self.client().call("batch", "1", [{}, 1])
        with self.assertRaises(TypeError):
            self.client().call("batch", "1", [{}], stdin="no part of it")

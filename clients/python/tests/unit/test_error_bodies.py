"""How much of an error is read, and for how long: who answers may be anybody."""

from __future__ import annotations

import base64
import threading
from unittest import mock

from pycell import NotFound, PycellError, ScriptError, UnexpectedAnswer

from .both_clients import ClientCase, with_both
from .scripted_server import Answer, artifact, as_json, problem

MIB = 1_048_576
#: After which an answer ends all the same, so that a client that waits for its end fails a test and does not hang. Seconds.
LATE_S = 15.0


@with_both
class ErrorBodiesTest(ClientCase):
    def error(self, answer: Answer) -> PycellError:
        client = self.client(answer, retry=None)
        self.server.was_left.clear()
        with self.assertRaises(PycellError) as raised:
            client.call("execute", "1")
        return raised.exception

    def endless(self) -> threading.Event:
        end = threading.Event()
        late = threading.Timer(LATE_S, end.set)
        late.start()
        self.addCleanup(late.cancel)
        self.addCleanup(end.set)
        return end

    def test_of_json_no_more_is_read_than_an_error_has(self) -> None:
        for headers in ({"Content-Type": "application/json; charset=utf-8"}, {}):
            answer = Answer(422, headers=headers, pieces=(b" " * MIB,) * 65, go_on=self.endless())
            with self.subTest(headers):
                error = self.error(answer)
                self.assertTrue(self.server.was_left.wait(10))
                self.assertEqual((type(error), error.status, error.may_have_run), (ScriptError, 422, True))
                self.assertIn("more than 64 MiB", error.message)

    def test_the_longest_with_the_usual_limits_is_read(self) -> None:
        content = base64.b64encode(bytes(8 * MIB)).decode()
        left = {**artifact("a.bin", content), "sizeBytes": 8 * MIB}
        error = self.error(as_json(problem("SCRIPT_ERROR", stdout="\0" * MIB, artifacts=[left]), 422))
        assert isinstance(error, ScriptError)
        self.assertEqual((len(error.stdout), len(error.artifacts[0].base64)), (MIB, len(content)))

    def test_what_comes_byte_by_byte_is_not_waited_for(self) -> None:
        cases: tuple[tuple[str, type[PycellError]], ...] = (
            ("application/json", NotFound),
            ("text/html", UnexpectedAnswer),
        )
        for media_type, kind in cases:
            answer = Answer(404, headers={"Content-Type": media_type}, pieces=(b" ",), go_on=self.endless())
            with self.subTest(media_type), mock.patch("pycell._calls._ERROR_WITHIN_S", 0.5):
                self.assertIs(type(self.error(answer)), kind)
                self.assertTrue(self.server.was_left.wait(10))

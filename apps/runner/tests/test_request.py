"""The limits of `--limits` and the payload of a RUN frame: what fits, and that a wrong field is named."""

from __future__ import annotations

import json
import unittest
from typing import Any

from pycell_runner.request import RequestError, parse_limits, parse_request

from .driver import LIMITS


def _body() -> dict[str, Any]:
    return {"script": "x = 1", "mode": "run"}


class LimitsParsing(unittest.TestCase):
    def assert_refused(self, limits: Any, message: str) -> None:
        with self.assertRaisesRegex(RequestError, message):
            parse_limits(limits if isinstance(limits, str) else json.dumps(limits))

    def test_each_limit_is_read_from_its_own_field(self) -> None:
        limits = parse_limits(json.dumps({name: position for position, name in enumerate(LIMITS, 1)}))
        values = [getattr(limits, name) for name in limits.__slots__]
        self.assertEqual(values, [*range(1, len(LIMITS) + 1)])

    def test_fields_that_are_not_known_are_ignored(self) -> None:
        self.assertEqual(parse_limits(json.dumps({**LIMITS, "later": 1})).timeout_ms, LIMITS["timeoutMs"])

    def test_limits_that_are_no_object_are_named(self) -> None:
        for limits in (None, [1], 1, "{", ""):
            self.assert_refused(limits, "limits is not (an object|JSON)")

    def test_each_wrong_limit_is_named_with_its_value(self) -> None:
        for name in LIMITS:
            for value in (None, 0, -1, 1.5, "1", True, [1]):
                with self.subTest(name, value=value):
                    self.assert_refused({**LIMITS, name: value}, rf"limits\.{name} is .*, not a positive integer")

    def test_each_missing_limit_is_named(self) -> None:
        for name in LIMITS:
            limits = {other: value for other, value in LIMITS.items() if other != name}
            self.assert_refused(limits, rf"limits\.{name} is None")


class RequestParsing(unittest.TestCase):
    def assert_refused(self, body: Any, message: str) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        with self.assertRaisesRegex(RequestError, message):
            parse_request(payload)

    def test_a_proper_request_is_read_whole(self) -> None:
        request = parse_request(json.dumps({**_body(), "mode": "compile", "later": 1}).encode())
        self.assertEqual((request.script, request.mode), ("x = 1", "compile"))

    def test_an_unpaired_surrogate_in_the_script_is_kept(self) -> None:
        self.assertEqual(parse_request(json.dumps({**_body(), "script": "\ud800"}).encode()).script, "\ud800")

    def test_a_payload_that_is_not_json_is_refused(self) -> None:
        for payload in (b"", b"{", b"\xff", b"[1] 2", b"[" * 100_000):
            with self.subTest(payload[:10]):
                self.assert_refused(payload, "RUN payload is not JSON")

    def test_a_payload_that_is_not_an_object_is_refused(self) -> None:
        for value in ([1], 1, None, "text"):
            self.assert_refused(value, "RUN payload is not an object")

    def test_a_wrong_script_is_named(self) -> None:
        for script in (None, 1, ["x"], {"x": 1}):
            self.assert_refused({**_body(), "script": script}, "script is not a string")
        body = _body()
        del body["script"]
        self.assert_refused(body, "script is not a string")

    def test_a_wrong_mode_is_named_with_its_value(self) -> None:
        for mode in (None, "", "RUN", "exec", 1, ["run"]):
            self.assert_refused({**_body(), "mode": mode}, "mode is .*, not 'run' or 'compile'")


if __name__ == "__main__":
    unittest.main()

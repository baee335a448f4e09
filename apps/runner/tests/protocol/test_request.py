"""The limits of `--limits` and the payload of a RUN frame: what fits, and that a wrong field is named."""

from __future__ import annotations

import json
import os
import unittest
from dataclasses import replace
from typing import Any

from pycell_runner.protocol.payload import Payload
from pycell_runner.protocol.request import RequestError, RunRequest, parse_limits, parse_request, parse_start
from pycell_runner.protocol.sections import with_length

from ..conversation import Parts, run_payload
from ..driver import LIMITS


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


_RUN_LIMITS = parse_limits(json.dumps(LIMITS))


class StartParsing(unittest.TestCase):
    def test_a_run_may_have_less_time_than_its_runner_allows(self) -> None:
        limits = parse_start(b'{"timeoutMs": 7, "unknown": 1}', _RUN_LIMITS)
        self.assertEqual(limits, replace(_RUN_LIMITS, timeout_ms=7))

    def test_what_does_not_fit_is_named_with_its_value(self) -> None:
        for payload in (b"{}", b'{"timeoutMs": 0}', b'{"timeoutMs": true}', b'{"timeoutMs": 1.5}', b'{"timeoutMs": 999999999}'):
            with self.subTest(payload), self.assertRaisesRegex(RequestError, "timeoutMs is .*, not from 1 to "):
                parse_start(payload, _RUN_LIMITS)
        for payload in (b"", b"[]", b"\xff"):
            with self.subTest(payload), self.assertRaises(RequestError):
                parse_start(payload, _RUN_LIMITS)


def _parse(payload: bytes, chunk: int | None = None) -> RunRequest:
    """Parse a payload of which so many bytes have come with its header, and the rest through a pipe."""
    if chunk is None:
        return parse_request(Payload(-1, payload, len(payload)), _RUN_LIMITS)
    reading, writing = os.pipe()
    try:
        os.write(writing, payload[chunk:])
        os.close(writing)
        return parse_request(Payload(reading, payload[:chunk], len(payload)), _RUN_LIMITS)
    finally:
        os.close(reading)


class RequestParsing(unittest.TestCase):
    def test_a_run_has_the_limits_of_its_runner(self) -> None:
        self.assertIs(_parse(run_payload(b"")).limits, _RUN_LIMITS)

    def test_a_run_may_have_less_memory_than_its_runner_allows(self) -> None:
        limits = _parse(run_payload(b"x", parts=Parts(memory_bytes=7))).limits
        self.assertEqual(limits, replace(_RUN_LIMITS, memory_bytes=7))
        for wrong in (0, -1, LIMITS["memoryBytes"] + 1):
            with self.assertRaisesRegex(RequestError, "memoryBytes is .*, not from 1 to "):
                _parse(run_payload(b"x", parts=Parts(memory_bytes=wrong)))

    def test_the_head_says_the_mode_and_the_section_is_the_script(self) -> None:
        for mode in ("function", "script", "compile", "validate"):
            request = _parse(run_payload('x = "é"'.encode(), mode))
            self.assertEqual((request.script, request.mode), ('x = "é"', mode))

    def test_what_comes_with_a_script_is_found_however_the_bytes_arrive(self) -> None:
        payload = run_payload(b"x", parts=Parts(inputs=b'{"a":1}', stdin=b"in", files={"d/a": b"123", "b": b""}))
        for chunk in range(len(payload)):
            with self.subTest(chunk):
                request = _parse(payload, chunk)
                self.assertEqual((request.script, request.inputs, request.stdin_bytes), ("x", b'{"a":1}', 2))
                self.assertEqual(request.files, [("d/a", 3), ("b", 0)])

    def test_an_empty_part_is_not_a_missing_one(self) -> None:
        request = _parse(run_payload(b"x", parts=Parts(stdin=b"")))
        self.assertEqual((request.inputs, request.stdin_bytes, request.files), (None, 0, []))

    def test_the_usual_form_means_what_every_other_does(self) -> None:
        for script in (b"", b"x", b'"],["script"', bytes(300)):
            usual = b'{"mode":"function","sections":[["script",%d]]}' % len(script)
            spaced = run_payload(script)
            self.assertNotIn(usual, spaced)
            plain, other = _parse(with_length(usual) + script), _parse(spaced)
            self.assertEqual(replace(plain, files=[]), other)
            for wrong in (script + b"x", script[1:] if script else b"xx"):
                with self.assertRaisesRegex(RequestError, "do not fill the payload"):
                    _parse(with_length(usual) + wrong)

    def test_a_script_may_be_empty(self) -> None:
        self.assertEqual(_parse(run_payload(b"")).script, "")

    def test_an_unpaired_surrogate_in_the_script_is_kept(self) -> None:
        self.assertEqual(_parse(run_payload(b'"\xed\xa0\x80"')).script, '"\ud800"')

    def test_a_wrong_mode_is_named_with_its_value(self) -> None:
        for mode in ("", "0", "RUN", "toString"):
            with self.assertRaisesRegex(RequestError, "mode is .*, not one of function, script, program, component, compile, validate"):
                _parse(run_payload(b"x", mode))

    def test_a_script_that_is_not_utf_8_is_refused(self) -> None:
        with self.assertRaisesRegex(RequestError, "script is not UTF-8"):
            _parse(run_payload(b"\xff"))

    def test_what_does_not_fit_is_refused(self) -> None:
        for payload, message in (
            (b"", "0 bytes left, not 4"),
            (b"\0\0\0", "3 bytes left, not 4"),
            (b"\0\0\0\x09{}", "2 bytes left, not 9"),
            (with_length(b"[]"), "not an object with a list of sections"),
            (with_length(b"{}"), "not an object with a list of sections"),
            (with_length(b"\xff"), "not JSON"),
            (with_length(b'{"mode":"script","sections":[]}'), "no section script"),
            (with_length(b'{"mode":"script","sections":[["script"]]}'), "not a name and a length"),
            (with_length(b'{"mode":"script","sections":[["script",-1]]}'), "not a name and a length"),
            (with_length(b'{"mode":"script","sections":[["script",true]]}') + b"x", "not a name and a length"),
            (with_length(b'{"mode":"script","sections":[["other",0]]}'), "not some of script, inputs"),
            (with_length(b'{"mode":"script","sections":[["stdin",0],["script",0]]}'), "in this order"),
            (with_length(b'{"mode":"script","sections":[["script",0],["script",0]]}'), "in this order"),
            (with_length(b'{"mode":"script","sections":[["script",1]]}') + b"xy", "do not fill the payload"),
            (with_length(b'{"mode":"script","sections":[["script",3]]}') + b"xy", "do not fill the payload"),
            (with_length(b'{"mode":"script","files":[["a",1]],"sections":[["script",0]]}'), "the files do not fill"),
        ):
            with self.subTest(payload), self.assertRaisesRegex(RequestError, message):
                _parse(payload)

    def test_a_connection_that_ends_within_the_payload_is_told(self) -> None:
        payload = run_payload(b"x" * 100)
        reading, writing = os.pipe()
        os.close(writing)
        with self.assertRaisesRegex(RequestError, "the connection ended within the payload"):
            parse_request(Payload(reading, payload[:50], len(payload)), _RUN_LIMITS)
        os.close(reading)


if __name__ == "__main__":
    unittest.main()

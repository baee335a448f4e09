"""The limits of `--limits` and the payload of a RUN frame: what fits, and that a wrong field is named."""

from __future__ import annotations

import json
import unittest
from dataclasses import replace
from typing import Any

from pycell_runner.protocol.request import RequestError, parse_limits, parse_request, parse_start
from pycell_runner.protocol.sections import SectionsError, decode_sections, with_length

from ..conversation import run_payload
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


class RequestParsing(unittest.TestCase):
    def test_a_run_has_the_limits_of_its_runner(self) -> None:
        self.assertIs(parse_request(run_payload(b""), _RUN_LIMITS).limits, _RUN_LIMITS)

    def test_the_head_says_the_mode_and_the_section_is_the_script(self) -> None:
        for mode in ("run", "compile"):
            request = parse_request(run_payload('x = "é"'.encode(), mode), _RUN_LIMITS)
            self.assertEqual((request.script, request.mode), ('x = "é"', mode))

    def test_the_usual_form_means_what_every_other_does(self) -> None:
        for script in (b"", b"x", b'"],["script"', bytes(300)):
            usual = b'{"mode":"run","sections":[["script",%d]]}' % len(script)
            spaced = run_payload(script)
            self.assertNotIn(usual, spaced)
            self.assertEqual(
                parse_request(with_length(usual) + script, _RUN_LIMITS), parse_request(spaced, _RUN_LIMITS)
            )
            for wrong in (script + b"x", script[1:] if script else b"xx"):
                with self.assertRaisesRegex(RequestError, "do not fill the payload"):
                    parse_request(with_length(usual) + wrong, _RUN_LIMITS)

    def test_a_script_may_be_empty(self) -> None:
        self.assertEqual(parse_request(run_payload(b""), _RUN_LIMITS).script, "")

    def test_an_unpaired_surrogate_in_the_script_is_kept(self) -> None:
        self.assertEqual(parse_request(run_payload(b'"\xed\xa0\x80"'), _RUN_LIMITS).script, '"\ud800"')

    def test_a_wrong_mode_is_named_with_its_value(self) -> None:
        for mode in ("", "0", "RUN", "toString"):
            with self.assertRaisesRegex(RequestError, "mode is .*, not run or compile"):
                parse_request(run_payload(b"x", mode), _RUN_LIMITS)

    def test_a_script_that_is_not_utf_8_is_refused(self) -> None:
        with self.assertRaisesRegex(RequestError, "script is not UTF-8"):
            parse_request(run_payload(b"\xff"), _RUN_LIMITS)

    def test_a_request_without_a_script_is_refused(self) -> None:
        with self.assertRaisesRegex(RequestError, "no section script"):
            parse_request(with_length(b'{"mode":"run","sections":[]}'), _RUN_LIMITS)


class Sections(unittest.TestCase):
    def test_are_returned_by_name_with_the_head(self) -> None:
        payload = with_length(b'{"n": 1, "sections": [["b", 2], ["a", 0]]}') + b"xy"
        head, sections = decode_sections(payload, ("a", "b"))
        self.assertEqual((head["n"], sections), (1, {"b": b"xy", "a": b""}))

    def test_what_does_not_fit_is_refused(self) -> None:
        for payload in (
            b"",
            b"\0\0\0",
            b"\0\0\0\x09{}",
            with_length(b"[]"),
            with_length(b"{}"),
            with_length(b"\xff"),
            with_length(b'{"sections": [["a"]]}'),
            with_length(b'{"sections": [["a", -1]]}'),
            with_length(b'{"sections": [["a", true]]}') + b"x",
            with_length(b'{"sections": [["c", 0]]}'),
            with_length(b'{"sections": [["a", 0], ["a", 0]]}'),
            with_length(b'{"sections": [["a", 1]]}') + b"xy",
            with_length(b'{"sections": [["a", 3]]}') + b"xy",
        ):
            with self.subTest(payload), self.assertRaises(SectionsError):
                decode_sections(payload, ("a", "b"))


if __name__ == "__main__":
    unittest.main()

"""The limits of `--limits` and the payload of a RUN frame: what fits, and that a wrong field is named."""

from __future__ import annotations

import json
import unittest
from typing import Any

from pycell_runner.protocol.request import RequestError, parse_limits, parse_request

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


class RequestParsing(unittest.TestCase):
    def test_a_run_has_the_limits_of_its_runner(self) -> None:
        self.assertIs(parse_request(b"\0", _RUN_LIMITS).limits, _RUN_LIMITS)

    def test_the_first_byte_says_the_mode_and_the_rest_is_the_script(self) -> None:
        for byte, mode in ((b"\0", "run"), (b"\1", "compile")):
            request = parse_request(byte + 'x = "é"'.encode(), _RUN_LIMITS)
            self.assertEqual((request.script, request.mode), ('x = "é"', mode))

    def test_a_script_may_be_empty(self) -> None:
        self.assertEqual(parse_request(b"\0", _RUN_LIMITS).script, "")

    def test_an_unpaired_surrogate_in_the_script_is_kept(self) -> None:
        self.assertEqual(parse_request(b'\0"\xed\xa0\x80"', _RUN_LIMITS).script, '"\ud800"')

    def test_a_wrong_mode_is_named_with_its_value(self) -> None:
        for payload in (b"", b"\2x", b"{}"):
            with self.assertRaisesRegex(RequestError, "mode is .*, not 0 or 1"):
                parse_request(payload, _RUN_LIMITS)

    def test_a_script_that_is_not_utf_8_is_refused(self) -> None:
        with self.assertRaisesRegex(RequestError, "script is not UTF-8"):
            parse_request(b"\0\xff", _RUN_LIMITS)


if __name__ == "__main__":
    unittest.main()

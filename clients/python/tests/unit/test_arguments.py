"""What can be sent, and what is refused before it is."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from .both_clients import ClientCase, with_both
from .scripted_server import Answer, as_json, executed


@with_both
class ArgumentsTest(ClientCase):
    def test_a_decimal_is_sent_with_all_its_digits(self) -> None:
        long = "9" * 5000
        value = {"é": [Decimal("1.10"), Decimal("12345678901234567.89"), Decimal(long), Decimal("1e400")], "f": 0.5, "n": None}
        self.client(as_json(executed())).call("execute", "'\u2028'", value)
        sent = self.server.requests[0].body.decode()
        self.assertEqual(
            sent,
            '{"script":"\'\u2028\'","inputs":{"é":[1.10,12345678901234567.89,%s,1E+400],"f":0.5,"n":null}}' % long,
        )

    def test_a_result_can_be_sent_back_as_it_came(self) -> None:
        body = json.dumps(executed()).replace("42", "[1.10,12345678901234567.89]").encode()
        answers = (Answer(200, body, {"Content-Type": "application/json"}), as_json(executed()))
        client = self.client(*answers, parse_float=Decimal)
        client.call("execute", "1", {"a": client.call("execute", "1").result})
        self.assertIn(b'"inputs":{"a":[1.10,12345678901234567.89]}', self.server.requests[1].body)

    def test_refuses_what_cannot_be_sent(self) -> None:
        client = self.client()
        cases: list[tuple[Any, dict[str, Any]]] = [
            (TypeError, {"script": b"1"}),
            (TypeError, {"script": "1", "inputs": [1]}),
            (TypeError, {"script": "1", "inputs": {1: 1}}),
            (TypeError, {"script": "1", "inputs": {"a": {1, 2}}}),
            (TypeError, {"script": "1", "inputs": {"a": [{1: 2}]}}),
            (TypeError, {"script": "1", "inputs": {"a": ({"b": {None: 2}},)}}),
            (ValueError, {"script": "1", "inputs": {"a": float("nan")}}),
            (ValueError, {"script": "1", "inputs": {"a": "\ud800"}}),
            (ValueError, {"script": "1", "inputs": {"a": Decimal("NaN")}}),
            (ValueError, {"script": "1", "inputs": {"a": [Decimal("1.10"), Decimal("-Infinity")]}}),
            (TypeError, {"script": "1", "inputs": {"a": {Decimal(1): 1}}}),
            (TypeError, {"script": "1", "inputs": {"a": [Decimal(1), {1: 2}]}}),
            (ValueError, {"script": "1", "inputs": {"a": [Decimal(1), "\ud800"]}}),
            (ValueError, {"script": "1", "timeout_ms": 0}),
            (ValueError, {"script": "1", "timeout_ms": True}),
            (ValueError, {"script": "1", "memory_mb": 1.5}),
            (TypeError, {"script": "1", "stdin": b"in"}),
            (TypeError, {"script": "1", "files": {"a": 1}}),
            (TypeError, {"script": "1", "files": ["a.csv"]}),
            (TypeError, {"script": "1", "files": {1: "a"}}),
            (TypeError, {"script": "1", "timeout": 1}),
        ]
        for kind, arguments in cases:
            with self.subTest(arguments), self.assertRaises(kind):
                client.call("execute", **arguments)
        self.assertEqual(self.server.requests, [])

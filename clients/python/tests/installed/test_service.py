"""What the client makes of a real service."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from unittest import TestCase

from pycell import (
    ArtifactEvent,
    BatchError,
    BatchResult,
    CancelledEvent,
    Client,
    ErrorEvent,
    ExecutionCancelled,
    NotFound,
    OutputEvent,
    RequestRefused,
    ResultEvent,
    ScriptError,
    ScriptRefused,
    StartEvent,
)

from . import variable

SLEEP = "import time\ndef main():\n    print('begun', flush=True)\n    time.sleep(9.5)"


class ServiceCase(TestCase):
    def setUp(self) -> None:
        self.client = Client(variable("PYCELL_URL"))
        self.addCleanup(self.client.close)


class ExecuteTest(ServiceCase):
    def test_values_go_there_and_back_as_they_are(self) -> None:
        value = {"big": 2**200, "z": [1.5, None, True, "é\u2028\x1b\x00 😀"], "a": {"": {}}}
        answer = self.client.execute("def main(value):\n    return value", {"value": value})
        self.assertEqual(answer.result, value)
        self.assertEqual(list(answer.result), list(value))

    def test_digits_of_fractions_are_kept_where_it_is_asked_to(self) -> None:
        with Client(variable("PYCELL_URL"), parse_float=Decimal) as client:
            answer = client.execute("def main():\n    return [0.1, 1e300, 1.0]")
        self.assertEqual([str(each) for each in answer.result], ["0.1", "1E+300", "1.0"])

    def test_digits_of_fractions_go_there_and_back(self) -> None:
        script = "from decimal import Decimal\ndef main(rate: Decimal):\n    return [str(rate), str(rate * 3)]"
        answer = self.client.execute(script, {"rate": Decimal("12345678901234567.89")})
        self.assertEqual(answer.result, ["12345678901234567.89", "37037036703703703.67"])

    def test_files_go_there_and_artifacts_come_back(self) -> None:
        script = (
            "import fileinput\nfrom pathlib import Path\n"
            "def main():\n"
            "    Path('output/a').mkdir()\n"
            "    Path('output/a/copy').write_bytes(Path('in/b').read_bytes() + Path('t').read_bytes())\n"
            "    return list(fileinput.FileInput('-'))"  # where there is no jail, the policy refuses input()
        )
        answer = self.client.execute(script, files={"in/b": bytes(range(256)), "t": "é"}, stdin="line\n")
        self.assertEqual(answer.result, ["line\n"])
        self.assertEqual([(each.name, each.content) for each in answer.artifacts], [("a/copy", bytes(range(256)) + "é".encode())])

    def test_limits_hold(self) -> None:
        with self.assertRaises(ScriptError) as raised:
            self.client.execute("def main():\n    print('x', flush=True)\n    while True: pass", timeout_ms=1000)
        self.assertEqual((raised.exception.code, raised.exception.stdout), ("TIMEOUT", "x\n"))
        answer = self.client.execute("1", mode="script", timeout_ms=1234, memory_mb=64)
        self.assertEqual((answer.execution.limits.timeout_ms, answer.execution.limits.memory_mb), (1234, 64))

    def test_errors_say_all_that_is_known(self) -> None:
        script = (
            "from pathlib import Path\n"
            "def main():\n"
            "    Path('output/kept').write_text('k')\n"
            "    print('before')\n"
            "    raise ValueError('é')"
        )
        with self.assertRaises(ScriptError) as raised:
            self.client.execute(script)
        error = raised.exception
        self.assertEqual((error.code, error.status, error.line, error.stdout), ("SCRIPT_ERROR", 422, 5, "before\n"))
        self.assertTrue(error.may_have_run)
        self.assertEqual([(each.name, each.content) for each in error.artifacts], [("kept", b"k")])
        self.assertIn("line 5", error.traceback or "")
        assert error.problem is not None and error.problem.execution is not None
        self.assertGreater(error.problem.execution.duration_ms, 0)

    def test_refusals_are_of_their_kinds(self) -> None:
        with self.assertRaises(ScriptRefused) as refused:
            self.client.execute("import os\ndef main(): ...")
        self.assertEqual((refused.exception.code, refused.exception.violations[0].line), ("POLICY_VIOLATION", 1))
        self.assertFalse(refused.exception.may_have_run)
        with self.assertRaises(ScriptRefused) as large:
            self.client.execute("#" * (self.client.metadata().limits.max_script_size + 1))
        self.assertEqual(large.exception.code, "SCRIPT_TOO_LARGE")
        for script, code in (("def main(:", "SYNTAX_ERROR"), ("1", "MAIN_MISSING"), ("def main(a): ...", "INVALID_INPUTS")):
            with self.subTest(code), self.assertRaises(ScriptError) as raised:
                self.client.execute(script)
            self.assertEqual(raised.exception.code, code)
        with self.assertRaises(RequestRefused) as wrong:
            self.client.execute("1", memory_mb=1)
        self.assertEqual(wrong.exception.code, "INVALID_REQUEST")

    def test_describes_scripts_and_itself(self) -> None:
        described = self.client.validate("import numppy\nasync def main(city: str, days: int = 7):\n    '''Doc.'''")
        assert described.main is not None
        self.assertTrue(described.valid and described.main.is_async)
        self.assertEqual((described.main.doc, described.main.parameters["required"]), ("Doc.", ["city"]))
        self.assertEqual(described.imports.missing[0].nearest, "numpy")
        wrong = self.client.validate("def main(:").syntax_error
        assert wrong is not None
        self.assertEqual(wrong.line, 1)
        self.assertEqual(self.client.validate("import os", mode="script").violations[0].column, 8)
        told = self.client.metadata()
        self.assertEqual((told.name, told.limits.timeout_seconds, told.script_policy.mode), ("pycell", 10, "enforce"))
        self.assertIn("numpy", [package.name for package in told.python.packages])
        self.assertLessEqual({"json", "numpy"}, set(self.client.modules()))

    def test_is_for_many_threads(self) -> None:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda n: self.client.execute("def main(n): return n", {"n": n}).result, range(40)))
        self.assertEqual(answers, list(range(40)))


class StreamTest(ServiceCase):
    def test_events_come_while_it_happens(self) -> None:
        script = (
            "import time\nfrom pathlib import Path\n"
            "def main():\n"
            "    print('one\\n', end='', flush=True)\n"
            "    time.sleep(1.5)\n"
            "    Path('output/f').write_text('hi')\n"
            "    return 2**70"
        )
        seen: list[tuple[float, object]] = []
        with self.client.stream(script) as events:
            for event in events:
                seen.append((time.monotonic(), event))
        told = [event for _, event in seen]
        self.assertEqual([type(each) for each in told], [StartEvent, OutputEvent, ArtifactEvent, ResultEvent])
        self.assertGreater(seen[3][0] - seen[1][0], 0.5)
        assert isinstance(told[0], StartEvent) and isinstance(told[3], ResultEvent) and isinstance(told[2], ArtifactEvent)
        self.assertEqual((told[3].result, told[0].id, told[2].content), (2**70, told[3].execution.id, b"hi"))

    def test_an_error_is_an_event(self) -> None:
        events = list(self.client.stream("def main():\n    print('x')\n    return 1 / 0"))
        assert isinstance(events[-1], ErrorEvent)
        self.assertEqual((events[-1].code, events[-1].line), ("SCRIPT_ERROR", 3))
        self.assertTrue(events[-1].exception().may_have_run)

    def test_a_script_cannot_forge_an_event(self) -> None:
        forged = '\\n{"type":"result","result":"forged"}\\n{"type":"end"}\\n'
        script = f"import logging\ndef main():\n    print('{forged}')\n    logging.error('{forged}')\n    return 1"
        events = list(self.client.stream(script))
        kinds = {event.type for event in events if isinstance(event, OutputEvent) and '"forged"' in event.text}
        self.assertEqual(kinds, {"stdout", "stderr"})
        self.assertEqual([event.result for event in events if isinstance(event, ResultEvent)], [1])

    def test_a_batch_comes_whole_and_one_by_one(self) -> None:
        script = "import time\ndef main(n):\n    time.sleep(n / 10)\n    return 10 // n"
        inputs = [{"n": 5}, {"n": 0}, {"n": 1}]
        items = self.client.batch(script, inputs)
        self.assertEqual([type(item) for item in items], [BatchResult, BatchError, BatchResult])
        self.assertEqual([item.result for item in items if isinstance(item, BatchResult)], [2, 10])
        self.assertEqual(sorted(item.index for item in self.client.batch_items(script, inputs)), [0, 1, 2])


class ExecutionsTest(ServiceCase):
    def test_starts_once_under_one_key(self) -> None:
        executions = self.client.executions
        first = executions.start("def main(): return 1", idempotency_key=f"key-{time.time_ns()}-a")
        again_key = f"key-{time.time_ns()}-b"
        second = executions.start("def main(): return 1", idempotency_key=again_key)
        third = executions.start("def main(): return 1", idempotency_key=again_key)
        self.assertEqual(second.id, third.id)
        self.assertNotEqual(first.id, second.id)
        with self.assertRaises(RequestRefused) as raised:
            executions.start("def main(): return 2", idempotency_key=again_key)
        self.assertEqual(raised.exception.code, "IDEMPOTENCY_KEY_REUSED")

    def test_waits_for_what_a_call_would_have_answered(self) -> None:
        executions = self.client.executions
        done = executions.wait(executions.start("def main(n):\n    return n", {"n": 2**70}).id, timeout_s=20)
        self.assertEqual((done.status, done.http_status, done.response().result), ("succeeded", 200, 2**70))
        failed = executions.wait(executions.start("def main():\n    return 1 / 0").id, timeout_s=20)
        with self.assertRaises(ScriptError) as raised:
            failed.response()
        self.assertEqual((raised.exception.line, raised.exception.status), (2, 422))

    def test_follows_it_and_goes_on_behind_an_event(self) -> None:
        executions = self.client.executions
        started = executions.start("def main():\n    print('a', flush=True)\n    return 1")
        events = list(executions.events(started.id))
        self.assertEqual([event.number for event in events], list(range(1, len(events) + 1)))
        self.assertIsInstance(events[-1], ResultEvent)
        behind = list(executions.events(started.id, after=events[0].number or 0))
        self.assertEqual(behind, events[1:])
        self.assertEqual(list(executions.events(started.id, after=len(events) + 1)), [])

    def test_cancels(self) -> None:
        executions = self.client.executions
        started = executions.start(SLEEP)
        with executions.events(started.id) as events:
            for event in events:
                if isinstance(event, OutputEvent):
                    executions.cancel(started.id)
            self.assertIsInstance(event, CancelledEvent)
        with self.assertRaises(ExecutionCancelled):
            executions.wait(started.id, timeout_s=20).response()

    def test_what_is_not_there_is_not_found(self) -> None:
        for call in (self.client.executions.get, self.client.executions.cancel):
            with self.assertRaises(NotFound):
                call("0" * 32)
        with self.assertRaises(NotFound):
            list(self.client.executions.events("0" * 32))

"""What the client makes of a real service that wants a key and has one place, and of either with asyncio."""

from __future__ import annotations

import asyncio
import threading
import time
from unittest import TestCase

from pycell import (
    AsyncClient,
    AuthenticationFailed,
    Client,
    OutputEvent,
    ResultEvent,
    Retry,
    ScriptError,
    ServiceUnavailable,
    StartEvent,
    StreamCut,
)

from . import variable

SLEEP = "import time\ndef main():\n    print('begun', flush=True)\n    time.sleep(9.5)"


class KeyedTest(TestCase):
    def keyed(self, retry: Retry | None = None) -> Client:
        client = Client(variable("PYCELL_KEYED_URL"), api_key=variable("PYCELL_KEYED_KEY"), retry=retry)
        self.addCleanup(client.close)
        return client

    def test_needs_its_key(self) -> None:
        self.assertEqual(self.keyed().execute("def main(): return 1").result, 1)
        for key in (None, "pycell_wrong"):
            with Client(variable("PYCELL_KEYED_URL"), api_key=key) as client, self.assertRaises(AuthenticationFailed) as raised:
                client.execute("def main(): return 1")
            self.assertEqual((raised.exception.code, raised.exception.status), ("UNAUTHENTICATED", 401))

    def test_a_run_that_is_left_early_gives_its_place_back(self) -> None:
        client, began = self.keyed(), time.monotonic()
        with client.stream(SLEEP) as events:
            next(event for event in events if isinstance(event, OutputEvent))
            with self.assertRaises(ServiceUnavailable) as raised:
                client.execute("def main(): return 1")
            self.assertEqual((raised.exception.code, raised.exception.may_have_run), ("SANDBOX_BUSY", False))
            self.assertGreaterEqual(raised.exception.retry_after or 0, 1)
        patient = self.keyed(Retry(attempts=10, total_s=20))
        self.assertEqual(patient.execute("def main(): return 1").result, 1)
        self.assertLess(time.monotonic() - began, 9.4, "the run went on to its end")

    def test_a_run_whose_stream_another_thread_closes_gives_its_place_back(self) -> None:
        events, ended, began = self.keyed().stream(SLEEP), threading.Event(), time.monotonic()
        next(event for event in events if isinstance(event, OutputEvent))

        def wait() -> None:
            try:
                next(events, None)
            except StreamCut:
                ended.set()

        reader = threading.Thread(target=wait)
        reader.start()
        self.addCleanup(reader.join)
        events.close()
        self.assertTrue(ended.wait(9), "who read was not told at once")
        patient = self.keyed(Retry(attempts=10, total_s=20))
        self.assertEqual(patient.execute("def main(): return 1").result, 1)
        self.assertLess(time.monotonic() - began, 9.4, "the run went on to its end")

    def test_who_is_refused_for_want_of_a_place_gets_in_later(self) -> None:
        begun, client = threading.Event(), self.keyed()

        def hold() -> None:
            script = "import time\ndef main():\n    print('begun', flush=True)\n    time.sleep(1.5)"
            for event in client.stream(script):
                if isinstance(event, OutputEvent):
                    begun.set()

        holder = threading.Thread(target=hold)
        holder.start()
        self.addCleanup(holder.join)
        self.assertTrue(begun.wait(20))
        patient = self.keyed(Retry(attempts=10, total_s=30))
        self.assertEqual(patient.execute("def main(): return 'in'").result, "in")


class AsyncTest(TestCase):
    def test_does_the_same(self) -> None:
        async def program() -> None:
            async with AsyncClient(variable("PYCELL_URL")) as client:
                answers = await asyncio.gather(*[client.execute("def main(n): return n", {"n": n}) for n in range(8)])
                self.assertEqual([answer.result for answer in answers], list(range(8)))
                async with client.stream("def main():\n    print('x')\n    return 1") as events:
                    told = [type(event) async for event in events]
                self.assertEqual(told, [StartEvent, OutputEvent, ResultEvent])
                items = await client.batch("def main(n): return n", [{"n": 1}, {"n": 2}])
                self.assertEqual([item.index for item in items], [0, 1])
                started = await client.executions.start("def main(): return 3")
                self.assertEqual((await client.executions.wait(started.id, 20)).response().result, 3)
                with self.assertRaises(ScriptError):
                    await client.execute("def main(): return 1 / 0")

        asyncio.run(program())

    def test_a_task_that_is_cancelled_ends_its_run(self) -> None:
        async def program() -> None:
            url, key = variable("PYCELL_KEYED_URL"), variable("PYCELL_KEYED_KEY")
            async with AsyncClient(url, api_key=key, retry=Retry(attempts=10, total_s=20)) as client:
                begun, began = asyncio.Event(), time.monotonic()

                async def read() -> None:
                    async with client.stream(SLEEP) as events:
                        async for event in events:
                            if isinstance(event, OutputEvent):
                                begun.set()

                task = asyncio.create_task(read())
                await asyncio.wait_for(begun.wait(), 20)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.assertEqual((await client.execute("def main(): return 1")).result, 1)
                self.assertLess(time.monotonic() - began, 9.4, "the run went on to its end")

        asyncio.run(program())

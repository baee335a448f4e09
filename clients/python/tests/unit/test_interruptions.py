"""What becomes of an iteration that is closed by somebody else, or interrupted: no one takes it for complete."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest import IsolatedAsyncioTestCase, TestCase

from pycell import AsyncClient, AsyncEvents, Client, Events, NotFound, StreamCut

from .both_clients import QUICK, ClientCase, with_both
from .scripted_server import EXECUTION, Answer, ScriptedServer, as_frames, as_json, as_lines, executed, frame, problem

START = {"type": "start", "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
RESULT = {"type": "result", "result": 1, "execution": EXECUTION}
END = {"type": "end"}
ID = "5f" * 16
#: Long enough for anything that happens at once, on any machine. Seconds.
SOON_S = 60


@with_both
class BrokenOffTest(ClientCase):
    def test_what_failed_has_not_ended(self) -> None:
        for answer, kind in ((as_json(problem("NOT_FOUND"), 404), NotFound), (as_lines(START), StreamCut)):
            client: Any = self.client(answer)
            events = client.client.stream("1")
            following = self.step(client, events)
            with self.assertRaises(kind):
                while following():
                    pass
            for _ in range(2):
                with self.assertRaisesRegex(StreamCut, "before its end"):
                    following()

    def test_what_was_closed_has_not_ended(self) -> None:
        client: Any = self.client(as_lines(START, RESULT, END))
        events = client.client.stream("1")
        following = self.step(client, events)
        following()
        client.runner.run(events.aclose()) if isinstance(events, AsyncEvents) else events.close()
        with self.assertRaises(StreamCut):
            following()

    def test_what_has_ended_stays_so_also_when_it_is_closed(self) -> None:
        client: Any = self.client(as_lines(START, RESULT, END))
        events = client.client.stream("1")
        following = self.step(client, events)
        self.assertEqual([following() is None for _ in range(4)], [False, False, True, True])
        client.runner.run(events.aclose()) if isinstance(events, AsyncEvents) else events.close()
        self.assertIsNone(following())

    @staticmethod
    def step(client: Any, events: Any) -> Any:
        """Return what gives the next event, or None where it has ended."""

        async def awaited() -> Any:
            return await anext(events, None)

        return (lambda: client.runner.run(awaited())) if isinstance(events, AsyncEvents) else (lambda: next(events, None))


class ThreadTest(TestCase):
    def setUp(self) -> None:
        self.server = ScriptedServer()
        self.addCleanup(self.server.close)
        self.silence = threading.Event()
        self.addCleanup(self.silence.set)
        self.threads = ThreadPoolExecutor(2)
        self.addCleanup(self.threads.shutdown)

    def events(self, *answers: Answer) -> Events[Any]:
        self.server.will_answer(*answers)
        client = Client(self.server.url, retry=QUICK)
        self.addCleanup(client.close)
        return client.stream("1")

    def waiting(self, events: Events[Any]) -> Future[Any]:
        """Have another thread wait for the next event, and return once it does."""
        future = self.threads.submit(lambda: next(events, None))
        while not events._driver._is_running:
            self.assertFalse(future.done())
        return future

    def test_a_thread_that_closes_a_silent_stream_ends_it_at_once(self) -> None:
        events = self.events(as_lines(START, silence=self.silence))
        next(events)
        future = self.waiting(events)
        events.close()
        with self.assertRaises(StreamCut):
            future.result(SOON_S)
        self.assertTrue(self.server.was_left.wait(SOON_S))

    def test_where_no_answer_has_begun_it_ends_with_its_beginning(self) -> None:
        begin = threading.Event()
        self.addCleanup(begin.set)
        answer = as_lines(START, silence=self.silence)
        events = self.events(Answer(headers=answer.headers, pieces=answer.pieces, silence=self.silence, begin=begin))
        future = self.waiting(events)
        self.assertTrue(self.server.was_asked.wait(SOON_S))
        events.close()
        begin.set()
        with self.assertRaises(StreamCut):
            future.result(SOON_S)
        self.assertTrue(self.server.was_left.wait(SOON_S))

    def test_a_wait_between_two_attempts_ends_at_once(self) -> None:
        events = self.events(as_json(problem("SANDBOX_BUSY"), 503, retry_after="3"), as_lines(START, RESULT, END))
        future = self.waiting(events)
        self.assertTrue(self.server.was_asked.wait(SOON_S))
        events.close()
        with self.assertRaises(StreamCut):
            future.result(SOON_S)
        self.assertEqual(len(self.server.requests), 1)

    def test_one_thread_at_a_time_waits_for_the_next_event(self) -> None:
        events = self.events(as_lines(START, silence=self.silence))
        next(events)
        future = self.waiting(events)
        with self.assertRaisesRegex(RuntimeError, "already"):
            next(events)
        self.silence.set()
        with self.assertRaises(StreamCut):
            future.result(SOON_S)

    def test_the_client_goes_on(self) -> None:
        self.server.will_answer(as_lines(START, silence=self.silence), as_json(executed()))
        with Client(self.server.url) as client:
            events = client.stream("1")
            next(events)
            future = self.waiting(events)
            events.close()
            with self.assertRaises(StreamCut):
                future.result(SOON_S)
            self.assertEqual(client.execute("1").result, 42)


class TaskTest(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.server = ScriptedServer()
        self.addCleanup(self.server.close)
        self.silence = threading.Event()
        self.addCleanup(self.silence.set)
        self.client = AsyncClient(self.server.url, retry=QUICK)
        self.addAsyncCleanup(self.client.aclose)

    async def waiting(self, events: AsyncEvents[Any]) -> asyncio.Task[Any]:
        async def awaited() -> Any:
            return await anext(events, None)

        task = asyncio.create_task(awaited())
        while events._driver._running is None:
            await asyncio.sleep(0)
        return task

    async def test_a_task_that_closes_a_silent_stream_ends_it_at_once(self) -> None:
        self.server.will_answer(as_lines(START, silence=self.silence), as_json(executed()))
        events = self.client.stream("1")
        await anext(events)
        task = await self.waiting(events)
        await asyncio.gather(events.aclose(), events.aclose())
        with self.assertRaises(StreamCut):
            await asyncio.wait_for(task, SOON_S)
        self.assertEqual(task.cancelling(), 0)
        self.assertTrue(await asyncio.to_thread(self.server.was_left.wait, SOON_S))
        self.assertEqual((await self.client.execute("1")).result, 42)

    async def test_also_before_an_answer_has_begun(self) -> None:
        begin = threading.Event()
        self.addCleanup(begin.set)
        self.server.will_answer(Answer(begin=begin))
        events = self.client.stream("1")
        task = await self.waiting(events)
        self.assertTrue(await asyncio.to_thread(self.server.was_asked.wait, SOON_S))
        await events.aclose()
        with self.assertRaises(StreamCut):
            await asyncio.wait_for(task, SOON_S)

    async def test_a_task_that_is_cancelled_as_well_is_cancelled(self) -> None:
        self.server.will_answer(as_lines(START, silence=self.silence))
        events = self.client.stream("1")
        await anext(events)
        task = await self.waiting(events)
        task.cancel()
        await events.aclose()
        with self.assertRaises(asyncio.CancelledError):
            await task

    async def test_what_a_time_out_has_interrupted_has_not_ended(self) -> None:
        frames = as_frames(frame(1, "start", {"id": ID}))
        quiet = Answer(headers=frames.headers, pieces=frames.pieces, silence=self.silence)
        for events, answer in (
            (self.client.stream("1"), as_lines(START, silence=self.silence)),
            (self.client.executions.events(ID), quiet),
        ):
            self.server.will_answer(answer)
            await anext(events)
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(anext(events), 0.05)
            for _ in range(2):
                with self.assertRaisesRegex(StreamCut, "interrupted.*after=N"):
                    await anext(events)

    async def test_one_task_at_a_time_waits_for_the_next_event(self) -> None:
        self.server.will_answer(as_lines(START, silence=self.silence))
        events = self.client.stream("1")
        await anext(events)
        task = await self.waiting(events)
        with self.assertRaisesRegex(RuntimeError, "already"):
            await anext(events)
        self.silence.set()
        with self.assertRaises(StreamCut):
            await asyncio.wait_for(task, SOON_S)


class LoopTest(TestCase):
    def test_a_client_is_for_one_event_loop_and_says_so(self) -> None:
        with ScriptedServer(*[as_json(executed(), Connection="close")] * 2) as server:
            client = AsyncClient(server.url)

            async def twice() -> list[Any]:
                return [(await client.execute("1")).result for _ in range(2)]

            async def following() -> None:
                await anext(client.stream("1"))

            self.assertEqual(asyncio.run(twice()), [42, 42])
            for call in (twice, following):
                with self.assertRaisesRegex(RuntimeError, "belongs to the event loop"):
                    asyncio.run(call())
            self.assertEqual(len(server.requests), 2)

"""Performs the steps of calls for asyncio; `_sync_driver.py` does the same and blocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx

from ._exchange import ALREADY_WAITING, Call, Emit, Head, ReadAll, ReadSome, Send, Sleep, Step, TransportFault, broken_off, fault_of
from ._http import head_of, request_of

T = TypeVar("T")


class Driver:
    """Performs the steps of one call, and is closed from any task."""

    def __init__(self, calls: Calls, call: Call[Any]) -> None:
        self._calls = calls
        self._call = call
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._url = ""
        #: That is in `advance`, and what to set when it has left.
        self._running: asyncio.Task[Any] | None = None
        self._left = asyncio.Event()
        self._has_returned = False
        self._is_broken_off = False
        self._is_closed = False
        self._is_cancelled = False
        #: What the call returned, once `advance` has returned None.
        self.value: Any = None

    async def advance(self) -> Emit | None:
        """Perform steps until the call emits; None: it has returned. Whatever is raised closes the connection.

        Raises StreamCut where the call was closed, or broken off before, and RuntimeError where another task is in here.
        """
        if self._running is not None:
            raise RuntimeError(ALREADY_WAITING)
        if self._has_returned:
            return None
        if self._is_closed or self._is_broken_off:
            raise broken_off()
        self._calls.keep_loop()
        task = self._running = asyncio.current_task()
        before = 0 if task is None else task.cancelling()
        self._left.clear()
        try:
            emitted = await self._next()
        except BaseException as error:
            self._is_broken_off = True
            await self._finish()
            # As `asyncio.timeout` tells its own cancellation from that of others.
            if self._is_cancelled and task is not None and task.uncancel() <= before:
                if isinstance(error, asyncio.CancelledError):
                    raise broken_off() from None
            raise
        finally:
            self._running = None
            self._left.set()
        self._has_returned = emitted is None
        return emitted

    async def close(self) -> None:
        """End the call where it is: an answer that is still open is cut, which ends its run."""
        self._is_closed = True
        if self._running is None:
            await self._finish()
            return
        # Once, and not while it closes the connection already.
        if not (self._is_cancelled or self._is_broken_off):
            self._is_cancelled = True
            self._running.cancel()
        await self._left.wait()

    async def _next(self) -> Emit | None:
        answer: Any = None
        fault: TransportFault | None = None
        try:
            while True:
                step = self._call.send(answer) if fault is None else self._call.throw(fault)
                answer = fault = None
                if isinstance(step, Emit):
                    return step
                try:
                    answer = await self._perform(step)
                except httpx.HTTPError as error:
                    fault = fault_of(error, self._url)
        except StopIteration as end:
            self.value = end.value
            await self._finish()
            return None

    async def _finish(self) -> None:
        self._call.close()
        await self._close_response()

    async def _close_response(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.aclose()

    async def _perform(self, step: Step) -> Any:
        match step:
            case Send():
                return await self._send(step)
            case ReadAll():
                assert self._chunks is not None
                return await self._read_all(self._chunks, step.most)
            case ReadSome():
                assert self._chunks is not None
                return await anext(self._chunks, None)
            case Sleep():
                await self._close_response()
                await asyncio.sleep(step.seconds)
            case Emit():
                raise AssertionError("emitted, not performed")
        return None

    async def _read_all(self, chunks: AsyncIterator[bytes], most: int | None) -> bytes:
        pieces, size = [], 0
        async for piece in chunks:
            pieces.append(piece)
            size += len(piece)
            if most is not None and size >= most:
                break
        return b"".join(pieces)

    async def _send(self, step: Send) -> Head:
        await self._close_response()
        self._url = step.url
        self._response = await self._calls.http.send(request_of(self._calls.http, step), stream=True, follow_redirects=False)
        self._chunks = self._response.aiter_bytes()
        return head_of(self._response)


class AsyncEvents(Generic[T]):
    """An iterator over what comes. Use it in `async with`: leaving that early ends it, and with it a run that is streamed.

    It ends where the stream has its end. Where it was closed, interrupted (by a time-out, for one) or failed before, each further
    `anext` raises StreamCut.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        emitted = await self._driver.advance()
        if emitted is None:
            raise StopAsyncIteration
        value: T = emitted.value
        return value

    async def aclose(self) -> None:
        """End it. Nothing happens where it has ended. Another task may do it: who waits for the next item gets StreamCut."""
        await self._driver.close()

    async def __aenter__(self) -> AsyncEvents[T]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Calls:
    """Runs calls, all of them on one event loop: connections belong to that on which they were made."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, call: Call[T]) -> T:
        """Perform a call, and return what it returns."""
        driver = Driver(self, call)
        while await driver.advance() is not None:
            pass
        value: T = driver.value
        return value

    def iterate(self, call: Call[None]) -> AsyncEvents[Any]:
        """Return what a call emits, which is performed as it is asked for."""
        return AsyncEvents(Driver(self, call))

    def keep_loop(self) -> None:
        """Raise RuntimeError where this is another event loop than that of the first call."""
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise RuntimeError(
                "This AsyncClient belongs to the event loop of its first call, and this is another one: make a client for each "
                "loop (each asyncio.run is one), or use Client"
            )

"""The client for asyncio. What it does is in `_calls.py` and `_executions.py`; here steps are performed, as in `_sync.py`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar, Unpack

import httpx

from . import _calls, _executions
from ._exchange import Call, Emit, Head, ReadAll, ReadSome, Send, Sleep, Step, TransportFault, fault_of
from ._http import awaited_http, head_of, request_of
from ._request import JudgedOptions, Mode, RunOptions, StartOptions, batch_body, run_body, start_body, validate_body
from ._retry import Retry
from ._settings import settings_of
from .events import Event
from .metadata import MetadataResponse
from .types import AsynchronousExecution, BatchItem, ExecuteResponse, ValidateResponse

T = TypeVar("T")


class _Driver:
    """Performs the steps of one call."""

    def __init__(self, http: httpx.AsyncClient, call: Call[Any]) -> None:
        self._http = http
        self._call = call
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._url = ""
        #: What the call returned, once `advance` has returned None.
        self.value: Any = None

    async def advance(self) -> Emit | None:
        """Perform steps until the call emits; None: it is over. Whatever is raised closes the connection."""
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
            await self.close()
            return None
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End the call where it is: an answer that is still open is cut, which ends its run."""
        self._call.close()
        await self._close_response()

    async def _close_response(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
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
        self._response = await self._http.send(request_of(self._http, step), stream=True, follow_redirects=False)
        self._chunks = self._response.aiter_bytes()
        return head_of(self._response)


class AsyncEvents(Generic[T]):
    """An iterator over what comes. Use it in `async with`: leaving that early ends it, and with it a run that is streamed."""

    def __init__(self, driver: _Driver) -> None:
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
        """End it. Nothing happens where it has ended."""
        await self._driver.close()

    async def __aenter__(self) -> AsyncEvents[T]:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class _Calls:
    """Runs calls."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def run(self, call: Call[T]) -> T:
        driver = _Driver(self.http, call)
        while await driver.advance() is not None:
            pass
        value: T = driver.value
        return value

    def iterate(self, call: Call[None]) -> AsyncEvents[Any]:
        return AsyncEvents(_Driver(self.http, call))


class AsyncClient:
    """A client of one service, for one event loop of asyncio. Arguments, methods and errors are those of Client, awaited.

    A Path among the arguments is read at once, on the event loop.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        retry: Retry | None = Retry(),
        parse_float: type[Decimal] | None = None,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings_of(url, api_key, timeout_s, retry, parse_float)
        self._calls = _Calls(awaited_http(self._settings, verify, transport))
        self.executions = AsyncExecutions(self)

    async def execute(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[RunOptions]
    ) -> ExecuteResponse:
        """Run a script, its text or a Path to it, and return what it came to. Raises ScriptError where it failed."""
        return await self._calls.run(_calls.execute(self._settings, run_body(script, inputs, options)))

    def stream(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[RunOptions]
    ) -> AsyncEvents[Event]:
        """Run a script, and iterate over what happens; see Client.stream."""
        return self._calls.iterate(_calls.stream(self._settings, run_body(script, inputs, options)))

    async def batch(
        self, script: str | Path, inputs: Iterable[Mapping[str, Any]], **options: Unpack[JudgedOptions]
    ) -> list[BatchItem]:
        """Run a script once for each of the inputs, and return what each came to, in their order."""
        return await self._calls.run(_calls.batch(self._settings, batch_body(script, inputs, options)))

    def batch_items(
        self, script: str | Path, inputs: Iterable[Mapping[str, Any]], **options: Unpack[JudgedOptions]
    ) -> AsyncEvents[BatchItem]:
        """The same one by one, as soon as each has ended; `index` tells which it is."""
        return self._calls.iterate(_calls.batch_items(self._settings, batch_body(script, inputs, options)))

    async def validate(self, script: str | Path, mode: Mode | None = None) -> ValidateResponse:
        """Describe a script without executing anything of it."""
        return await self._calls.run(_calls.validate(self._settings, validate_body(script, mode)))

    async def modules(self) -> tuple[str, ...]:
        """Ask which top-level modules scripts can import, in the order of their names."""
        return await self._calls.run(_calls.modules(self._settings))

    async def metadata(self) -> MetadataResponse:
        """Ask what the service says of itself: limits, packages, isolation."""
        return await self._calls.run(_calls.metadata(self._settings))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._calls.http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.url!r}, {'with a key' if self._settings.api_key else 'no key'})"


class AsyncExecutions:
    """Executions in the background; `client.executions`. See Executions."""

    def __init__(self, client: AsyncClient) -> None:
        self._settings = client._settings
        self._calls = client._calls

    async def start(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[StartOptions]
    ) -> AsynchronousExecution:
        """Start a script, and return as soon as the service has it."""
        return await self._calls.run(_executions.start(self._settings, *start_body(script, inputs, options)))

    async def get(self, execution_id: str) -> AsynchronousExecution:
        """Ask what has become of one, with its outcome once it has ended. Raises NotFound where it is not there, or forgotten."""
        return await self._calls.run(_executions.get(self._settings, execution_id))

    async def cancel(self, execution_id: str) -> AsynchronousExecution:
        """End one, whether it waits or runs. One that has ended stays as it is."""
        return await self._calls.run(_executions.cancel(self._settings, execution_id))

    def events(self, execution_id: str, *, after: int = 0) -> AsyncEvents[Event]:
        """Iterate over what has happened behind event `after`, then over what happens; see Executions.events."""
        return self._calls.iterate(_executions.events(self._settings, execution_id, after))

    async def wait(self, execution_id: str, timeout_s: float | None = None) -> AsynchronousExecution:
        """Wait until it has ended; its `response()` returns or raises what it came to. Raises NotEnded after `timeout_s`."""
        return await self._calls.run(_executions.wait(self._settings, execution_id, timeout_s))

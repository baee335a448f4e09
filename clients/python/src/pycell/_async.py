"""The client for asyncio. What it does is in `_calls.py` and `_executions.py`; `_async_driver.py` performs it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

import httpx

from . import _calls, _executions
from ._async_driver import AsyncEvents, Calls
from ._http import awaited_http
from ._request import JudgedOptions, Mode, RunOptions, StartOptions, batch_body, run_body, start_body, validate_body
from ._retry import Retry
from ._settings import settings_of
from .events import Event
from .metadata import MetadataResponse
from .types import AsynchronousExecution, BatchItem, ExecuteResponse, ValidateResponse


class AsyncClient:
    """A client of one service, for one event loop of asyncio. Arguments, methods and errors are those of Client, awaited.

    The loop is that of its first call; on another one, such as that of a second `asyncio.run`, calls raise RuntimeError.

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
        self._calls = Calls(awaited_http(self._settings, verify, transport))
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
        """Wait until it has ended; its `response()` returns or raises what it came to.

        Raises NotEnded after `timeout_s`, seconds, whatever its requests wait for; the last of them may take one second longer.
        """
        return await self._calls.run(_executions.wait(self._settings, execution_id, timeout_s))

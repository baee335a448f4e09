"""The client that blocks. What it does is in `_calls.py` and `_executions.py`; `_sync_driver.py` performs it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

import httpx

from . import _calls, _executions
from ._http import blocking_http
from ._request import JudgedOptions, Mode, RunOptions, StartOptions, batch_body, run_body, start_body, validate_body
from ._retry import Retry
from ._settings import settings_of
from ._sync_driver import Calls, Events
from .events import Event
from .metadata import MetadataResponse
from .types import AsynchronousExecution, BatchItem, ExecuteResponse, ValidateResponse


class Client:
    """A client of one service, for any number of threads.

    url          where the service is; else PYCELL_URL, else http://127.0.0.1:8080
    api_key      else PYCELL_API_KEY, which goes to PYCELL_URL, the default and this machine alone; else none is sent
    timeout_s    seconds to wait for an answer, or for the next piece of a stream; the `timeout_ms` of a run comes on top. Longer than
                 the service's QUEUE_TIMEOUT and SCRIPT_TIMEOUT together, which are 20 seconds unless it is configured otherwise
    retry        how often and how long to try; None: once
    parse_float  Decimal: numbers with a fraction in results keep all their digits
    verify       a context of `ssl` for https; True: the usual authorities
    transport    what httpx sends by, for tests and proxies of one's own

    Raises ValueError where one of them, or a proxy or certificate of the environment, cannot be used. Methods raise PycellError,
    and ValueError or TypeError for arguments that cannot be sent.
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
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings_of(url, api_key, timeout_s, retry, parse_float)
        self._calls = Calls(blocking_http(self._settings, verify, transport))
        self.executions = Executions(self)

    def execute(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[RunOptions]
    ) -> ExecuteResponse:
        """Run a script, its text or a Path to it, and return what it came to. Raises ScriptError where it failed."""
        return self._calls.run(_calls.execute(self._settings, run_body(script, inputs, options)))

    def stream(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[RunOptions]
    ) -> Events[Event]:
        """Run a script, and iterate over what happens. The request is sent with the first `next`.

        What fails before the script begins is raised; later it is an ErrorEvent. Raises StreamCut where the end is missing.
        """
        return self._calls.iterate(_calls.stream(self._settings, run_body(script, inputs, options)))

    def batch(
        self, script: str | Path, inputs: Iterable[Mapping[str, Any]], **options: Unpack[JudgedOptions]
    ) -> list[BatchItem]:
        """Run a script once for each of the inputs, and return what each came to, in their order."""
        return self._calls.run(_calls.batch(self._settings, batch_body(script, inputs, options)))

    def batch_items(
        self, script: str | Path, inputs: Iterable[Mapping[str, Any]], **options: Unpack[JudgedOptions]
    ) -> Events[BatchItem]:
        """The same one by one, as soon as each has ended; `index` tells which it is."""
        return self._calls.iterate(_calls.batch_items(self._settings, batch_body(script, inputs, options)))

    def validate(self, script: str | Path, mode: Mode | None = None) -> ValidateResponse:
        """Describe a script without executing anything of it."""
        return self._calls.run(_calls.validate(self._settings, validate_body(script, mode)))

    def modules(self) -> tuple[str, ...]:
        """Ask which top-level modules scripts can import, in the order of their names."""
        return self._calls.run(_calls.modules(self._settings))

    def metadata(self) -> MetadataResponse:
        """Ask what the service says of itself: limits, packages, isolation."""
        return self._calls.run(_calls.metadata(self._settings))

    def close(self) -> None:
        """Close all connections."""
        self._calls.http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.url!r}, {'with a key' if self._settings.api_key else 'no key'})"


class Executions:
    """Executions in the background; `client.executions`."""

    def __init__(self, client: Client) -> None:
        self._settings = client._settings
        self._calls = client._calls

    def start(
        self, script: str | Path, inputs: Mapping[str, Any] | None = None, **options: Unpack[StartOptions]
    ) -> AsynchronousExecution:
        """Start a script, and return as soon as the service has it."""
        return self._calls.run(_executions.start(self._settings, *start_body(script, inputs, options)))

    def get(self, execution_id: str) -> AsynchronousExecution:
        """Ask what has become of one, with its outcome once it has ended. Raises NotFound where it is not there, or forgotten."""
        return self._calls.run(_executions.get(self._settings, execution_id))

    def cancel(self, execution_id: str) -> AsynchronousExecution:
        """End one, whether it waits or runs. One that has ended stays as it is."""
        return self._calls.run(_executions.cancel(self._settings, execution_id))

    def events(self, execution_id: str, *, after: int = 0) -> Events[Event]:
        """Iterate over what has happened behind event `after`, then over what happens, until it has ended.

        A connection that is lost is made again: each event comes once. Raises StreamCut or another ConnectionFailed where that fails.
        """
        return self._calls.iterate(_executions.events(self._settings, execution_id, after))

    def wait(self, execution_id: str, timeout_s: float | None = None) -> AsynchronousExecution:
        """Wait until it has ended; its `response()` returns or raises what it came to.

        Raises NotEnded after `timeout_s`, seconds, whatever its requests wait for; the last of them may take one second longer.
        """
        return self._calls.run(_executions.wait(self._settings, execution_id, timeout_s))

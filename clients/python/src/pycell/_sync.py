"""The client that blocks. What it does is in `_calls.py` and `_executions.py`; here steps are performed."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar, Unpack

import httpx

from . import _calls, _executions
from ._exchange import Call, Emit, Head, ReadAll, ReadSome, Send, Sleep, Step, TransportFault, fault_of
from ._http import blocking_http, head_of, request_of
from ._request import JudgedOptions, Mode, RunOptions, StartOptions, batch_body, run_body, start_body, validate_body
from ._retry import Retry
from ._settings import settings_of
from .events import Event
from .metadata import MetadataResponse
from .types import AsynchronousExecution, BatchItem, ExecuteResponse, ValidateResponse

T = TypeVar("T")


class _Driver:
    """Performs the steps of one call."""

    def __init__(self, http: httpx.Client, call: Call[Any]) -> None:
        self._http = http
        self._call = call
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())
        self._url = ""
        #: What the call returned, once `advance` has returned None.
        self.value: Any = None

    def advance(self) -> Emit | None:
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
                    answer = self._perform(step)
                except httpx.HTTPError as error:
                    fault = fault_of(error, self._url)
        except StopIteration as end:
            self.value = end.value
            self.close()
            return None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the call where it is: an answer that is still open is cut, which ends its run."""
        self._call.close()
        self._close_response()

    def _close_response(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
            response.close()

    def _perform(self, step: Step) -> Any:
        match step:
            case Send():
                return self._send(step)
            case ReadAll():
                return self._read_all(step.most)
            case ReadSome():
                return next(self._chunks, None)
            case Sleep():
                self._close_response()
                time.sleep(step.seconds)
            case Emit():
                raise AssertionError("emitted, not performed")
        return None

    def _read_all(self, most: int | None) -> bytes:
        pieces, size = [], 0
        for piece in self._chunks:
            pieces.append(piece)
            size += len(piece)
            if most is not None and size >= most:
                break
        return b"".join(pieces)

    def _send(self, step: Send) -> Head:
        self._close_response()
        self._url = step.url
        self._response = self._http.send(request_of(self._http, step), stream=True, follow_redirects=False)
        self._chunks = self._response.iter_bytes()
        return head_of(self._response)


class Events(Generic[T]):
    """An iterator over what comes. Leave its `with` block, or close it, to end it early: that ends a run that is streamed."""

    def __init__(self, driver: _Driver) -> None:
        self._driver = driver

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        emitted = self._driver.advance()
        if emitted is None:
            raise StopIteration
        value: T = emitted.value
        return value

    def close(self) -> None:
        """End it. Nothing happens where it has ended."""
        self._driver.close()

    def __enter__(self) -> Events[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Calls:
    """Runs calls."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def run(self, call: Call[T]) -> T:
        driver = _Driver(self.http, call)
        while driver.advance() is not None:
            pass
        value: T = driver.value
        return value

    def iterate(self, call: Call[None]) -> Events[Any]:
        return Events(_Driver(self.http, call))


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
        self._calls = _Calls(blocking_http(self._settings, verify, transport))
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
        """Wait until it has ended; its `response()` returns or raises what it came to. Raises NotEnded after `timeout_s`."""
        return self._calls.run(_executions.wait(self._settings, execution_id, timeout_s))

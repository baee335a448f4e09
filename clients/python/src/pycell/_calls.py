"""All that a client does, as calls: see `_exchange.py`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import httpx

from ._answers import answered, connection_error, error_of_answer, in_words, media_type_of, most_of
from ._exchange import Call, Emit, Head, ReadAll, ReadSome, Send, Sleep, TransportFault, collected
from ._lines import LineSplitter
from ._request import encode
from ._retry import Pace
from ._settings import Settings
from ._wire import WireError, decode, parse_json
from .errors import AuthenticationFailed, PycellError, StreamCut
from .events import End, StartEvent, read_event
from .metadata import MetadataResponse, ModulesResponse
from .types import BatchError, BatchResult, ExecuteResponse, ValidateResponse

T = TypeVar("T")
NDJSON: Final = "application/x-ndjson"
#: The longest error of a service with the usual limits has 19: what was printed, which JSON may write with six bytes for one, and
#: files in base64. Who answers without an end would else fill the memory, once for each try.
_MOST_MIB_OF_ERROR: Final = 64
#: Looked at with each piece of an error; between two of them `timeout_s` holds.
_ERROR_WITHIN_S: Final = 60.0


class Request:
    """A request that may be sent more than once."""

    def __init__(
        self,
        settings: Settings,
        method: str,
        path: str,
        *,
        timeout: httpx.Timeout,
        body: Mapping[str, Any] | None = None,
        accept: str = "application/json",
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool,
    ) -> None:
        self.settings = settings
        self.id = str(uuid.uuid4())
        self.is_repeatable = is_repeatable
        self.place = f"{method} {settings.url}{path}"
        content = None if body is None else encode(body)
        self.step = Send(
            method,
            settings.url + path,
            {
                **settings.headers(),
                "X-Request-Id": self.id,
                "Accept": accept,
                # A proxy that compresses gathers what should come at once.
                **({} if accept == "application/json" else {"Accept-Encoding": "identity"}),
                **({} if content is None else {"Content-Type": "application/json"}),
                **(headers or {}),
            },
            content,
            timeout,
        )


def opened(request: Request, statuses: tuple[int, ...] = (200,)) -> Call[Head]:
    """Send until it is answered with one of these statuses. Raises PycellError."""
    head, _ = yield from _attempts(request, statuses, is_whole=False)
    return head


def asked(request: Request, cls: type[T], statuses: tuple[int, ...] = (200,)) -> Call[T]:
    """Send until it is answered, and return what the answer says. Raises PycellError."""
    head, body = yield from _attempts(request, statuses, is_whole=True)
    return answered(request.place, head, body, cls, request.settings.parse_float)


def _attempts(request: Request, statuses: tuple[int, ...], is_whole: bool) -> Call[tuple[Head, bytes]]:
    retry = request.settings.retry
    pace = Pace(retry)
    while True:
        cause: BaseException | None = None
        try:
            head: Head = yield request.step
            if head.status in statuses:
                return head, ((yield ReadAll(most_of(head))) if is_whole else b"")
            error = yield from _refusal(request, head)
        except TransportFault as fault:
            error, cause = connection_error(request.place, fault, request.id), fault.__cause__
        delay = pace.delay_s(error.retry_after) if retry.allows(error, request.is_repeatable) else None
        if delay is None:
            raise error from cause
        yield Sleep(delay)


def _refusal(request: Request, head: Head) -> Call[PycellError]:
    try:
        body: bytes | TransportFault = yield from _body_of_error(head)
    except TransportFault as fault:
        body = fault
    error = error_of_answer(request.place, head, body, request.id)
    if isinstance(error, AuthenticationFailed) and request.settings.is_key_withheld:
        error.add_note(
            "PYCELL_API_KEY was not sent: it belongs to the service at PYCELL_URL, and this is another one. Set PYCELL_URL to it"
        )
    return error


def _body_of_error(head: Head) -> Call[bytes]:
    """Return what an error says; of what is no JSON, the beginning. Raises TransportFault where JSON is too long, or takes too long."""
    most = most_of(head)
    deadline = time.monotonic() + _ERROR_WITHIN_S
    body = bytearray()
    while True:
        piece: bytes | None = yield ReadSome()
        if piece is None:
            break
        body += piece
        is_late = time.monotonic() > deadline
        if most is not None:
            if is_late or len(body) >= most:
                break
        elif is_late:
            raise TransportFault(f"it goes on after {_ERROR_WITHIN_S:g} seconds", may_have_arrived=True)
        elif len(body) > _MOST_MIB_OF_ERROR * 1_048_576:
            raise TransportFault(f"it has more than {_MOST_MIB_OF_ERROR} MiB", may_have_arrived=True)
    return bytes(body)


def execute(settings: Settings, body: Mapping[str, Any]) -> Call[ExecuteResponse]:
    """`POST /execute`."""
    timeout = settings.run_timeout(body.get("limits", {}).get("timeoutMs"))
    request = Request(settings, "POST", "/execute", timeout=timeout, body=body, is_repeatable=False)
    return (yield from asked(request, ExecuteResponse))


def validate(settings: Settings, body: Mapping[str, Any]) -> Call[ValidateResponse]:
    """`POST /validate`, which executes nothing."""
    timeout = settings.run_timeout()
    request = Request(settings, "POST", "/validate", timeout=timeout, body=body, is_repeatable=True)
    return (yield from asked(request, ValidateResponse))


def metadata(settings: Settings) -> Call[MetadataResponse]:
    """`GET /`."""
    request = Request(settings, "GET", "/", timeout=settings.run_timeout(), is_repeatable=True)
    return (yield from asked(request, MetadataResponse))


def modules(settings: Settings) -> Call[tuple[str, ...]]:
    """`GET /modules`."""
    request = Request(settings, "GET", "/modules", timeout=settings.run_timeout(), is_repeatable=True)
    return (yield from asked(request, ModulesResponse)).modules


def stream(settings: Settings, body: Mapping[str, Any]) -> Call[None]:
    """`POST /execute` as a stream: emits events. Raises StreamCut where the end is missing."""
    timeout = settings.run_timeout()
    request = Request(settings, "POST", "/execute", timeout=timeout, body=body, accept=NDJSON, is_repeatable=False)
    head = yield from opened(request)
    lines = _Lines(request, head)
    has_begun = False
    while (line := (yield from lines.next())) is not None:
        with in_words(request.place, head):
            told = parse_json(line, settings.parse_float)
            kind = told.get("type") if isinstance(told, dict) else None
            event = read_event(kind, told, has_begun=has_begun)
        has_begun = has_begun or isinstance(event, StartEvent)
        if isinstance(event, End):
            return
        if event is not None:
            yield Emit(event)
    raise StreamCut(f"The stream of {request.place} ended before its end", request_id=request.id)


def batch_items(settings: Settings, body: Mapping[str, Any]) -> Call[None]:
    """`POST /execute/batch`: emits outcomes as they come. Raises StreamCut where one is missing."""
    request = Request(
        settings,
        "POST",
        "/execute/batch",
        timeout=settings.batch_timeout(),
        body=body,
        accept=NDJSON,
        is_repeatable=False,
    )
    head = yield from opened(request)
    missing = set(range(len(body["inputs"])))
    lines = _Lines(request, head)
    while (line := (yield from lines.next())) is not None:
        with in_words(request.place, head):
            told = parse_json(line, settings.parse_float)
            if not isinstance(told, dict) or "index" not in told:
                continue  # a sign of life
            item = decode(BatchResult, told) if told.get("status") == 200 else decode(BatchError, told)
            if item.index not in missing:
                raise WireError(f"an outcome of input {item.index}, which has one or is none")
        missing.remove(item.index)
        yield Emit(item)
    if missing:
        raise StreamCut(
            f"The batch ended with {len(missing)} of {len(body['inputs'])} outcomes missing", request_id=request.id
        )


def batch(settings: Settings, body: Mapping[str, Any]) -> Call[list[BatchResult | BatchError]]:
    """The same as a list, in the order of the inputs."""
    items = yield from collected(batch_items(settings, body))
    return sorted(items, key=lambda item: int(item.index))


class _Lines:
    """The lines of an answer, one after the other; a fault of the network is one in words."""

    def __init__(self, request: Request, head: Head) -> None:
        media_type = media_type_of(head)
        if media_type != NDJSON:
            with in_words(request.place, head):
                raise WireError(f"{media_type or 'no media type'}, not {NDJSON}")
        self._request = request
        self._head = head
        self._splitter = LineSplitter()
        self._ready: list[bytes] = []

    def next(self) -> Call[bytes | None]:
        """Return the next line; None: that was all that ended with one."""
        while not self._ready:
            try:
                chunk: bytes | None = yield ReadSome()
            except TransportFault as fault:
                raise StreamCut(
                    f"The connection of {self._request.place} was lost: {fault}", request_id=self._request.id
                ) from fault.__cause__
            if chunk is None:
                return None
            self._ready = [line for line in self._splitter.feed(chunk) if line]
            if not self._splitter.begins_with(b"{"):
                # At once: what is no line of ours may have no end.
                with in_words(self._request.place, self._head):
                    raise WireError("a line that is no object")
            self._ready.reverse()
        return self._ready.pop()

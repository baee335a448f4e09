"""Executions in the background, as calls: see `_exchange.py`. All of them can be repeated without harm."""

from __future__ import annotations

import math
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import httpx

from ._answers import connection_error, in_words
from ._calls import Request, asked, opened
from ._exchange import Call, Emit, Head, ReadSome, Sleep, TransportFault
from ._lines import FrameReader
from ._retry import Pace, Retry
from ._settings import Settings
from ._wire import WireError, parse_json
from .errors import ConnectionFailed, NotEnded, PycellError, StreamCut
from .events import End, StartEvent, read_event
from .types import AsynchronousExecution

_ID = re.compile(r"[0-9a-f]{32}")
_SSE: Final = "text/event-stream"
_FIRST_LOOK_S: Final = 0.05
_LONGEST_LOOK_S: Final = 1.0
#: For which a look is given time, even where the caller's is over: the last one is worth nothing without.
_SHORTEST_LOOK_S: Final = 1.0
#: A stream that held so long was no failure, even if nothing happened in it: each ends after ten minutes.
_HELD_S: Final = 20.0
#: Before a stream that got further is asked for again.
_BREATH_S: Final = 0.05


def start(settings: Settings, body: Mapping[str, Any], key: str | None) -> Call[AsynchronousExecution]:
    """`POST /executions`. The key makes repetitions safe: the same bytes under the same key start one execution."""
    request = Request(
        settings,
        "POST",
        "/executions",
        timeout=settings.run_timeout(),
        body=body,
        headers={"Idempotency-Key": key or str(uuid.uuid4())},
        is_repeatable=True,
    )
    return (yield from asked(request, AsynchronousExecution, (202,)))


def get(settings: Settings, execution_id: str) -> Call[AsynchronousExecution]:
    """`GET /executions/ID`."""
    return (yield from asked(_about(settings, "GET", execution_id), AsynchronousExecution))


def cancel(settings: Settings, execution_id: str) -> Call[AsynchronousExecution]:
    """`DELETE /executions/ID`."""
    return (yield from asked(_about(settings, "DELETE", execution_id), AsynchronousExecution))


def wait(settings: Settings, execution_id: str, timeout_s: float | None) -> Call[AsynchronousExecution]:
    """Ask until it has ended. Raises NotEnded after `timeout_s`, also where that is less than its requests would be tried for."""
    deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
    once = replace(settings, retry=Retry(attempts=1))
    pace = Pace(settings.retry)
    known = "not known"
    look_s = _FIRST_LOOK_S
    while True:
        left_s = deadline - time.monotonic()
        timeout = settings.run_timeout(most_s=max(left_s, _SHORTEST_LOOK_S))
        try:
            execution = yield from asked(_about(once, "GET", execution_id, timeout=timeout), AsynchronousExecution)
        except PycellError as error:
            if not settings.retry.allows(error, is_repeatable=True):
                raise
            if time.monotonic() >= deadline:
                raise _not_ended(execution_id, known, timeout_s) from error
            retry_s = pace.delay_s(error.retry_after)
            if retry_s is None:
                raise
            left_s = deadline - time.monotonic()
            yield Sleep(max(min(retry_s, left_s), 0.0))
            if retry_s > left_s:
                # No last look: the service has asked for a longer wait, or could not be reached.
                raise _not_ended(execution_id, known, timeout_s) from error
            continue
        if execution.has_ended:
            return execution
        known = execution.status
        pace.begin_anew()
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise _not_ended(execution_id, known, timeout_s)
        yield Sleep(min(look_s, left_s))
        look_s = min(look_s * 1.5, _LONGEST_LOOK_S)


def _not_ended(execution_id: str, known: str, timeout_s: float | None) -> NotEnded:
    return NotEnded(
        f"The execution {execution_id} was not seen to end within {timeout_s} seconds; its status, as far as is known: {known}"
    )


def events(settings: Settings, execution_id: str, after: int) -> Call[None]:
    """`GET /executions/ID/events`: emits events, over as many connections as it takes, each event once.

    Raises StreamCut where it cannot go on.
    """
    if after < 0:
        raise ValueError(f"after must be the number of an event, or 0, not {after}")
    following = _Following(settings, execution_id, after)
    pace = Pace(settings.retry)
    while True:
        before = following.last
        yield from following.follow()
        if following.has_ended:
            return
        if following.last > before or following.held_s > _HELD_S:
            pace.begin_anew()
            yield Sleep(_BREATH_S)
            continue
        delay = pace.delay_s()
        if delay is None:
            raise following.cut or StreamCut(f"The events of execution {execution_id} end before their end, again and again")
        yield Sleep(delay)


class _Following:
    """Where a reader of events is."""

    def __init__(self, settings: Settings, execution_id: str, after: int) -> None:
        self._settings = settings
        self._id = execution_id
        self.last = after
        #: The first event is the start, or the error of what never began.
        self._has_begun = after > 0
        self.has_ended = False
        #: How long the last stream was there, from the head of its answer on: the way to it, with all its tries, is no stream.
        self.held_s = 0.0
        self.cut: ConnectionFailed | None = None

    def follow(self) -> Call[None]:
        """Read one stream as far as it goes."""
        headers = {"Last-Event-ID": str(self.last)} if self.last > 0 else {}
        timeout = self._settings.run_timeout()
        request = _about(self._settings, "GET", self._id, "/events", timeout=timeout, accept=_SSE, headers=headers)
        head = yield from opened(request, (200, 204))
        if head.status == 204:
            self.has_ended = True
            return
        opened_at = time.monotonic()
        yield from self._read(request, head)
        self.held_s = time.monotonic() - opened_at

    def _read(self, request: Request, head: Head) -> Call[None]:
        reader = FrameReader()
        while not self.has_ended:
            try:
                chunk: bytes | None = yield ReadSome()
            except TransportFault as fault:
                self.cut = connection_error(request.place, fault, request.id)
                return
            if chunk is None:
                return
            yield from self._take(reader, chunk, request, head)

    def _take(self, reader: FrameReader, chunk: bytes, request: Request, head: Head) -> Call[None]:
        with in_words(request.place, head):
            frames = list(reader.feed(chunk))
        for frame in frames:
            if frame.number <= self.last:
                continue
            with in_words(request.place, head):
                if frame.number != self.last + 1:
                    raise WireError(f"event {frame.number} behind event {self.last}")
                told = parse_json(frame.data, self._settings.parse_float)
                event = read_event(frame.kind, told, frame.number, has_begun=self._has_begun)
            self._has_begun = self._has_begun or isinstance(event, StartEvent)
            # First, so that who is interrupted while he has it does not get it again.
            self.last = frame.number
            if isinstance(event, End):
                self.has_ended = True
                return
            if event is not None:
                yield Emit(event)


def _about(
    settings: Settings,
    method: str,
    execution_id: str,
    rest: str = "",
    *,
    timeout: httpx.Timeout | None = None,
    accept: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Request:
    if not isinstance(execution_id, str) or not _ID.fullmatch(execution_id):
        raise ValueError(f"The id of an execution has 32 hexadecimal digits: {execution_id!r:.60} is none")
    return Request(
        settings,
        method,
        f"/executions/{execution_id}{rest}",
        timeout=timeout or settings.run_timeout(),
        accept=accept,
        headers=headers,
        is_repeatable=True,
    )

"""Performs the steps of calls, and blocks meanwhile; `_async_driver.py` does the same for asyncio."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx

from ._exchange import ALREADY_WAITING, Call, Emit, Head, ReadAll, ReadSome, Send, Sleep, Step, TransportFault, broken_off, fault_of
from ._http import head_of, request_of

T = TypeVar("T")


class Driver:
    """Performs the steps of one call, and is closed from any thread."""

    def __init__(self, http: httpx.Client, call: Call[Any]) -> None:
        self._http = http
        self._call = call
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())
        self._url = ""
        #: Held for a moment only, and by who changes what follows. A signal's handler may close what its thread waits for.
        self._lock = threading.RLock()
        self._is_running = False
        self._has_returned = False
        self._is_broken_off = False
        self._is_closed = threading.Event()
        #: What the call returned, once `advance` has returned None.
        self.value: Any = None

    def advance(self) -> Emit | None:
        """Perform steps until the call emits; None: it has returned. Whatever is raised closes the connection.

        Raises StreamCut where the call was closed, or broken off before, and RuntimeError where another thread is in here.
        """
        with self._lock:
            if self._is_running:
                raise RuntimeError(ALREADY_WAITING)
            if self._has_returned:
                return None
            if self._is_closed.is_set() or self._is_broken_off:
                raise broken_off()
            self._is_running = True
        try:
            emitted = self._next()
            self._has_returned = emitted is None
        except BaseException:
            self._is_broken_off = True
            self._finish()
            raise
        finally:
            self._is_running = False
        if emitted is not None and self._is_closed.is_set():
            # Meanwhile, and by who left the rest to this thread.
            self.close()
            raise broken_off()
        return emitted

    def close(self) -> None:
        """End the call where it is: an answer that is still open is cut, which ends its run."""
        with self._lock:
            self._is_closed.set()
            if self._is_running:
                self._wake()
            else:
                self._finish()

    def _next(self) -> Emit | None:
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
                if self._is_closed.is_set():
                    raise broken_off()
        except StopIteration as end:
            self.value = end.value
            self._finish()
            return None

    def _finish(self) -> None:
        self._call.close()
        self._close_response()

    def _wake(self) -> None:
        """End the connection under the thread that reads from it: to close its descriptor would wake nobody."""
        response = self._response
        # One that has been read to its end is closed, and its connection may be that of another call by now.
        if response is not None and not response.is_closed:
            stream = response.extensions.get("network_stream")
            connection = None if stream is None else stream.get_extra_info("socket")
            if isinstance(connection, socket.socket):
                # Not as a TLS connection does it, which would let go of what the other thread uses.
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _close_response(self) -> None:
        response, self._response = self._response, None
        if response is not None:
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
                self._is_closed.wait(step.seconds)
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
    """An iterator over what comes. Leave its `with` block, or close it, to end it early: that ends a run that is streamed.

    It ends where the stream has its end. Where it was closed, interrupted or failed before, each further `next` raises StreamCut.
    """

    def __init__(self, driver: Driver) -> None:
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
        """End it. Nothing happens where it has ended.

        Another thread may do it: who waits for the next item gets StreamCut at once, or, where no answer has begun yet, with its
        beginning.
        """
        self._driver.close()

    def __enter__(self) -> Events[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Calls:
    """Runs calls."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def run(self, call: Call[T]) -> T:
        """Perform a call, and return what it returns."""
        driver = Driver(self.http, call)
        while driver.advance() is not None:
            pass
        value: T = driver.value
        return value

    def iterate(self, call: Call[None]) -> Events[Any]:
        """Return what a call emits, which is performed as it is asked for."""
        return Events(Driver(self.http, call))

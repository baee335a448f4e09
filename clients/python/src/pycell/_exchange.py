"""The steps that a call consists of, without I/O: calls are generators that yield steps, and a driver performs them.

So all logic is written once; `_sync_driver.py` and `_async_driver.py` only perform.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

import httpx

from ._proxies import proxy_for
from .errors import StreamCut

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request, and answer with the Head of what comes back. An answer that is still open is closed before."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    timeout: httpx.Timeout


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer."""

    status: int
    headers: Mapping[str, str]
    #: Where a redirect leads, as it was sent.
    location: str = ""


@dataclass(frozen=True, slots=True)
class ReadAll:
    """Answer with all bytes of the body, or with its beginning, where it has more than `most`."""

    most: int | None = None


@dataclass(frozen=True, slots=True)
class ReadSome:
    """Answer with the next bytes of the body; None: that was all."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Hand a value to the caller who iterates."""

    value: Any


Step: TypeAlias = Send | ReadAll | ReadSome | Sleep | Emit
#: A call: yields steps, is sent what they answer, and returns its value.
Call: TypeAlias = Generator[Step, Any, T]


class TransportFault(Exception):
    """A step of the network failed; drivers throw it into the call. `may_have_arrived`: the request may be there."""

    def __init__(self, reason: str, may_have_arrived: bool) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


#: The request has not been sent when one of these comes.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def fault_of(error: httpx.HTTPError, url: str) -> TransportFault:
    """Return what an error of httpx means for a call to this address."""
    kind = type(error).__name__
    may_have_arrived = not isinstance(error, _BEFORE_SENDING)
    reason = f"{kind}: {error}" if str(error) else kind
    proxy = None if may_have_arrived else proxy_for(httpx.URL(url))
    if proxy is not None:
        reason += f"; the environment has the proxy {proxy} for it, and NO_PROXY goes around it"
    fault = TransportFault(reason, may_have_arrived)
    fault.__cause__ = error
    return fault


#: Of a RuntimeError.
ALREADY_WAITING: Final = "Somebody waits for the next item of this iteration already: only one can, as with Python's generators"


def broken_off() -> StreamCut:
    """Return the error for who asks for more of what was ended before its end."""
    return StreamCut(
        "The iteration was closed, interrupted or ended by an error before its end, and nothing more of it comes. Of an execution "
        "in the background, events(..., after=N) goes on behind event N"
    )


def collected(call: Call[None]) -> Call[list[Any]]:
    """Return a call that keeps what another emits, and returns it as a list."""
    found: list[Any] = []
    try:
        step = next(call)
        while True:
            if isinstance(step, Emit):
                found.append(step.value)
                step = call.send(None)
                continue
            try:
                answer = yield step
            except TransportFault as fault:
                step = call.throw(fault)
            else:
                step = call.send(answer)
    except StopIteration:
        return found

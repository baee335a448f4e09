"""The steps that a call consists of, without I/O: calls are generators that yield steps, and a driver performs them.

So all logic is written once; `_sync.py` and `_async.py` only perform.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import httpx

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


def fault_of(error: Exception) -> TransportFault:
    """Return what an error of httpx means for a call."""
    kind = type(error).__name__
    reason = f"{kind}: {error}" if str(error) else kind
    fault = TransportFault(reason, not isinstance(error, _BEFORE_SENDING))
    fault.__cause__ = error
    return fault


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

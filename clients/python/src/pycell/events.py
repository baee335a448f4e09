"""The events of a stream. An iterator of events ends by itself when the stream has; what is cut raises StreamCut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from ._wire import WireError, decode
from .errors import PycellError, error_of_problem
from .types import Artifact, ExecutionReport, Problem


# No slots: two bases that have them cannot be combined.
@dataclass(frozen=True, kw_only=True)
class _Numbered:
    number: int | None = field(default=None, metadata={"wire": None})
    """Of executions in the background: its place among the events, from 1; `events(id, after=number)` goes on behind it."""


@dataclass(frozen=True, kw_only=True)
class StartEvent(_Numbered):
    """The script has been handed over: the first event."""

    type: Literal["start"] = "start"
    id: str


@dataclass(frozen=True, kw_only=True)
class OutputEvent(_Numbered):
    """The script has printed this. It begins and ends anywhere within a line."""

    type: Literal["stdout", "stderr"]
    text: str


@dataclass(frozen=True, kw_only=True)
class ArtifactEvent(_Numbered, Artifact):
    """The script has left this."""

    type: Literal["artifact"] = "artifact"


@dataclass(frozen=True, kw_only=True)
class ResultEvent(_Numbered):
    """The script came to its end."""

    type: Literal["result"] = "result"
    result: Any
    execution: ExecutionReport


@dataclass(frozen=True, kw_only=True)
class ErrorEvent(_Numbered, Problem):
    """There is no result. What was printed and left came before."""

    type: Literal["error"] = "error"
    has_begun: bool = field(default=True, metadata={"wire": None})
    """Whether a start came before it."""

    def exception(self) -> PycellError:
        """Return it as the error that a single call would have raised, for whoever wants to raise it."""
        return error_of_problem(self, has_begun=self.has_begun)


@dataclass(frozen=True, kw_only=True)
class CancelledEvent(_Numbered):
    """The execution in the background was cancelled."""

    type: Literal["cancelled"] = "cancelled"


Event: TypeAlias = StartEvent | OutputEvent | ArtifactEvent | ResultEvent | ErrorEvent | CancelledEvent


class End:
    """The last event, which callers do not see."""


_KINDS: Final[dict[str, type[Any]]] = {
    "start": StartEvent,
    "stdout": OutputEvent,
    "stderr": OutputEvent,
    "artifact": ArtifactEvent,
    "result": ResultEvent,
    "error": ErrorEvent,
    "cancelled": CancelledEvent,
    "end": End,
}


def read_event(kind: object, body: object, number: int | None = None, *, has_begun: bool = True) -> Event | End | None:
    """Return the event; None of one that says nothing to callers: signs of life, and kinds that a newer service has.

    `has_begun`: a start came before. Raises WireError where the event is not what its kind says.
    """
    if not isinstance(body, Mapping):
        raise WireError("an event that is no object")
    cls = _KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        return None
    if cls is End:
        return End()
    event: Event = decode(cls, {**body, "type": kind})
    if isinstance(event, ErrorEvent):
        event = replace(event, has_begun=has_begun)
    return event if number is None else replace(event, number=number)

"""Client of pycell, a service that runs untrusted Python safely. `Client` blocks, `AsyncClient` is for asyncio."""

from __future__ import annotations

from ._async import AsyncClient
from ._async_driver import AsyncEvents
from ._request import Files, Mode, RunOptions, StartOptions
from ._retry import Retry
from ._sync import Client
from ._sync_driver import Events
from .errors import (
    AuthenticationFailed,
    ConnectionFailed,
    ExecutionCancelled,
    NotEnded,
    NotFound,
    PycellError,
    RateLimited,
    RequestRefused,
    ScriptError,
    ScriptRefused,
    ServiceFault,
    ServiceUnavailable,
    StreamCut,
    UnexpectedAnswer,
)
from .events import ArtifactEvent, CancelledEvent, ErrorEvent, Event, OutputEvent, ResultEvent, StartEvent
from .metadata import MetadataResponse
from .types import (
    Artifact,
    AsynchronousExecution,
    BatchError,
    BatchItem,
    BatchResult,
    ErrorResponse,
    ExecuteResponse,
    ExecutionReport,
    ValidateResponse,
)

__all__ = [
    "Artifact",
    "ArtifactEvent",
    "AsyncClient",
    "AsyncEvents",
    "AsynchronousExecution",
    "AuthenticationFailed",
    "BatchError",
    "BatchItem",
    "BatchResult",
    "CancelledEvent",
    "Client",
    "ConnectionFailed",
    "ErrorEvent",
    "ErrorResponse",
    "Event",
    "Events",
    "ExecuteResponse",
    "ExecutionCancelled",
    "ExecutionReport",
    "Files",
    "MetadataResponse",
    "Mode",
    "NotEnded",
    "NotFound",
    "OutputEvent",
    "PycellError",
    "RateLimited",
    "RequestRefused",
    "ResultEvent",
    "Retry",
    "RunOptions",
    "ScriptError",
    "ScriptRefused",
    "ServiceFault",
    "ServiceUnavailable",
    "StartEvent",
    "StartOptions",
    "StreamCut",
    "UnexpectedAnswer",
    "ValidateResponse",
]

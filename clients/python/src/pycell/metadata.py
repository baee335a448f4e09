"""What the service says of itself (`GET /`), field by field as its OpenAPI document has it; a test compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestCheck:
    """One thing that the isolation was tried for."""

    name: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestInfo:
    """The latest test of the isolation; `at` is None before the first."""

    passed: bool
    at: datetime | None
    checks: tuple[SelfTestCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZygotesInfo:
    """What makes runs cheap there."""

    immortal_objects: bool
    memory_snapshot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageInfo:
    """A package that scripts can import."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonInfo:
    """What scripts run on."""

    version: str | None
    packages: tuple[PackageInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesInfo:
    """What a request may bring along."""

    files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPolicyInfo:
    """What the script policy refuses."""

    mode: str
    blocked_modules: tuple[str, ...]
    blocked_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionLimits:
    """The limits in force, those of the key where one was sent."""

    timeout_seconds: float
    max_script_size: int
    memory_limit_mb: int
    max_output_bytes: int
    max_result_bytes: int
    max_threads: int
    max_open_files: int
    tmp_size_mb: int
    max_files: int
    max_artifact_bytes: int
    max_inputs_bytes: int
    max_batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateInfo:
    """So many requests in so many seconds."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerInfo:
    """What the service knows of who asks."""

    key: str | None
    places: int | None
    rate: RateInfo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsynchronousInfo:
    """Executions in the background: how many may wait, and how long what has ended is kept."""

    role: str
    durable: bool
    kept_seconds: float
    max_queued: float
    max_queued_bytes: float
    max_kept_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointInfo:
    """One address of the API."""

    method: str
    path: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageInfo:
    """A request that works as it stands."""

    description: str
    method: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulesResponse:
    """What scripts can import, those that the policy blocks included."""

    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataResponse:
    """The service: versions, limits, isolation, packages."""

    name: str
    version: str
    environment: str
    isolation: str
    isolation_promises: tuple[str, ...]
    self_test: SelfTestInfo
    zygotes: ZygotesInfo | None
    python: PythonInfo
    features: FeaturesInfo
    script_policy: ScriptPolicyInfo
    limits: ExecutionLimits
    caller: CallerInfo | None = None
    asynchronous: AsynchronousInfo | None = None
    endpoints: tuple[EndpointInfo, ...]
    usage: UsageInfo

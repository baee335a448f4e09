"""What differs between the kinds of jail, and local mode: one profile for each, chosen once at the runner's start.

The supervisor and zygotes ask it before the fork. What a run does is prepared by then: the callables returned here.
No other module asks which kind it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Callable

from ..kernel.isolation import IdRange
from ..kernel.seccomp import Filters
from ..protocol.request import RunLimits

Fork = Callable[[], int]
"""Forks a run as a child of the supervisor: returns 0 in the run, its pid in the process that called it."""
Isolate = Callable[[int], "str | None"]
"""Called by the run of this number: separates it from all others, and enters its working folder. Returns that, None
where no file can be written. Raises OSError; the run must not go on then."""


@dataclass(frozen=True, slots=True)
class RunPlaces:
    """What the runs of a zygote are told apart by."""

    ids: IdRange | None
    """Ids that runs may have; None where there is only one."""
    folder: str | None
    """Where each run has a folder of its own, without a jail."""


class Profile(ABC):
    """How runs are separated from each other and from the host."""

    is_jail: bool
    """Whether runs are in a jail: then the filter of system calls confines them, and they cannot start processes."""
    can_mount: bool
    """Whether a zygote may mount file systems in a namespace of its own."""

    @abstractmethod
    def prepare_supervisor(self) -> None:
        """Set up this process as a supervisor; give up the privileges that its launcher has left to it in excess."""

    @abstractmethod
    def find_faults(self, has_zygotes: bool) -> list[str]:
        """Return what is missing of the isolation that the supervisor can see from inside, empty when all holds."""

    @abstractmethod
    def hide_folder(self, path: str) -> None:
        """Take a folder of the host out of everybody's sight in here, once the supervisor is done with it."""

    @abstractmethod
    def prepare_zygote(self) -> None:
        """Give up what a zygote does not need to fork and isolate runs."""

    @abstractmethod
    def fork(self) -> Fork:
        """Return how a zygote forks a run."""

    @abstractmethod
    def isolation(self, limits: RunLimits, places: RunPlaces) -> Isolate:
        """Return what a fork of a zygote does to separate itself."""

    @abstractmethod
    def fork_only(self) -> Fork:
        """Return how the supervisor of one run forks it."""

    @abstractmethod
    def isolation_of_only(self) -> Isolate:
        """Return what the only run of a runner does to separate itself from its supervisor."""

    @abstractmethod
    def filters(self, has_zygotes: bool) -> Filters:
        """Return what confines a zygote and its runs, or the only run, to their system calls."""

    @abstractmethod
    def apply_limits(self, limits: RunLimits) -> None:
        """Put the limits on this process, which forks runs, for them to inherit. Raises OSError."""

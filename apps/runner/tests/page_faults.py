"""Counts page faults: what shows whether a process copies or maps pages, on a machine of any speed."""

from __future__ import annotations

import resource
from typing import Callable


def faults_of(work: Callable[[], object]) -> int:
    """Do the work; return how many page faults this process had meanwhile."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

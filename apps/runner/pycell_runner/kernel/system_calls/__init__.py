"""The system calls that a run may make: everything that is not in this table is refused with EPERM.

One row a call: why it is needed, which arguments pass, the worst use of it. seccomp.py makes the run's filter of it,
`npm run generate` makes docs/system-calls.md. What is missing here is missing on purpose: docs/threat-model.md says
what each refusal prevents.
"""

from __future__ import annotations

from typing import Final

from .descriptors import DESCRIPTORS
from .files import FILES
from .identity import IDENTITY
from .memory import MEMORY
from .rows import Row
from .set_up import SET_UP
from .threads import THREADS

__all__ = ("GROUPS", "SET_UP", "TABLE")

GROUPS: Final[dict[str, tuple[Row, ...]]] = {
    "Files": FILES,
    "Descriptors": DESCRIPTORS,
    "Memory": MEMORY,
    "Threads, time, signals": THREADS,
    "Identity and limits": IDENTITY,
}
TABLE: Final[tuple[Row, ...]] = tuple(row for rows in GROUPS.values() for row in rows)

"""Prints what the sweep of system calls tries in a real jail, one JSON array a line: `python3 -m tests.kernel.sweep_plan`.

`[number, [six arguments], answer]`: every number up to 1,023 that is not in the table, and every class of arguments of
those that are, where the answer is the filter's own: EPERM, ENOSYS, or 0 for what is only told to be done. Of calls
that go through to the kernel, those that can neither end nor stop the process are tried with nonsense; the answer is
`allowed` then: whatever the kernel says, but not EPERM.
"""

from __future__ import annotations

import json
from typing import Final, Iterator

from pycell_runner.kernel.system_calls import TABLE
from pycell_runner.kernel.system_calls.rows import Answer

from .argument_classes import Vector, answer_of, vectors_of

_ALL: Final = (1 << 64) - 1
_WORDS: Final = {Answer.REFUSE: "EPERM", Answer.MISSING: "ENOSYS", Answer.SUCCEED: "0"}
#: They end the process or a thread, wait for ever, or change what the sweep itself needs.
_NOT_TRIED: Final = {"exit", "exit_group", "pause", "rt_sigreturn", "rt_sigsuspend", "umask", "alarm", "brk", "restart_syscall"}
#: uretprobe and uprobe: newer kernels let them pass by every filter; a process that is not at a probe gets SIGILL, ENXIO.
_PAST_THE_FILTER: Final = {335, 336}
_UNKNOWN: Final[tuple[Vector, ...]] = ((0,) * 6, (1,) * 6, (_ALL,) * 6, (0, 0, 0, 0, 0, _ALL))  # type: ignore[assignment]


def plan() -> Iterator[tuple[int, Vector, str]]:
    """Yield the calls to try, each with its arguments and answer."""
    known = {row.number for row in TABLE}
    for number in range(1024):
        if number not in known | _PAST_THE_FILTER:
            yield from ((number, vector, "EPERM") for vector in _UNKNOWN)
    for row in TABLE:
        if not any(case.tests for case in row.cases) and row.cases[0].answer is Answer.ALLOW:
            if row.name not in _NOT_TRIED:
                yield row.number, (_ALL,) * 6, "allowed"
            continue
        for vector in sorted(set(vectors_of(row))):
            answer = answer_of(row, vector)
            if answer in _WORDS:
                yield row.number, vector, _WORDS[answer]


if __name__ == "__main__":
    for entry in plan():
        print(json.dumps(entry, separators=(",", ":")))

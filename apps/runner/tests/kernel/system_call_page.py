"""Prints docs/system-calls.md from the table of system calls: `python3 -m tests.kernel.system_call_page`."""

from __future__ import annotations

from pathlib import Path

from pycell_runner.kernel.system_calls import GROUPS, TABLE
from pycell_runner.kernel.system_calls.rows import Answer, Row

PAGE = Path(__file__).parents[4] / "docs" / "system-calls.md"

_HEAD = """# System calls

What a script's process may ask of the kernel, and the worst that it can do with it. `npm run generate` writes this page from the table in
`apps/runner/pycell_runner/kernel/system_calls`, of which the run's filter is made too; a test tries every number with every class of arguments.

Everything else is refused with EPERM, calls of coming kernels too. The 32-bit and x32 ways into the kernel end the process. Two numbers
pass by every filter on newer kernels: `uretprobe` (335) and `uprobe` (336), which do nothing (SIGILL, ENXIO) in a process that is not at a probe; no probe can be set.
"Its own" is what the run alone has: its process, its tmpfs on `/tmp` and `/dev/shm`, its descriptors.
"""


def page_text() -> str:
    """Return the text of the page."""
    parts = [_HEAD, f"{len(TABLE)} calls.\n"]
    for group, rows in GROUPS.items():
        parts += [f"## {group}\n", "| call | needed by | arguments | the worst use |\n|---|---|---|---|"]
        parts[-1] += "".join(f"\n| `{row.name}` ({row.number}) | {row.why} | {_arguments(row)} | {row.worst} |" for row in rows) + "\n"
    return "\n".join(parts)


def _arguments(row: Row) -> str:
    if row.arguments:
        return row.arguments
    answer = row.cases[0].answer
    return "any" if answer is Answer.ALLOW else f"answered: {answer.value}"


if __name__ == "__main__":
    print(page_text(), end="")

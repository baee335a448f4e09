"""Builds the program by which the kernel judges system calls: classic BPF, as seccomp takes it.

Called by seccomp.py, before the fork. It knows nothing of which calls are allowed: that is the table in system_calls/.
"""

from __future__ import annotations

import errno
import struct
from typing import Final, Sequence

from .system_calls.rows import ALL_BITS, Answer, Case, Condition, Row

_AUDIT_ARCH_X86_64: Final = 0xC000003E
_X32_SYSCALL_BIT: Final = 0x40000000

_RET_ALLOW: Final = 0x7FFF0000
_RET_KILL_PROCESS: Final = 0x80000000
_RET_ERRNO: Final = 0x00050000

_LD_W_ABS: Final = 0x20
_AND: Final = 0x54
_JA: Final = 0x05
_JEQ: Final = 0x15
_JGE: Final = 0x35
_RET: Final = 0x06
#: A conditional jump reaches no further.
_FAR: Final = 255

_OFFSET_NUMBER: Final = 0
_OFFSET_ARCH: Final = 4

_VERDICTS: Final = {
    Answer.ALLOW: _RET_ALLOW,
    Answer.REFUSE: _RET_ERRNO | errno.EPERM,
    Answer.SUCCEED: _RET_ERRNO | 0,
    Answer.MISSING: _RET_ERRNO | errno.ENOSYS,
}


def build_program(table: Sequence[Row], others: Answer = Answer.REFUSE) -> bytes:
    """Return the program for the calls of the table, eight bytes an instruction. `others`: what becomes of every other call."""
    program = [
        _instruction(_LD_W_ABS, 0, 0, _OFFSET_ARCH),
        _instruction(_JEQ, 1, 0, _AUDIT_ARCH_X86_64),
        _return(_RET_KILL_PROCESS),
        _instruction(_LD_W_ABS, 0, 0, _OFFSET_NUMBER),
        _instruction(_JGE, 0, 1, _X32_SYSCALL_BIT),
        _return(_RET_KILL_PROCESS),
    ]
    return b"".join(program + _search(_segments(table, others)))


def _instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, value)


def _return(verdict: int) -> bytes:
    return _instruction(_RET, 0, 0, verdict)


def _argument(index: int, upper: bool = False) -> bytes:
    """Load one half of an argument: 32 bits."""
    return _instruction(_LD_W_ABS, 0, 0, 16 + 8 * index + (4 if upper else 0))


def _segments(table: Sequence[Row], others: Answer) -> list[tuple[int, list[bytes]]]:
    """Return the numbers from which on a verdict holds, each with the instructions for it, in order."""
    between = [_return(_VERDICTS[others])]
    segments = [(0, between)]
    for row in sorted(table, key=lambda row: row.number):
        body = _judgement(row.cases)
        last_start, last_body = segments[-1]
        if last_start == row.number:
            segments.pop()
            last_body = segments[-1][1] if segments else []
        if last_body != body:
            segments.append((row.number, body))
        segments.append((row.number + 1, between))
    return segments


def _judgement(cases: Sequence[Case]) -> list[bytes]:
    """Instructions for one call: the first case whose tests all hold gives the answer; without one it is refused."""
    body: list[bytes] = []
    for case in cases:
        body += _case(case)
        if not case.tests:
            return body
    return [*body, _return(_VERDICTS[Answer.REFUSE])]


def _case(case: Case) -> list[bytes]:
    """Instructions that return the answer where all tests hold, and else go on behind the last of them."""
    body = [_return(_VERDICTS[case.answer])]
    for test in reversed(case.tests):
        body = _test(test, len(body)) + body
    return body


def _test(test: Condition, following: int) -> list[bytes]:
    """Instructions that go on where the test holds, and else jump over so many that follow."""
    check = [_argument(test.argument)]
    if test.mask != ALL_BITS:
        check.append(_instruction(_AND, 0, 0, test.mask))
    for index, value in enumerate(test.values):
        to_end = len(test.values) - index - 1
        if test.is_negated:
            check.append(_instruction(_JEQ, to_end + following, 0, value))
        else:
            check.append(_instruction(_JEQ, to_end, 0 if to_end else following, value))
    if test.is_wide:
        check = [_argument(test.argument, upper=True), _instruction(_JEQ, 0, len(check) + following, 0), *check]
    return check


def _search(segments: Sequence[tuple[int, list[bytes]]]) -> list[bytes]:
    """Instructions for a binary search among the segments, in whose leaves the calls are judged.

    A list would be compared one by one, and the kernel translates the whole of it for each run.
    """
    if len(segments) == 1:
        return segments[0][1]
    middle = len(segments) // 2
    below, above = _search(segments[:middle]), _search(segments[middle:])
    start = segments[middle][0]
    if len(below) > _FAR:
        return [_instruction(_JGE, 0, 1, start), _instruction(_JA, 0, 0, len(below)), *below, *above]
    return [_instruction(_JGE, len(below), 0, start), *below, *above]

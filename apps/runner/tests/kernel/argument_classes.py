"""Argument vectors that tell apart what a row of the table allows, and the answer that the table gives for each.

The answer is read from the tests of a row one by one, in Python: another reading than the program of bpf.py.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from pycell_runner.kernel.system_calls.rows import ALL_BITS, Answer, Case, Condition, Row

Vector = tuple[int, int, int, int, int, int]

#: What every argument is tried with: nothing, one, all bits, a sign bit, and each single bit of 64.
_COMMON = (0, 1, 2, 3, ALL_BITS, (1 << 64) - 1, *(1 << bit for bit in range(64)))


def answer_of(row: Row, vector: Sequence[int]) -> Answer:
    """Return what the table says of a call with these arguments."""
    for case in row.cases:
        if all(_holds(test, vector[test.argument]) for test in case.tests):
            return case.answer
    return Answer.REFUSE


def _holds(test: Condition, argument: int) -> bool:
    if test.is_wide and argument > ALL_BITS:
        return False
    return (argument & test.mask & ALL_BITS in test.values) != test.is_negated


def vectors_of(row: Row) -> Iterator[Vector]:
    """Yield vectors around each case of a row: all of its tests met, then each argument moved away, bit by bit."""
    cases = [case for case in row.cases if case.tests] or [Case()]
    for case in cases:
        met = [0] * 6
        for test in case.tests:
            met[test.argument] = _met_by(test)
        for argument in range(6):
            values = {value for test in case.tests if test.argument == argument for value in test.values}
            for value in {*_COMMON, *(v ^ 1 << bit for v in values for bit in range(64)), *values}:
                yield _vector([*met[:argument], value, *met[argument + 1 :]])


def _met_by(test: Condition) -> int:
    return test.values[0] if not test.is_negated else next(n for n in range(100) if n not in test.values)


def _vector(values: Sequence[int]) -> Vector:
    first, second, third, fourth, fifth, sixth = values
    return first, second, third, fourth, fifth, sixth

"""The form of the table's rows. Read by bpf.py, by the tests and by what writes docs/system-calls.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

ALL_BITS: Final = 0xFFFFFFFF
"""Of the half of an argument that a condition looks at."""


class Answer(Enum):
    """What becomes of a call."""

    ALLOW = "allowed"
    REFUSE = "EPERM"
    SUCCEED = "0, and nothing is done"
    MISSING = "ENOSYS"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one argument: its bits under the mask are one of the values, or with `is_negated` none of them.

    32 bits are looked at: of an int the kernel reads no more, and of flags in 64 bits it ignores or refuses the rest.
    `is_wide` is for pointers: the upper half must be 0 as well.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = ALL_BITS
    is_negated: bool = False
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """An answer, and the tests that must all hold for it."""

    tests: tuple[Condition, ...] = ()
    answer: Answer = Answer.ALLOW


@dataclass(frozen=True, slots=True)
class Row:
    """One system call. What no case answers is refused with EPERM."""

    number: int
    """Of x86-64."""
    name: str
    why: str
    """What needs it."""
    worst: str
    """The worst that a script can do with it, behind these cases and the other layers."""
    arguments: str
    """Which arguments pass, in words; empty where all do."""
    cases: tuple[Case, ...]


def call(number: int, name: str, why: str, worst: str) -> Row:
    """A call that is allowed with any arguments."""
    return Row(number, name, why, worst, "", (Case(),))


def ruled(number: int, name: str, why: str, worst: str, arguments: str, *cases: Case | Condition) -> Row:
    """A call that is judged by its arguments. A test alone is a case of it."""
    made = tuple(case if isinstance(case, Case) else Case((case,)) for case in cases)
    return Row(number, name, why, worst, arguments, made)


def answered(number: int, name: str, why: str, worst: str, answer: Answer) -> Row:
    """A call that never reaches the kernel's code for it."""
    return Row(number, name, why, worst, "", (Case(answer=answer),))


def both(*tests: Condition) -> Case:
    """All of these tests at once."""
    return Case(tests)


def one_of(argument: int, *values: int, ignoring: int = 0) -> Condition:
    """It is one of these values, whatever the ignored bits are."""
    return Condition(argument, values, ALL_BITS & ~ignoring)


def none_of(argument: int, *values: int) -> Condition:
    return Condition(argument, values, is_negated=True)


def within(argument: int, bits: int) -> Condition:
    """No other bits than these are set."""
    return Condition(argument, (0,), ALL_BITS & ~bits)


def without(argument: int, bits: int) -> Condition:
    """None of these bits is set."""
    return Condition(argument, (0,), bits)


def not_all_of(argument: int, bits: int) -> Condition:
    """Not all of these bits are set together."""
    return Condition(argument, (bits,), bits, is_negated=True)


def null(argument: int) -> Condition:
    """All 64 bits are 0."""
    return Condition(argument, (0,), is_wide=True)

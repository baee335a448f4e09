"""The table of system calls: it is in order, the page in docs says the same, and the filter gives its answers."""

from __future__ import annotations

import errno
import unittest

from pycell_runner.kernel import seccomp
from pycell_runner.kernel.system_calls import SET_UP, TABLE
from pycell_runner.kernel.system_calls.rows import Answer

from .argument_classes import answer_of, vectors_of
from .bpf import verdict
from .system_call_page import PAGE, page_text

_PROGRAM = seccomp.build_filter()
_ZYGOTE_PART = seccomp.build_zygote_filter()
_RUN_PART = seccomp.build_run_filter()
_ERRNO = 0x00050000
_VERDICTS = {
    Answer.ALLOW: 0x7FFF0000,
    Answer.REFUSE: _ERRNO | errno.EPERM,
    Answer.SUCCEED: _ERRNO,
    Answer.MISSING: _ERRNO | errno.ENOSYS,
}
_KILL = 0x80000000
_X86_64, _I386, _AARCH64 = 0xC000003E, 0x40000003, 0xC00000B7
_X32 = 0x40000000


class Table(unittest.TestCase):
    def test_has_one_row_for_each_call(self) -> None:
        self.assertEqual(len({row.number for row in TABLE}), len(TABLE))
        self.assertEqual(len({row.name for row in TABLE}), len(TABLE))

    def test_says_why_and_the_worst_of_each(self) -> None:
        for row in TABLE:
            with self.subTest(row.name):
                self.assertTrue(row.why and row.worst)
                judged = any(case.tests for case in row.cases)
                self.assertEqual(bool(row.arguments), judged, "arguments are judged, or not, but not described so")

    def test_is_what_the_page_shows(self) -> None:
        self.assertEqual(PAGE.read_text(encoding="utf-8"), page_text(), "run npm run generate")


class TwoParts(unittest.TestCase):
    """A zygote's filter and the one that its run adds answer together as the whole one does."""

    def together(self, number: int, *arguments: int, arch: int = _X86_64) -> int:
        """Return what the kernel makes of both: the answer whose action is less, as a signed number; of equal ones the newest."""
        older = verdict(_ZYGOTE_PART, number, *arguments, arch=arch)
        newer = verdict(_RUN_PART, number, *arguments, arch=arch)
        return older if _action(older) < _action(newer) else newer

    def test_for_every_call_of_the_table_and_every_class_of_arguments(self) -> None:
        for row in [*TABLE, *SET_UP]:
            judged = next((known for known in TABLE if known.number == row.number), row)
            for vector in set(vectors_of(judged)):
                if self.together(row.number, *vector) != verdict(_PROGRAM, row.number, *vector):
                    self.fail(f"{row.name}{vector}: {self.together(row.number, *vector):#x}")

    def test_for_every_number_in_every_way_to_enter_the_kernel(self) -> None:
        numbers = [*range(4096), 1 << 20, 1 << 29, *(_X32 + number for number in (-1, 0, 1, 39, 520)), 0xFFFFFFFF]
        for number in numbers:
            for arguments in ((0,) * 6, (1,) * 6, (0xFFFFFFFF,) * 6, ((1 << 64) - 1,) * 6):
                for arch in (_X86_64, _I386, _AARCH64):
                    expected = verdict(_PROGRAM, number, *arguments, arch=arch)
                    self.assertEqual(self.together(number, *arguments, arch=arch), expected, (number, arguments, arch))

    def test_a_zygote_has_what_it_needs_and_of_the_rest_what_a_script_has(self) -> None:
        for row in SET_UP:
            self.assertEqual(verdict(_ZYGOTE_PART, row.number, *[7] * 6), 0x7FFF0000, row.name)
        for number in (41, 42, 49, 57, 59, 101, 166, 310, 319, 321, 425):  # socket, connect, ..., io_uring_setup
            self.assertEqual(verdict(_ZYGOTE_PART, number), _ERRNO | errno.EPERM, number)

    def test_the_part_of_the_run_is_short(self) -> None:
        self.assertLess(len(_RUN_PART), len(_PROGRAM) / 4)


def _action(answer: int) -> int:
    action = answer & 0xFFFF0000
    return action - (1 << 32) if action & 1 << 31 else action


class Sweep(unittest.TestCase):
    """Each number, in each way to enter the kernel, with each class of arguments."""

    def test_calls_of_the_table_get_its_answer_for_every_class_of_arguments(self) -> None:
        tried = 0
        for row in TABLE:
            for vector in set(vectors_of(row)):
                tried += 1
                if verdict(_PROGRAM, row.number, *vector) != _VERDICTS[answer_of(row, vector)]:
                    self.fail(f"{row.name}{vector}: {verdict(_PROGRAM, row.number, *vector):#x}")
        self.assertGreater(tried, 50_000)

    def test_calls_beyond_it_are_refused_those_of_coming_kernels_too(self) -> None:
        known = {row.number for row in TABLE}
        for number in [*(n for n in range(4096) if n not in known), 1 << 20, 1 << 29, _X32 - 1]:
            for argument in (0, 1, 0xFFFFFFFF, 1 << 63):
                self.assertEqual(verdict(_PROGRAM, number, *[argument] * 6), _VERDICTS[Answer.REFUSE], number)

    def test_other_ways_into_the_kernel_are_killed_whatever_the_number(self) -> None:
        for number in range(4096):
            self.assertEqual(verdict(_PROGRAM, _X32 | number), _KILL, number)
            for arch in (_I386, _AARCH64, 0):
                self.assertEqual(verdict(_PROGRAM, number, arch=arch), _KILL, number)
        for number in (1 << 31, 0xFFFFFFFF, 1 << 31 | _X32):
            self.assertEqual(verdict(_PROGRAM, number), _KILL, number)


if __name__ == "__main__":
    unittest.main()

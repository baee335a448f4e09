"""Immortal objects: forks do not write to what their zygote holds. Judged by counts and page faults, not by time."""

from __future__ import annotations

import ctypes
import os
import sys
import unittest
from unittest import mock

from pycell_runner.zygote import immortal

from ..in_child import in_child
from ..page_faults import faults_of

#: Some 4 MB of objects, which no fork has a reason to write to.
_THINGS = [[number] for number in range(40_000)]
_IS_POSSIBLE = sys.version_info >= (3, 12) and "t" not in sys.abiflags


def _look_at_all() -> None:
    for _ in _THINGS:
        continue


class Immortal(unittest.TestCase):
    @unittest.skipUnless(_IS_POSSIBLE, "needs CPython 3.12")
    def test_a_fork_that_looks_at_objects_copies_no_page(self) -> None:
        def check() -> None:
            assert immortal.make_immortal(_look_at_all)
            assert in_child(fork_and_look) == 0

        def fork_and_look() -> None:
            faults = faults_of(_look_at_all)
            assert faults < 50, faults

        self.assertEqual(in_child(check), 0)

    @unittest.skipUnless(_IS_POSSIBLE, "needs CPython 3.12")
    def test_what_is_made_afterwards_is_counted_and_freed(self) -> None:
        def check() -> None:
            assert immortal.make_immortal(lambda: None)
            thing = [object()]
            assert sys.getrefcount(thing) < 10
            assert sys.getrefcount(_THINGS) > 1 << 31
            freed = []
            whole = type("Whole", (), {"__del__": lambda self: freed.append(1)})()
            del whole
            assert freed == [1]

        self.assertEqual(in_child(check), 0)

    @unittest.skipUnless(_IS_POSSIBLE, "needs CPython 3.12")
    def test_code_constants_and_names_too(self) -> None:
        def check() -> None:
            assert immortal.make_immortal(lambda: None)
            code = faults_of.__code__
            for part in (code, code.co_consts, code.co_names, *code.co_names):
                assert sys.getrefcount(part) > 1 << 31, part

        self.assertEqual(in_child(check), 0)

    @unittest.skipUnless(_IS_POSSIBLE, "needs CPython 3.12")
    def test_what_a_fork_frees_before_the_proof_is_not_written_to(self) -> None:
        def reuse() -> None:
            assert len([[bytes(48), object()] for _ in range(40_000)]) == 40_000

        def check() -> None:
            held = [[object(), str(number)] for number in range(20_000)]
            os.register_at_fork(after_in_child=held.clear)
            assert immortal.make_immortal(reuse)

        self.assertEqual(in_child(check), 0)

    def test_nothing_is_done_where_the_proof_does_not_live(self) -> None:
        for end in (lambda: ctypes.string_at(1), lambda: os._exit(3), lambda: 1 / 0):

            def check() -> None:
                assert not immortal.make_immortal(end)
                assert sys.getrefcount(_THINGS) < 1 << 31

            self.assertEqual(in_child(check), 0)

    def test_nothing_is_done_by_another_interpreter(self) -> None:
        for place, value in (("version_info", (3, 11, 9)), ("abiflags", "t")):
            with self.subTest(place), mock.patch.object(sys, place, value):
                self.assertFalse(immortal.make_immortal(lambda: None))


if __name__ == "__main__":
    unittest.main()

"""Learning which pages a workload writes to, and copying them ahead. Judged by page faults, not by time."""

from __future__ import annotations

import ctypes
import os
import unittest
import zlib
from typing import Callable

from pycell_runner.zygote import hot_pages, process_memory

from ..in_child import in_child
from ..page_faults import faults_of

#: Some 4 MB of objects. Looking at one writes to its reference count.
_THINGS = [[number] for number in range(40_000)]
_FEW = _THINGS[:400]


def _look_at_all() -> None:
    for _ in _THINGS:
        continue


def _look_at_few() -> None:
    for _ in _FEW:
        continue


def _learn(workload: Callable[[], object]) -> hot_pages.HotPages:
    return hot_pages.learn(workload, process_memory.ask_for_memory(excluded=[]))


class HotPages(unittest.TestCase):
    def setUp(self) -> None:
        self.hot = _learn(_look_at_all)
        self.assertTrue(self.hot.written, "nothing was learned: MADV_POPULATE_WRITE needs Linux 5.14")

    def test_a_fork_that_was_not_prepared_faults_at_each_page(self) -> None:
        def check() -> None:
            assert faults_of(_look_at_all) > 300

        self.assertEqual(in_child(check), 0)

    def test_a_fork_that_was_prepared_does_not(self) -> None:
        populate = hot_pages.populator(self.hot)

        def check() -> None:
            populate()
            faults = faults_of(_look_at_all)
            assert faults < 50, faults

        self.assertEqual(in_child(check), 0)

    def test_a_smaller_workload_has_fewer_pages(self) -> None:
        self.assertLess(len(_learn(_look_at_few).written), len(self.hot.written) - 500)

    def test_what_any_fork_writes_to_is_not_among_them(self) -> None:
        nothing = _learn(lambda: None)
        # Not none: it depends on what this process writes to meanwhile.
        self.assertLess(len(nothing.written), len(self.hot.written) / 2)

    def test_code_that_is_run_is_learned_and_mapped_ahead(self) -> None:
        def compress() -> None:
            zlib.compress(bytes(range(256)) * 64, 9)

        def check() -> None:
            unprepared = in_child(lambda: os._exit(min(faults_of(compress), 99)))
            populate()
            assert 0 < faults_of(compress) < unprepared, unprepared

        hot = _learn(compress)
        self.assertTrue(hot.read)
        populate = hot_pages.populator(hot)
        self.assertEqual(in_child(check), 0)

    def test_populating_leaves_every_byte_as_it_was(self) -> None:
        def check() -> None:
            before = bytes(memory)
            hot_pages.populator(hot_pages.HotPages(pages, pages))()
            assert bytes(memory) == before

        memory = bytearray(os.urandom(64 * 4096))
        start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        pages = [*range(start, start + len(memory), 4096)]
        self.assertEqual(in_child(check), 0)

    def test_a_workload_that_fails_is_no_trouble(self) -> None:
        def fail() -> None:
            raise SystemExit

        _learn(fail)

    def test_learning_leaves_no_process_behind(self) -> None:
        with open("/proc/thread-self/children", encoding="ascii") as file:
            self.assertEqual(file.read(), "")

    def test_pages_that_are_not_there_are_left_alone(self) -> None:
        hot_pages.populator(hot_pages.HotPages([1 << 40, 0], []))()
        hot_pages.populator(hot_pages.HotPages([], [1 << 40, 0]))()


if __name__ == "__main__":
    unittest.main()

"""What separates runs in the warm jail, as far as it can be tried without one: ids, and the fork itself."""

from __future__ import annotations

import ctypes
import json
import os
import threading
import unittest
from typing import Any

from pycell_runner.kernel import forks
from pycell_runner.kernel.isolation import IdRange
from pycell_runner.protocol.zygote_messages import RUN_BITS, ZygoteKind
from pycell_runner.supervisor.run_numbers import RunNumbers

from ..in_child import in_child


class Ids(unittest.TestCase):
    def test_a_range_is_read_from_the_command_line(self) -> None:
        self.assertEqual(IdRange.parse("100000:65536"), IdRange(first=100_000, count=65_536))

    def test_what_is_no_range_is_refused(self) -> None:
        for text in ("", "1", "1:", ":1", "1:2:3", "a:b"):
            with self.subTest(text), self.assertRaises(ValueError):
                IdRange.parse(text)

    def test_zygotes_that_live_at_the_same_time_give_ids_of_their_own(self) -> None:
        ids = IdRange(first=1001, count=59_999)
        given = [ids.id_of((serial << RUN_BITS) + counted) for serial in range(6, 12) for counted in range(1, 2000)]
        self.assertEqual(len(set(given)), len(given))
        self.assertTrue(all(1001 <= own < 61_000 for own in given))

    def test_all_kinds_and_their_successors_do_whichever_of_all_serials_they_have(self) -> None:
        ids, part = IdRange(first=0, count=600), 100
        numbers = RunNumbers()
        # More than there are serials: they begin again.
        generations = [[numbers.first_of_next(kind) for kind in ZygoteKind] for _ in range(3_000)]
        for firsts, successors in zip(generations, generations[1:]):
            given = [{ids.id_of(first + n) for n in (0, part - 2)} for first in firsts + successors]
            parts = [{own // part for own in owns} for owns in given]
            self.assertEqual(sorted(block for blocks in parts for block in blocks), list(range(6)))

    def test_kinds_that_are_renewed_more_or_less_often_do_so_too(self) -> None:
        ids = IdRange(first=0, count=6)
        numbers = RunNumbers()
        latest = {kind: [numbers.first_of_next(kind), numbers.first_of_next(kind)] for kind in ZygoteKind}
        for step in range(10_000):
            kind = list(ZygoteKind)[0 if step % 7 else step % 3]
            latest[kind] = [latest[kind][1], numbers.first_of_next(kind)]
            self.assertEqual(len({ids.id_of(first) for both in latest.values() for first in both}), 6)

    def test_ids_are_used_again_only_after_thousands_of_runs(self) -> None:
        ids = IdRange(first=1001, count=59_999)
        self.assertEqual(ids.id_of(1), ids.id_of(1 + 59_999 // 6))


def _word_at(address: int) -> int:
    return ctypes.c_int.from_address(address).value


class ThreadId(unittest.TestCase):
    def test_its_field_in_the_c_library_s_descriptor_is_found(self) -> None:
        self.assertEqual(_word_at(forks.find_tid_field()), threading.get_native_id())

    def test_it_is_found_in_a_fork_too_and_is_the_same_place(self) -> None:
        field = forks.find_tid_field()

        def check() -> None:
            assert forks.find_tid_field() == field
            assert _word_at(field) == os.getpid()

        self.assertEqual(in_child(check), 0)


class Sibling(unittest.TestCase):
    """A process forks a sibling, whose parent is then this one."""

    def setUp(self) -> None:
        read, write = os.pipe()
        self.forker = os.fork()
        if self.forker == 0:
            try:
                os.close(read)
                field = forks.find_tid_field()
                pid = forks.sibling_fork(field, own_namespaces=False)()
                if pid == 0:
                    self.report(write, field)
                else:
                    os.write(write, json.dumps({"forked": pid}).encode() + b"\n")
            finally:
                os._exit(0)
        os.close(write)
        os.waitpid(self.forker, 0)
        with open(read, encoding="ascii") as channel:
            seen: dict[str, Any] = {}
            for line in channel:
                seen |= json.loads(line)
        self.seen = seen
        self.pid = seen["forked"]
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def report(self, write: int, field: int) -> None:
        """In the sibling: write what it sees of itself."""
        numbers: list[int] = []
        thread = threading.Thread(target=lambda: numbers.append(threading.get_native_id()))
        thread.start()
        thread.join()
        seen = {
            "pid": os.getpid(),
            "parent": os.getppid(),
            "tid_in_c": _word_at(field),
            "tid_in_kernel": threading.get_native_id(),
            "thread": numbers[0],
            "alive": threading.active_count(),
        }
        os.write(write, json.dumps(seen).encode() + b"\n")
        os._exit(42)

    def test_its_parent_is_that_of_the_process_that_forked_it(self) -> None:
        self.assertEqual((self.seen["pid"], self.seen["parent"]), (self.pid, os.getpid()))
        self.assertNotEqual(self.pid, self.forker)

    def test_its_end_is_reported_to_that_parent(self) -> None:
        self.assertEqual(self.status, 42)

    def test_the_c_library_and_the_kernel_agree_on_its_thread_id(self) -> None:
        self.assertEqual((self.seen["tid_in_c"], self.seen["tid_in_kernel"]), (self.pid, self.pid))

    def test_it_can_start_threads(self) -> None:
        self.assertNotIn(self.seen["thread"], (self.pid, self.forker))
        self.assertEqual(self.seen["alive"], 1)


if __name__ == "__main__":
    unittest.main()

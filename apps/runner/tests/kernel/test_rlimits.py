"""The size of the address space that limits start from, and the descriptors that a run keeps."""

from __future__ import annotations

import os
import resource
import unittest
from pathlib import Path
from unittest import mock

from pycell_runner.kernel import descriptors, rlimits
from pycell_runner.protocol.request import RunLimits

from ..in_child import in_child

_MIB = 1024 * 1024


def _run_limits(memory_bytes: int) -> RunLimits:
    return RunLimits(1000, memory_bytes, 1, 1, 1, 64, _MIB, 5, 32, 64, _MIB)


class AddressSpace(unittest.TestCase):
    def assert_measured(self) -> None:
        measured = rlimits.address_space_bytes()
        expected = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        self.assertLess(abs(measured - expected), 2 * _MIB)

    def test_its_size_is_what_proc_reports(self) -> None:
        self.assert_measured()

    def test_its_size_is_found_under_a_hard_limit_too(self) -> None:
        def check() -> None:
            resource.setrlimit(resource.RLIMIT_AS, (1 << 33, 1 << 33))
            self.assert_measured()

        self.assertEqual(in_child(check), 0)

    def test_measuring_leaves_the_limit_as_it_was(self) -> None:
        before = resource.getrlimit(resource.RLIMIT_AS)
        rlimits.address_space_bytes()
        self.assertEqual(resource.getrlimit(resource.RLIMIT_AS), before)


class Limits(unittest.TestCase):
    def test_memory_is_counted_beyond_the_base_and_the_reserve_beyond_that(self) -> None:
        def check() -> None:
            rlimits.apply_inherited(_run_limits(64 * _MIB), 0)
            held = bytearray(56 * _MIB)
            try:
                bytearray(16 * _MIB)
                raise AssertionError("more than the limit was given")
            except MemoryError:
                rlimits.release_report_reserve()
            del held
            bytearray(80 * _MIB)

        self.assertEqual(in_child(check), 0)

    def test_what_fits_into_the_run_s_own_file_system_counts_as_its_memory(self) -> None:
        def check() -> None:
            base = rlimits.address_space_bytes()
            rlimits.apply_inherited(_run_limits(64 * _MIB), 48 * _MIB)
            assert abs(resource.getrlimit(resource.RLIMIT_AS)[0] - base - 16 * _MIB) < _MIB
            try:
                bytearray(32 * _MIB)
                raise AssertionError("more than the limit was given")
            except MemoryError:
                pass

        self.assertEqual(in_child(check), 0)

    def test_each_limit_is_what_was_asked_and_cannot_be_raised(self) -> None:
        def check() -> None:
            rlimits.apply_inherited(_run_limits(64 * _MIB), 0)
            rlimits.limit_cpu_time()
            self.assertEqual(resource.getrlimit(resource.RLIMIT_NOFILE), (64, 64))
            self.assertEqual(resource.getrlimit(resource.RLIMIT_FSIZE), (_MIB, _MIB))
            self.assertEqual(resource.getrlimit(resource.RLIMIT_CPU), (5, 6))
            self.assertEqual(resource.getrlimit(resource.RLIMIT_CORE), (0, 0))

        self.assertEqual(in_child(check), 0)

    def test_cpu_time_is_limited_in_the_run_alone(self) -> None:
        def check() -> None:
            before = resource.getrlimit(resource.RLIMIT_CPU)
            rlimits.apply_inherited(_run_limits(64 * _MIB), 0)
            self.assertEqual(resource.getrlimit(resource.RLIMIT_CPU), before)

        self.assertEqual(in_child(check), 0)

    def test_a_narrower_limit_of_the_host_stays(self) -> None:
        def check() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
            rlimits.apply_inherited(_run_limits(64 * _MIB), 0)
            self.assertEqual(resource.getrlimit(resource.RLIMIT_NOFILE), (32, 32))

        self.assertEqual(in_child(check), 0)

    def test_releasing_the_reserve_does_nothing_where_no_limit_was_put(self) -> None:
        before = resource.getrlimit(resource.RLIMIT_AS)
        rlimits.release_report_reserve()
        self.assertEqual(resource.getrlimit(resource.RLIMIT_AS), before)


class Descriptors(unittest.TestCase):
    def test_all_but_the_kept_ones_are_closed(self) -> None:
        def check() -> None:
            for number in (5, 9, 40, 63):
                os.dup2(2, number)
            descriptors.close_other_descriptors(frozenset({0, 1, 2, 40}))
            kept = []
            for number in range(100):
                try:
                    os.fstat(number)
                    kept.append(number)
                except OSError:
                    pass
            assert kept == [0, 1, 2, 40], kept

        self.assertEqual(in_child(check), 0)

    def test_those_above_a_limit_that_was_put_afterwards_are_closed_too(self) -> None:
        def check() -> None:
            os.dup2(2, 100)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
            descriptors.close_other_descriptors(frozenset({0, 1, 2, 63}))
            with self.assertRaises(OSError):
                os.fstat(100)

        self.assertEqual(in_child(check), 0)

    def test_keeping_from_zero_on_does_not_close_everything(self) -> None:
        with mock.patch("os.closerange") as closerange:
            descriptors.close_other_descriptors(frozenset({0, 2}))
        self.assertEqual([call.args[0] for call in closerange.call_args_list], [1, 3])


if __name__ == "__main__":
    unittest.main()

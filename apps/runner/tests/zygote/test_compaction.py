"""Code that is executed, put side by side. Judged by where it lies and by what it does, not by time."""

from __future__ import annotations

import dis
import inspect
import mmap
import sys
import traceback
import unittest
from types import CodeType, FunctionType, ModuleType
from typing import Any, Callable
from unittest import mock

from pycell_runner.run import process
from pycell_runner.zygote import compaction, program

from ..in_child import in_child

#: Small functions, one of which makes another.
_SOURCE = """
def work(value):
    def inner(other):
        return value + other
    return [inner(part) for part in range(3)]
class Kind:
    def method(self, value=1):
        return work(value)
def unused():
    return 1
def fails(value):
    text = "x"

    return text + value
"""


def _modules(count: int) -> list[ModuleType]:
    """Return modules as they lie in an interpreter that has imported much else between them."""
    modules = []
    for number in range(count):
        module = ModuleType(f"scattered{number}")
        exec(compile(_SOURCE, f"scattered{number}.py", "exec"), vars(module))
        vars(module)["between"] = [bytes(size) for size in range(128, 512, 16) for _ in range(16)]
        modules.append(module)
    return modules


def _pages(functions: list[FunctionType]) -> int:
    """Return in how many pages the code of functions begins."""
    return len({id(function.__code__) // mmap.PAGESIZE for function in functions})


@unittest.skipUnless(sys.version_info >= (3, 12), "before, Python cannot tell what is executed")
class Compaction(unittest.TestCase):
    def setUp(self) -> None:
        self.modules = _modules(60)
        self.functions: list[FunctionType] = [module.work for module in self.modules]

    def work(self) -> list[object]:
        return [module.Kind().method() for module in self.modules]

    def compacted(self, check: Callable[[], object], own: tuple[ModuleType, ...] = ()) -> int:
        """Do the check in a fork that has been compacted. Returns its exit status."""

        def compact_and_check() -> None:
            assert compaction.compact_code(self.work, own) >= 120
            check()

        return in_child(compact_and_check)

    def test_what_is_executed_lies_side_by_side(self) -> None:
        scattered = _pages(self.functions)

        def check() -> None:
            # Some 1,500 bytes each, with the code of what they make.
            assert _pages(self.functions) < 30 < scattered, (_pages(self.functions), scattered)

        self.assertEqual(self.compacted(check), 0)

    def test_it_does_the_same(self) -> None:
        expected = self.work()

        def check() -> None:
            for _ in range(100):  # specialised, too
                assert self.work() == expected

        self.assertEqual(self.compacted(check), 0)

    def test_calls_of_it_are_specialised_as_before(self) -> None:
        work = self.modules[0].work

        def caller() -> None:
            for number in range(100):
                work(number)

        def check() -> None:
            for _ in range(20):
                caller()
            kinds = [instruction.opname for instruction in dis.get_instructions(caller, adaptive=True)]
            assert "CALL_PY_EXACT_ARGS" in kinds, kinds

        self.assertEqual(self.compacted(check), 0)

    def test_code_that_cannot_be_copied_leaves_all_as_it_is(self) -> None:
        before = [function.__code__ for function in self.functions]

        def check() -> None:
            with mock.patch.object(compaction, "_copy", side_effect=ValueError("no")):
                assert compaction.compact_code(self.work, ()) == 0
            assert [function.__code__ for function in self.functions] == before

        self.assertEqual(in_child(check), 0)

    def test_a_heap_that_lies_elsewhere_is_left_alone(self) -> None:
        for place, most in ((0, 0), (1 << 47, 0), (1 << 20, 1_000)):
            with mock.patch.multiple(compaction, _malloc=lambda _, place=place: place, _free=lambda _: None):
                self.assertEqual(len(compaction._take_scattered_room()), most)

    def test_pieces_behind_the_end_are_given_back_at_once(self) -> None:
        end = 1 << 30
        given: list[int] = []
        largest = compaction._SIZES[0]
        pieces = iter([end - 10 * largest, end - 2 * largest])
        fakes = {"_malloc": lambda _: next(pieces, end), "_free": given.append, "_sbrk": lambda _: end}
        with mock.patch.multiple(compaction, **fakes):
            self.assertEqual(compaction._take_scattered_room(), [end - 10 * largest, end - 2 * largest])
        self.assertEqual(given, [end] * len(compaction._SIZES))

    def test_what_is_not_executed_stays_as_it_is(self) -> None:
        before = self.modules[0].unused.__code__

        def check() -> None:
            assert self.modules[0].unused.__code__ is before
            assert self.modules[0].work.__code__ is not self.functions[1].__code__

        self.assertEqual(self.compacted(check), 0)

    def test_all_functions_of_a_module_that_is_named_are(self) -> None:
        before = self.modules[0].unused.__code__
        own = self.modules[0]
        own.unused.__module__ = own.__name__

        def check() -> None:
            assert own.unused.__code__ is not before and own.unused() == 1

        self.assertEqual(self.compacted(check, (own,)), 0)

    def test_places_in_it_are_told_as_before(self) -> None:
        def told() -> tuple[str, object, object]:
            try:
                fails(1)
            except TypeError:
                text = traceback.format_exc()
            traced: list[int] = []

            def trace(frame: Any, event: str, _argument: object) -> Any:
                traced.append(frame.f_lineno)
                return trace

            sys.settrace(trace)
            try:
                self.modules[0].work(1)
            finally:
                sys.settrace(None)
            return text, traced, list(fails.__code__.co_lines())

        fails = self.modules[0].fails
        fails.__module__ = self.modules[0].__name__
        expected = told()
        before = fails.__code__

        def check() -> None:
            assert fails.__code__ is not before
            assert told() == expected, (told(), expected)
            inspect.getclosurevars(fails)

        self.assertEqual(self.compacted(check, (self.modules[0],)), 0)

    def test_nothing_is_watched_afterwards(self) -> None:
        def check() -> None:
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
            assert not any(monitoring.get_tool(tool) for tool in range(6))

        self.assertEqual(self.compacted(check), 0)

    def test_a_workload_that_fails_leaves_all_as_it_is(self) -> None:
        before = [function.__code__ for function in self.functions]

        def check() -> None:
            assert compaction.compact_code(lambda: 1 / 0, ()) == 0
            assert [function.__code__ for function in self.functions] == before

        self.assertEqual(in_child(check), 0)


class Functions(unittest.TestCase):
    def test_those_of_a_run_are_among_those_that_a_zygote_names(self) -> None:
        self.assertIn(process, program._MODULES_OF_RUNS)
        names = {function.__name__ for function in compaction._functions_of(process)}
        self.assertLessEqual({"run_script", "_take_descriptors", "_send"}, names)

    def test_small_code_is_made_large_enough_to_lie_beside_the_others(self) -> None:
        def small() -> int:
            return 1

        copy = compaction._copy(small.__code__)
        self.assertIsInstance(copy, CodeType)
        self.assertGreater(sys.getsizeof(copy), 512)
        self.assertEqual(copy.co_code[: len(small.__code__.co_code)], small.__code__.co_code)
        small.__code__ = copy
        self.assertEqual(small(), 1)

"""The hints beside values that have no JSON form."""

from __future__ import annotations

import asyncio
import enum
import io
import itertools
import re
import unittest
from typing import Any, AsyncIterator, Iterator

from pycell_runner.result.no_form_hints import hint_for
from pycell_runner.result.not_serializable import NotSerializable

from .conversion_case import ConversionCase

_LIST = "Return list(...) of it."


class Kind(enum.Enum):
    ONE = 1


def _generator() -> Iterator[int]:
    yield 1


async def _async_generator() -> AsyncIterator[int]:
    yield 1


async def _coroutine() -> None:
    pass


def _own_class(**namespace: Any) -> Any:
    return type("Thing", (), {"__module__": "script", **namespace})


class Hints(ConversionCase):
    def test_what_can_be_iterated_over_is_to_be_put_in_a_list(self) -> None:
        for value in (zip([1], "a"), map(str, [1]), filter(None, [1]), iter([]), reversed([1]), enumerate("a"), itertools.chain("a")):
            self.assertEqual(hint_for(value), _LIST, value)
        self.assertEqual(hint_for(_generator()), "Return list(...) of it; a function that contains yield returns a generator.")

    def test_of_what_has_no_end_a_part(self) -> None:
        self.assertEqual(hint_for(itertools.count()), "It has no end: return a part of it, list(itertools.islice(..., 10)).")

    def test_a_styled_table_is_html_or_the_table(self) -> None:
        styler = type("Styler", (), {"__module__": "pandas.io.formats.style"})
        self.assertEqual(hint_for(styler()), "Return .to_html() of it, or the DataFrame itself.")

    def test_an_exception_is_text(self) -> None:
        self.assertEqual(hint_for(ZeroDivisionError("no")), "Return str(...) of it.")
        self.assertEqual(hint_for(ExceptionGroup("no", [ValueError()])), "Return str(...) of it.")

    def test_an_instance_of_a_class_of_the_script_is_a_dict(self) -> None:
        self.assertEqual(hint_for(_own_class()()), "Return a dict of what you need of it, for example vars(...) of it.")
        self.assertEqual(
            hint_for(_own_class(__slots__=("a",))()), "Return a dict of what you need of it, or make its class a dataclass."
        )

    def test_a_method_that_gives_a_dict_is_named(self) -> None:
        for method in ("to_dict", "model_dump", "as_dict", "asdict"):
            self.assertEqual(hint_for(_own_class(**{method: dict})()), f"Return .{method}() of it.")
        self.assertEqual(hint_for(_own_class(to_dict=dict, model_dump=dict)()), "Return .model_dump() of it.")

    def test_an_iterator_of_the_script_is_a_list(self) -> None:
        self.assertEqual(hint_for(_own_class(__iter__=len, __next__=len)()), _LIST)

    def test_functions_are_to_be_called_and_classes_to_be_named(self) -> None:
        for function in (len, _generator, "a".upper, Hints.setUp, self.setUp):
            self.assertEqual(hint_for(function), "Call it, and return what it returns.")
        self.assertEqual(hint_for(int), "Return an instance of it, or its name: .__name__.")
        self.assertEqual(hint_for(Kind), _LIST)
        self.assertEqual(hint_for(re), "Return what you need of the module.")

    def test_what_is_awaited(self) -> None:
        coroutine = _coroutine()
        loop = asyncio.new_event_loop()
        for value in (coroutine, loop.create_future()):
            self.assertEqual(hint_for(value), "Await it, in an async def main(), and return the outcome.")
        coroutine.close()
        loop.close()
        self.assertEqual(hint_for(_async_generator()), "Return [item async for item in ...] of it, from an async def main().")

    def test_types_of_the_standard_library_with_a_way_of_their_own(self) -> None:
        self.assertEqual(hint_for(re.match("a", "a")), "Return .group(), .groups() or .groupdict() of it.")
        self.assertEqual(hint_for(re.compile("a")), "Return .pattern of it.")
        self.assertEqual(hint_for(io.StringIO()), "Return .getvalue() of it.")

    def test_anything_else(self) -> None:
        for value in (object(), slice(1), ...):
            self.assertEqual(hint_for(value), "Return what you need of it as text, numbers, lists and dicts.")

    def test_a_class_whose_class_raises_has_a_hint_all_the_same(self) -> None:
        class Meta(type):
            def __getattribute__(self, name: str) -> Any:
                raise ValueError("no")

        self.assertEqual(hint_for(Meta("Thing", (), {})()), "Return what you need of it as text, numbers, lists and dicts.")

    def test_the_error_has_the_hint(self) -> None:
        self.assert_refused([zip()], "result[0] is a zip, which has no JSON form", hint=_LIST)
        self.assertIsNone(NotSerializable("is what it is").hint)


if __name__ == "__main__":
    unittest.main()

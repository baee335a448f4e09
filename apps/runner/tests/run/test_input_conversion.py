"""What annotations of main make of inputs. With DataFrames: test_pandas_inputs.py."""

from __future__ import annotations

import datetime
import sys
import unittest
from datetime import date, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from .inputs_case import InputsCase, bind

IMPORTS = "import datetime as dt, decimal, typing\nfrom decimal import Decimal as D\nfrom typing import *\n"
UTC = timezone.utc


class Conversion(InputsCase):
    def assert_made(self, annotation: str, value: str, expected: Any) -> None:
        """For the annotation itself, as text, and with annotations that are not evaluated."""
        for script in (
            f"{IMPORTS}def main(x: {annotation}): pass",
            f"{IMPORTS}def main(x: {annotation!r}): pass",
            f"from __future__ import annotations\n{IMPORTS}def main(x: {annotation}): pass",
        ):
            with self.subTest(script):
                self.assert_bound(script, f'{{"x": {value}}}', {"x": expected})

    def assert_not_made(self, annotation: str, value: str, message: str, hint: str) -> None:
        self.assert_refused(f"{IMPORTS}def main(x: {annotation}): pass", f'{{"x": {value}}}', message, hint)

    def test_of_moments(self) -> None:
        self.assert_made("dt.datetime", '"2024-02-29T13:05:07Z"', datetime.datetime(2024, 2, 29, 13, 5, 7, tzinfo=UTC))
        self.assert_made("dt.datetime", '"2024-02-29 13:05"', datetime.datetime(2024, 2, 29, 13, 5))
        self.assert_made("dt.datetime", '"2024-02-29"', datetime.datetime(2024, 2, 29))
        zone = timezone(timedelta(hours=2))
        self.assert_made("dt.datetime", '"2024-02-29T13:05:07.250+02:00"', datetime.datetime(2024, 2, 29, 13, 5, 7, 250_000, zone))
        self.assert_made("dt.date", '"2024-02-29"', date(2024, 2, 29))
        self.assert_made("dt.time", '"13:05:07"', time(13, 5, 7))

    def test_of_numbers_with_exactly_the_digits_that_were_sent(self) -> None:
        for text in ("1.10", "0.1000000000000000055511151231257827", "7", "-0", "1E+2", str(2**70), "1" * 10_000, "1e-400"):
            self.assert_made("D", text, Decimal(text))
            self.assert_made("D", f'"{text}"', Decimal(text))
        self.assert_made("decimal.Decimal", '".5"', Decimal("0.5"))

    def test_digits_are_kept_beside_numbers_that_stay_what_they_are(self) -> None:
        script = f"{IMPORTS}def main(x: D, y: int, z, w: float): pass"
        self.assert_bound(
            script, '{"z": 1.10, "y": 1.0, "x": 1.10, "w": 3}', {"z": 1.1, "y": 1.0, "x": Decimal("1.10"), "w": 3}
        )
        made = bind(script, f'{{"z": {"9" * 10_000}, "y": 1e999, "x": 1.10, "w": 3}}')["x"]
        self.assertEqual(str(made), "1.10")

    def test_of_none_where_it_may_be(self) -> None:
        for annotation in ("Optional[dt.date]", "dt.date | None", "Union[None, dt.date]", "Optional['dt.date']", "Annotated[dt.date | None, 5]"):
            self.assert_made(annotation, "null", None)
            self.assert_made(annotation, '"2024-02-29"', date(2024, 2, 29))

    def test_within_lists_and_dicts(self) -> None:
        self.assert_made("list[dt.date]", '["2024-02-29"]', [date(2024, 2, 29)])
        self.assert_made("List['dt.date']", '["2024-02-29"]', [date(2024, 2, 29)])
        self.assert_made("dict[str, D]", '{"z": 1.10, "a": 2}', {"z": Decimal("1.10"), "a": Decimal(2)})
        self.assert_made("Dict[str, list[D | None]] | None", '{"a": [1.10, null]}', {"a": [Decimal("1.10"), None]})
        self.assert_made("list[D]", "[]", [])

    def test_happens_for_nothing_else(self) -> None:
        for annotation in (
            "int", "float", "str", "bool", "bytes", "set", "tuple", "complex", "Any", "Literal['a']", "type('E', (), {})", "5", "None",
            "dt.datetime | dt.date", "Union[D, int]", "Sequence[dt.date]", "tuple[dt.date, ...]", "set[dt.date]", "Mapping[str, D]",
            "dict[int, D]", "dict[Any, D]", "list", "dict", "dt", "dt.timedelta", "dt.tzinfo", "type('D', (D,), {})", "[D]",
        ):  # fmt: skip
            for value, expected in (("5", 5), ('"2024-02-29"', "2024-02-29"), ("[1.5]", [1.5]), ('{"a": 1}', {"a": 1})):
                self.assert_made(annotation, value, expected)

    def test_does_not_happen_to_defaults_nor_to_what_double_stars_take(self) -> None:
        self.assert_bound(f"{IMPORTS}def main(x: D = 1.5, **kw: D): pass", '{"y": 1.5}', {"y": 1.5})

    def test_happens_for_fields_of_classes_and_wrapped_functions(self) -> None:
        self.assert_bound(
            f"from __future__ import annotations\n{IMPORTS}import dataclasses\n@dataclasses.dataclass\nclass main:\n    x: dt.date",
            '{"x": "2024-02-29"}',
            {"x": date(2024, 2, 29)},
        )
        self.assert_bound(
            f"{IMPORTS}import functools\n@functools.cache\ndef main(x: D): pass", '{"x": 1.10}', {"x": Decimal("1.10")}
        )

    def test_refuses_what_cannot_be_made(self) -> None:
        self.assert_not_made(
            "dt.datetime",
            '"yesterday"',
            'The input x cannot become a datetime: it is "yesterday"',
            'Send x as text in ISO 8601, such as "2024-02-29T13:05:00Z".',
        )
        self.assert_not_made(
            "dict[str, list[dt.date]]",
            '{"a\\"": ["2024-02-29", 5]}',
            'The input x["a\\""][1] cannot become a date: it is 5',
            'Send x["a\\""][1] as text in ISO 8601, such as "2024-02-29".',
        )
        self.assert_not_made(
            "Optional[list[D]]",
            "1",
            "The input x cannot become a list, each item a Decimal: it is 1",
            "Send x as a list.",
        )

    def test_refuses_every_other_value(self) -> None:
        for annotation, values in (
            ("dt.datetime", ("null", "5", "true", "[]", "{}", '""', '"2024-02-30"', '"\\ud800"', '"2024-02-29T25:00"')),
            ("dt.date", ("null", "20240229", '"2024-02-29T00:00"')),
            ("dt.time", ("null", '"2024-02-29"', '"25:00"')),
            ("D", ("null", "true", "[]", '"x"', '""', '"NaN"', '"Infinity"', '"1_0"', '" 1"', '"1e"', '"\u0661"', "1e9999999999999999999")),
            ("list[D]", ("null", "{}", '"a"', "[null]")),
            ("dict[str, D]", ("null", "[]", '{"a": []}')),
        ):
            for value in values:
                with self.subTest(f"{annotation} {value}"):
                    self.refused(f"{IMPORTS}def main(x: {annotation}): pass", f'{{"x": {value}}}')

    def test_refusals_of_large_values_and_long_paths_are_bounded(self) -> None:
        for annotation, value, shown in (
            ("dt.date", f'"{"y" * 500_000}"', "yyy...yyy"),
            ("dt.date", "1" * 10_000, "it is a large integer"),
            ("dt.date", "[1, 2]", "it is a list of 2"),
            ("dt.date", '{"a": 1}', "it is an object of 1"),
            ("dt.date", "1.5", "it is 1.5"),
            ("dict[str, dict[str, dict[str, D]]]", f'{{"{"k" * 90_000}": {{"{"l" * 90_000}": {{"{"m" * 90_000}": 1, "n": []}}}}}}', "a list of 0"),
        ):
            with self.subTest(annotation + value[:20]):
                self.assertIn(shown, self.refused(f"{IMPORTS}def main(x: {annotation}): pass", f'{{"x": {value}}}').message)


class HostileAnnotations(InputsCase):
    def test_convert_nothing(self) -> None:
        equal = "class M(type):\n    def __eq__(cls, other): return True\n    __hash__ = type.__hash__\n"
        lying = "class L:\n    __class__ = property(lambda self: D)\n    __origin__ = list\n    __args__ = (D,)\n    def __eq__(self, other): return True\n"
        for script in (
            f"{IMPORTS}{equal}class C(metaclass=M): pass\ndef main(x: C): pass",
            f"{IMPORTS}{lying}def main(x: L()): pass",
            f"{IMPORTS}class T(str): pass\ndef main(x: 0): pass\nmain.__annotations__['x'] = T('D')",
            f"{IMPORTS}def main(x: 'nobody.at.all'): pass",
            f"{IMPORTS}def main(x: 'not python ('): pass",
            f"{IMPORTS}def main(x: '1 / 0'): pass",
            f"{IMPORTS}def main(x: 'exit()'): pass\ndef exit(): raise SystemExit",
            f"{IMPORTS}def main(x: {' ' * 2_000 + 'D'!r}): pass",
            f"{IMPORTS}A = 'A'\ndef main(x: 'A'): pass",
            f"{IMPORTS}A = list['A']\ndef main(x: A): pass",
            f"{IMPORTS}def main(x: {'list[' * 20}D{']' * 20}): pass",
            f"{IMPORTS}import sys\nsys.modules['pandas'] = None\ndef main(x: None): pass",
            f"{IMPORTS}def main(x: D): pass\ntyping.get_origin = typing.get_args = None\nD = None\nmain.__annotations__['x'] = 'D'",
        ):
            with self.subTest(script):
                kept = {name: sys.modules.get(name) for name in ("pandas", "typing")}
                origins = sys.modules["typing"].__dict__.copy()
                try:
                    self.assert_bound(script, '{"x": 1.5}', {"x": 1.5})
                finally:
                    vars(sys.modules["typing"]).update(origins)
                    for name, module in kept.items():
                        if module is None:
                            sys.modules.pop(name, None)
                        else:
                            sys.modules[name] = module

    def test_the_script_s_context_of_decimals_does_not_count(self) -> None:
        import decimal

        script = f"{IMPORTS}decimal.getcontext().prec = 1\ndecimal.getcontext().clear_traps()\ndef main(x: D): pass"
        with decimal.localcontext():
            self.assert_bound(script, '{"x": 1.234}', {"x": Decimal("1.234")})
            self.refused(script, '{"x": "z"}')

    def test_a_class_that_goes_by_the_name_of_a_known_one_is_its_own(self) -> None:
        script = "class datetime:\n    __module__ = 'datetime'\n    def fromisoformat(x): raise SystemExit\ndef main(x: datetime): pass"
        self.assert_bound(script, '{"x": "2024-02-29"}', {"x": "2024-02-29"})


@unittest.skipIf(sys.version_info < (3, 12), "this Python has no type statement")
class Aliases(InputsCase):
    def test_are_followed(self) -> None:
        self.assert_bound(f"{IMPORTS}type Money = D | None\ndef main(x: Money): pass", '{"x": 1.10}', {"x": Decimal("1.10")})
        self.assert_bound("type A = A\ndef main(x: A): pass", '{"x": 1.10}', {"x": 1.1})


if __name__ == "__main__":
    unittest.main()

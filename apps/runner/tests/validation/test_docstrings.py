"""What docstrings say of parameters."""

from __future__ import annotations

import time
import unittest
from inspect import cleandoc

from pycell_runner.validation.docstrings import parameter_docs


def read(docstring: str) -> dict[str, tuple[str | None, str]]:
    return {name: (doc.type, doc.sentence) for name, doc in parameter_docs(cleandoc(docstring)).items()}


class Docstrings(unittest.TestCase):
    def test_in_the_style_of_google(self) -> None:
        self.assertEqual(
            read(
                """Forecast.

                Args:
                    city (str): The city. It must exist.
                    days (int, optional): How many days
                        it is for, e.g. 7. Default: 7.
                    *rest: Others.
                    when (dict[str, Any]): Times: those of day.
                    bare:
                    no entry

                Returns:
                    float: The mean.
                """
            ),
            {
                "city": ("string", "The city."),
                "days": ("integer", "How many days it is for, e.g. 7."),
                "rest": (None, "Others."),
                "when": (None, "Times: those of day."),
                "bare": (None, ""),
            },
        )

    def test_in_the_style_of_numpy(self) -> None:
        self.assertEqual(
            read(
                """Forecast.

                Parameters
                ----------
                city : str
                    The city. It must exist.

                    More.
                a, b : float, default 1
                    Both.
                c
                    Without a type.

                Returns
                -------
                d : int
                    Not a parameter.
                """
            ),
            {
                "city": ("string", "The city."),
                "a": ("number", "Both."),
                "b": ("number", "Both."),
                "c": (None, "Without a type."),
            },
        )

    def test_in_the_style_of_rest(self) -> None:
        self.assertEqual(
            read(
                """Forecast.

                :param city: The city
                    that counts. Others do not.
                :type city: str
                :param int days: How many.
                :return: the forecast

                :type late: bool
                :param late: Too late?
                """
            ),
            {"city": ("string", "The city that counts."), "days": ("integer", "How many."), "late": ("boolean", "Too late?")},
        )

    def test_without_any_style_say_nothing(self) -> None:
        for text in ("", "city: the city", "Args:", "Do.\n\nArgs:\nx: not indented", "Parameters\n---", "Parameters\n"):
            with self.subTest(text):
                self.assertEqual(read(text), {})

    def test_sentences_are_cut(self) -> None:
        sentence = read(f"Args:\n    x: {'y' * 450}")["x"][1]
        self.assertEqual((len(sentence), sentence[-4:]), (300, "y..."))

    def test_of_any_size_and_form_are_read_in_no_time(self) -> None:
        begin = time.monotonic()
        for text in (
            "Args:\n" * 200_000,
            "Args:\n    x" + "(" * 500_000,
            "Args:\n    x: " + "a" * 900_000,
            "Parameters\n---\n" * 50_000,
            "Parameters\n---\n" + "a, " * 300_000,
            ":param " * 140_000,
            ":param x:\n" + "    a\n" * 150_000,
            ". A" * 300_000,
        ):
            parameter_docs(text)
        self.assertLess(time.monotonic() - begin, 5)


if __name__ == "__main__":
    unittest.main()

"""A terminal is shown text, and nothing that it obeys."""

from __future__ import annotations

import random
import unicodedata
from unittest import TestCase

from pycell.cli.terminal import TerminalText


def shown(*pieces: str) -> str:
    text = TerminalText()
    return "".join(map(text.feed, pieces))


class TerminalTextTest(TestCase):
    def test_text_stays_as_it_is(self) -> None:
        text = "step 1\n\tÉté, 数据 👩‍🔬\n"
        self.assertEqual(shown(text), text)

    def test_sequences_are_taken_out(self) -> None:
        for sequence in (
            "\x1b[31m",
            "\x1b[2J",
            "\x1b[?1049h",
            "\x1b]0;title\x07",
            "\x1b]52;c;Zm9v\x1b\\",
            "\x1bP+q544e\x1b\\",
            "\x1b(B",
            "\x1bc",
            "\x1b\x1b[31m",
            "\x9b31m",
            "\x9d0;title\x9c",
            "\x08",
            "\x7f",
            "\x00",
        ):
            with self.subTest(repr(sequence)):
                self.assertEqual(shown(f"a{sequence}b"), "ab")
                self.assertEqual(shown("a", *sequence, "b"), "ab")

    def test_nothing_hides_more_than_its_line(self) -> None:
        for opening in ("\x1b]0;", "\x1bP", "\x1b[", "\x1b", "\x9d"):
            with self.subTest(repr(opening)):
                self.assertEqual(shown(f"{opening}hidden\nseen")[-5:], "\nseen"[-5:])

    def test_a_return_does_not_write_over_its_line(self) -> None:
        self.assertEqual(shown("real\rfake\r\nnext\r", "\nlast"), "real\nfake\nnext\nlast")

    def test_what_reverses_text_is_seen(self) -> None:
        self.assertEqual(shown("a\u202eb\u2066\udc80"), "a\ufffdb\ufffd\ufffd")

    def test_no_pieces_whatever_leave_a_control_character(self) -> None:
        alphabet = "ab\x1b[]PX^_\\\x07\x9b\x9c\x9d\x90\r\n\t ;0m\x08\x00\u202eé"
        chance = random.Random(20260314)
        for _ in range(3000):
            pieces = ["".join(chance.choices(alphabet, k=chance.randrange(8))) for _ in range(6)]
            left = {each for each in shown(*pieces) if unicodedata.category(each).startswith("C")}
            self.assertLessEqual(left, {"\n", "\t"}, pieces)

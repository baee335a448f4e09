"""Runs of one zygote get random numbers of their own. For numpy's: test_numpy_seed.py."""

from __future__ import annotations

import unittest

from ..runner_case import WarmCase


class Randomness(WarmCase):
    def test_each_run_has_numbers_of_its_own(self) -> None:
        for expression in (
            "random.random()",
            "random.sample(range(10 ** 9), 3)",
            "__import__('secrets').token_hex()",
            "str(__import__('uuid').uuid4())",
        ):
            with self.subTest(expression):
                script = f"import random\ndef main(): return {expression}"
                numbers = [str(self.execute(script).result) for _ in range(4)]
                self.assertEqual(len(set(numbers)), 4, numbers)

    def test_a_seed_gives_the_known_sequence(self) -> None:
        script = "import random\ndef main():\n    random.seed(0)\n    return random.random()"
        self.assert_result(script, 0.8444218515250481)


if __name__ == "__main__":
    unittest.main()

"""Runs of one zygote get random numbers of their own from numpy, whichever way they take. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import unittest
from unittest import mock

from pycell_runner.zygote import numpy_seed

from .. import folders
from ..runner_case import WarmCase

_OPTIONS = ("--packages", folders.packages_folder())
#: The first number of numpy's global generator after seed(0).
_FIRST_OF_SEED_0 = 0.5488135039273248


class NumpyRandomness(WarmCase):
    def test_each_run_has_numbers_of_its_own_however_they_are_drawn(self) -> None:
        for imports, call in (
            ("import numpy as np", "np.random.rand()"),
            ("import numpy", "numpy.random.randint(1 << 60)"),
            ("from numpy.random import rand", "rand()"),
            ("from numpy import random", "random.random()"),
            ("from numpy.random import *", "normal()"),
            ("import numpy.random.mtrand", "numpy.random.mtrand.rand()"),
            ("from numpy.random.mtrand import random_sample", "random_sample()"),
            ("from numpy.random import mtrand", "mtrand._rand.rand()"),
            ("import sys", "sys.modules['numpy.random'].rand()"),
            ("import importlib", "importlib.import_module('numpy.random').rand()"),
            ("import numpy as np", "vars(np.random)['rand']()"),
            ("import numpy as np", "np.random.get_state()[1][:3]"),
            ("import numpy as np", "np.random.permutation(1000)[:5]"),
            ("import numpy as np", "np.random.default_rng().random()"),
            ("import pandas as pd", "pd.Series(range(10 ** 5)).sample(4)"),
        ):
            with self.subTest(imports, call=call):
                script = f"{imports}\ndef main(): return {call}"
                numbers = [str(self.execute(script, *_OPTIONS).result) for _ in range(3)]
                self.assertEqual(len(set(numbers)), 3, numbers)

    def test_a_seed_gives_the_known_sequence_however_they_are_drawn(self) -> None:
        for imports, call in (
            ("import numpy as np", "np.random.seed(0) or np.random.rand()"),
            ("from numpy.random import seed, rand", "seed(0) or rand()"),
            ("from numpy.random import mtrand", "mtrand.seed(0) or mtrand.rand()"),
            ("import numpy as np", "np.random.RandomState(0).rand()"),
        ):
            with self.subTest(imports, call=call):
                self.assert_result(f"{imports}\ndef main(): return {call}", _FIRST_OF_SEED_0, *_OPTIONS)

    def test_numbers_drawn_ahead_by_the_zygote_are_not_used(self) -> None:
        # A second normal number is kept for the next call.
        script = "import numpy as np\ndef main(): return [np.random.get_state()[3], float(np.random.standard_normal())]"
        results = [self.execute(script, *_OPTIONS).result for _ in range(2)]
        self.assertEqual([kept for kept, _ in results], [0, 0])
        self.assertNotEqual(results[0], results[1])

    def test_a_generator_of_another_make_is_seeded_by_its_own_method(self) -> None:
        folders.make_pandas_importable()
        import numpy.random

        class Other:
            seed = mock.Mock()

        with mock.patch.object(numpy.random.mtrand, "_rand", Other):
            numpy_seed.numpy_reseeding()()
        self.assertEqual(Other.seed.call_count, 2)

    def test_the_module_is_an_ordinary_one_once_it_was_used(self) -> None:
        script = "import numpy as np, types\ndef main():\n    np.random.rand()\n    return [type(np.random) is types.ModuleType, np.random.__name__]"
        self.assert_result(script, [True, "numpy.random"], *_OPTIONS)


if __name__ == "__main__":
    unittest.main()

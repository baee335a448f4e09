"""DataFrames from inputs. Needs PYCELL_PACKAGES."""

from __future__ import annotations

import subprocess
import sys
import unittest
import unittest.mock
from typing import Any

from .. import folders
from ..driver import RUNNER
from .inputs_case import InputsCase, bind

folders.make_pandas_importable()

import pandas as pd  # noqa: E402


def frame_of(value: str, annotation: str = "pd.DataFrame") -> Any:
    return bind(f"import pandas as pd\ndef main(x: {annotation}): pass", f'{{"x": {value}}}')["x"]


class Frames(InputsCase):
    def assert_frame(self, value: str, expected: pd.DataFrame) -> None:
        frame = frame_of(value)
        self.assertIs(type(frame), pd.DataFrame)
        pd.testing.assert_frame_equal(frame, expected)

    def test_of_rows(self) -> None:
        self.assert_frame('[{"b": 1, "a": "x"}, {"a": "y", "c": 2.5}]', pd.DataFrame([{"b": 1, "a": "x"}, {"a": "y", "c": 2.5}]))
        self.assertEqual(list(frame_of('[{"b": 1, "a": 2}]').columns), ["b", "a"])
        self.assert_frame("[]", pd.DataFrame([]))

    def test_of_columns(self) -> None:
        self.assert_frame('{"b": [1, 2], "a": ["x", null]}', pd.DataFrame({"b": [1, 2], "a": ["x", None]}))
        self.assert_frame("{}", pd.DataFrame({}))

    def test_hold_integers_of_any_size(self) -> None:
        self.assertEqual(frame_of(f'[{{"n": {2**70}}}]')["n"][0], 2**70)

    def test_within_others(self) -> None:
        self.assertIsNone(frame_of("null", "pd.DataFrame | None"))
        self.assertEqual([len(frame) for frame in frame_of('[[{"a": 1}], {"a": [1, 2]}]', "list[pd.DataFrame]")], [1, 2])
        self.assertEqual(len(frame_of('{"k": [{"a": 1}]}', "'dict[str, pd.DataFrame]'")["k"]), 1)

    def test_refuse_everything_else(self) -> None:
        for value in ("null", "5", '"a,b"', "[1, 2]", "[[1, 2]]", '[{"a": 1}, null]', '{"a": 1}', '{"a": [1], "b": [1, 2]}', '{"a": {"0": 1}}'):
            with self.subTest(value):
                refusal = self.refused("import pandas as pd\ndef main(x: pd.DataFrame): pass", f'{{"x": {value}}}')
                self.assertIn("The input x cannot become a DataFrame: it is ", refusal.message)
                self.assertIn("a list of rows", refusal.hint)

    def test_what_pandas_raises_is_a_refusal_and_memory_that_runs_out_is_not(self) -> None:
        script = "import pandas as pd\nclass F:\n    def __init__(self, data): raise {}\ndef main(x: F): pass\n"
        with unittest.mock.patch.object(pd, "DataFrame"):
            for error in ("ValueError", "SystemExit", "KeyboardInterrupt"):
                self.refused(f"{script.format(error)}pd.DataFrame = F", '{"x": []}')
            with self.assertRaises(MemoryError):
                bind(f"{script.format('MemoryError')}pd.DataFrame = F", '{"x": []}')

    def test_do_not_load_pandas_by_themselves(self) -> None:
        program = (
            f"import sys; sys.path.insert(0, {str(RUNNER)!r}); sys.path.append({folders.packages_folder()!r})\n"
            "from pycell_runner.run.inputs import arguments_for\n"
            "def main(x: 'pandas.DataFrame', y: 'pd.DataFrame'): pass\n"
            "assert arguments_for(main, {'x': [], 'y': []}, b'{\"x\": [], \"y\": []}', globals()) == {'x': [], 'y': []}\n"
            "assert 'pandas' not in sys.modules\n"
        )
        done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()

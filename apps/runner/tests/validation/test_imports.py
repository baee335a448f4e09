"""Which modules a script imports, and whether they are there."""

from __future__ import annotations

import sys
import unittest
from contextlib import contextmanager
from typing import Any, Iterator
from unittest import mock

from .described import describe


@contextmanager
def installation(*names: str) -> Iterator[None]:
    """Have these modules and no others, as far as a look at folders tells."""
    with (
        mock.patch("pycell_runner.hints.modules._import_entries", return_value=list(names)),
        mock.patch("pycell_runner.validation.imports._is_there", side_effect=names.__contains__),
    ):
        yield


def imports(script: str) -> Any:
    return describe(script)["imports"]


def missing(script: str) -> dict[str, Any]:
    return {one["name"]: one["nearest"] for one in imports(script)["missing"]}


class Imports(unittest.TestCase):
    def test_are_the_top_level_names_once_each_in_the_order_of_the_script(self) -> None:
        script = (
            "from __future__ import annotations\nimport json.decoder as j, math\nfrom os.path import join\nfrom . import x\n"
            "from .y import z\ndef main():\n    import csv\n    class A:\n        import re\n    import json\n"
            "try:\n    import no_such_a\nexcept ImportError:\n    import bz2\nelse:\n    import ast\nfinally:\n    import array\n"
            "match 1:\n    case 1:\n        import abc\nwith a: import calendar\nwhile 0: import cmath\n"
        )
        known = ["json", "math", "os", "csv", "re", "bz2", "ast", "array", "abc", "calendar", "cmath"]
        self.assertEqual(imports(script), {"known": known, "missing": [{"name": "no_such_a", "nearest": None}]})

    def test_are_known_without_being_imported(self) -> None:
        sys.modules.pop("this", None)
        self.assertEqual(imports("import this, sys, _abc, __main__")["known"], ["this", "sys", "_abc", "__main__"])
        self.assertNotIn("this", sys.modules)

    def test_the_runner_is_not_there(self) -> None:
        self.assertEqual(list(missing("import pycell_runner.run")), ["pycell_runner"])

    def test_what_this_installation_lacks_of_the_standard_library_is_missing(self) -> None:
        self.assertEqual(missing("import winreg, msvcrt")["winreg"], None)

    def test_a_finder_that_raises_does_no_harm(self) -> None:
        finder = mock.Mock(find_spec=mock.Mock(side_effect=RuntimeError))
        with mock.patch.object(sys, "meta_path", [finder]):
            self.assertEqual(imports("import sys, no_such_b")["known"], ["sys"])

    def test_a_missing_one_has_the_nearest_that_is_there(self) -> None:
        with installation(*sys.stdlib_module_names):
            found = missing("import statistic, Json, pytz, orjson, requests, tqdm, pytest, nobodys_module, sklearn")
        self.assertEqual({name: nearest for name, nearest in found.items() if nearest}, {
            "statistic": "statistics", "Json": "json", "pytz": "zoneinfo", "orjson": "json",
        })  # fmt: skip
        self.assertEqual(len(found), 9)

    def test_a_package_s_own_name_leads_to_its_module_where_that_is_there(self) -> None:
        with installation("sklearn", "cv2"):
            found = missing("import scikit_learn, opencv, pillow, scikit_image")
        self.assertEqual(found, {"scikit_learn": "sklearn", "opencv": "cv2", "pillow": None, "scikit_image": None})

    def test_what_is_suggested_is_there(self) -> None:
        with installation("nothing"):
            self.assertEqual(missing("import statistic"), {"statistic": None})

    def test_many_and_long_names_are_bounded(self) -> None:
        script = f"import {'a' * 100_000}\n" + "\n".join(f"import no_such_{number}" for number in range(20_000))
        found = imports(script)["missing"]
        self.assertEqual((len(found), len(found[0]["name"])), (200, 200))


if __name__ == "__main__":
    unittest.main()

"""What a zygote measures of its memory while it settles."""

from __future__ import annotations

import unittest
from unittest.mock import patch

from pycell_runner.zygote import settling


class ResidentGrowthTest(unittest.TestCase):
    def growth(self, *peaks: int) -> int:
        with patch.object(settling, "_peak_resident_bytes", side_effect=peaks):
            return settling._resident_growth(lambda: None, lambda: None)

    def test_it_is_what_the_peak_grew_by(self) -> None:
        self.assertEqual(self.growth(1_000, 5_096), 4_096)

    def test_it_is_never_less_than_nothing(self) -> None:
        # Else the service would take no spare of the zygote: a READY with less than 0 is none.
        self.assertEqual(self.growth(5_096, 1_000), 0)


if __name__ == "__main__":
    unittest.main()

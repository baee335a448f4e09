"""Names of artifacts: what is safe stays as it is, and whatever else becomes a name that no client can be led astray by."""

from __future__ import annotations

import random
import unittest

from pycell_runner.protocol.contract import FILE_NAME_BYTES, FILE_NAME_STEPS
from pycell_runner.result.artifact_names import safe_name

#: What the service refuses: libs/sandbox/src/protocol/artifact-name.ts.
_REFUSED = "\\:*?\"<>|\0\n\r\x7f\x85\u200b\u2028\u202e\ufeff\udcff"


class SafeNames(unittest.TestCase):
    def test_a_safe_name_stays_as_it_is(self) -> None:
        for name in ("a", "report.csv", "sub/plot 1.png", ".hidden", "é ü/日本.txt", "-rf", "😀.svg", "a..b", "console.txt"):
            self.assertEqual(safe_name(name, ()), name)

    def test_others_are_made_safe(self) -> None:
        for name, expected in (
            ("..\\up", ".._up"),
            ("C:\\x", "C__x"),
            ("a\nb", "a_b"),
            ("con", "_con"),
            ("LPT1.txt", "_LPT1.txt"),
            ("x/nul.csv", "x/_nul.csv"),
            ("~root", "_~root"),
            (" lead", "_ lead"),
            ("trail. ", "trail_"),
            ("...", "_"),
            ("\u202efdp.exe", "_fdp.exe"),
            ("\udcff", "_"),
        ):
            with self.subTest(name):
                self.assertEqual(safe_name(name, ()), expected)

    def test_two_files_never_have_one_name(self) -> None:
        self.assertEqual(safe_name("a?.txt", {"a_.txt"}), "a_-2.txt")
        self.assertEqual(safe_name("a", {"a", "a-2"}), "a-3")
        self.assertEqual(safe_name("x.d/a", {"x.d/a"}), "x.d/a-2")
        self.assertLessEqual(len(safe_name("x." + "e" * 253, {"x." + "e" * 253}).encode()), FILE_NAME_BYTES)
        long = "é" * 127
        self.assertNotEqual(safe_name(long, {long}), long)

    def test_long_and_deep_paths_fit(self) -> None:
        for path in ("a" * 300, "/".join(["d"] * 20), "/".join(["deep" * 10] * 12) + "/x.csv", "é" * 200 + ".csv"):
            with self.subTest(path):
                name = safe_name(path, ())
                self.assertLessEqual(len(name.encode()), FILE_NAME_BYTES)
                self.assertLessEqual(len(name.split("/")), FILE_NAME_STEPS)

    def test_whatever_the_path_the_name_is_safe(self) -> None:
        source = random.Random(15)
        letters = "ab.~ -_é日😀/" + _REFUSED
        taken: set[str] = set()
        for _ in range(3_000):
            steps = "".join(source.choices(letters, k=source.randint(1, 40))).split("/")
            path = "/".join(step for step in steps if step not in ("", ".", "..")) or "a"
            name = safe_name(path, taken)
            self.assertNotIn(name, taken)
            taken.add(name)
            self.assertFalse(set(name) & set(_REFUSED), name)
            self.assertLessEqual(len(name.encode()), FILE_NAME_BYTES)
            for step in name.split("/"):
                self.assertTrue(step and step.strip(".") and step[0] not in " ~" and step[-1] not in ". ", name)


if __name__ == "__main__":
    unittest.main()

"""The command against a real service, whose scripts are hostile to the terminal and to the folder of whoever runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from . import variable

COMMAND = str(Path(sys.prefix, "bin/pycell"))


class CommandTest(TestCase):
    def setUp(self) -> None:
        holder = TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.environment = {**os.environ, "PYCELL_URL": variable("PYCELL_URL")}

    def run_it(self, script: str, *arguments: str, command: str = "run") -> "subprocess.CompletedProcess[str]":
        (self.folder / "s.py").write_text(script)
        return subprocess.run(
            [COMMAND, command, "s.py", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_each_end_has_its_code(self) -> None:
        cases = [
            ("def main(): return 1", (), 0),
            ("def main(): return 1 / 0", (), 1),
            ("def main():\n    while True: pass", ("--timeout", "0.3"), 1),
            ("def main():\n    for _ in range(40): print('x' * 65536)", (), 1),
            ("def main(:", (), 1),
            ("import os", (), 1),
            ("def main(): return 1", ("--memory", "1"), 3),
            ("def main(): return 1", ("--url", "http://127.0.0.1:9"), 5),
        ]
        for script, arguments, code in cases:
            with self.subTest(script=script, arguments=arguments):
                done = self.run_it(script, *arguments)
                self.assertEqual(done.returncode, code, done)
        self.environment["PYCELL_URL"] = variable("PYCELL_KEYED_URL")
        self.assertEqual(self.run_it("def main(): return 1").returncode, 3)
        self.environment["PYCELL_API_KEY"] = variable("PYCELL_KEYED_KEY")
        self.assertEqual(self.run_it("def main(): return 1").returncode, 0)

    def test_what_a_hostile_script_leaves_stays_in_the_folder(self) -> None:
        script = (
            "from pathlib import Path\n"
            "def main():\n"
            "    out = Path('output')\n"
            "    for name in ('ok.txt', 'OK.TXT', '.hidden', '-rf', 'nul.txt', 'a\\\\b', 'esc\\x1b[31m'):\n"
            "        (out / name).write_text(name)\n"
            "    (out / 'link').symlink_to('/etc/passwd')\n"
            "    (out / 'up').symlink_to('..')\n"
        )
        done = self.run_it(script, "--output", "results")
        self.assertEqual(done.returncode, 6, done)
        self.assertNotIn("\x1b", done.stderr)
        found = sorted(path.name for path in (self.folder / "results").iterdir())
        self.assertEqual(len({name.casefold() for name in found}), len(found))
        self.assertIn("_nul.txt", found)
        self.assertEqual([name for name in found if name.startswith((".", "-")) or name in ("link", "up")], [])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["results", "s.py"])

    def test_json_has_all_of_the_answer(self) -> None:
        done = self.run_it("def main(n):\n    print('x')\n    return [n, 1.10]", "--json", "--input-json", f"n={2**70}")
        told = json.loads(done.stdout)
        self.assertEqual((told["result"], told["stdout"], told["exitCode"]), ([2**70, 1.1], "x\n", 0))
        self.assertGreater(told["execution"]["timings"]["runMs"], 0)
        failed = json.loads(self.run_it("def main():\n    print('x')\n    return 1 / 0", "--json").stdout)
        self.assertEqual((failed["code"], failed["stdout"], failed["line"], failed["exitCode"]), ("SCRIPT_ERROR", "x\n", 3, 1))
        self.assertGreater(failed["execution"]["durationMs"], 0)

    def test_an_input_has_the_digits_that_were_given(self) -> None:
        script = "from decimal import Decimal\ndef main(rate: Decimal, n: int):\n    return [str(rate), n % 10**6]"
        done = self.run_it(script, "--input-json", "rate=1.10", "--input-json", f"n={'1' * 5000}")
        self.assertEqual((done.returncode, done.stdout), (0, '["1.10", 111111]\n'), done)

    def test_a_script_that_windows_wrote_runs(self) -> None:
        done = self.run_it("\ufeffdef main(): return 1")
        self.assertEqual((done.returncode, done.stdout), (0, "1\n"), done)

    def test_ctrl_c_ends_the_run(self) -> None:
        (self.folder / "s.py").write_text("import time\ndef main():\n    print('begun', flush=True)\n    time.sleep(9.5)")
        self.environment |= {"PYCELL_URL": variable("PYCELL_KEYED_URL"), "PYCELL_API_KEY": variable("PYCELL_KEYED_KEY")}
        began = time.monotonic()
        process = subprocess.Popen(
            [COMMAND, "run", "s.py"], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            assert process.stdout is not None
            self.assertEqual(process.stdout.readline(), b"begun\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(20), 130)
        # There is one place: who gets it before that run would have ended has it from the run that was ended.
        self.assertEqual(self.run_it("def main(): return 1").returncode, 0)
        self.assertLess(time.monotonic() - began, 9.4)

    def test_describes_a_script(self) -> None:
        done = self.run_it("def main(city: str): ...", command="validate")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn('"city"', done.stdout)
        self.assertEqual(self.run_it("import os", command="validate").returncode, 1)

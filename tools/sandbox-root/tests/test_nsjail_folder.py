"""Where an nsjail can be had, and what is said where it cannot; also the command line's exit codes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from sandbox_root.failures import BuildFailure, UnsupportedPlatform
from sandbox_root.nsjail_folder import refuse_unsupported_platform, require_start

from . import FolderTest

BUILD = Path(__file__).resolve().parents[1] / "build.py"


class NsjailFolderTest(FolderTest):
    def fake_nsjail(self, script: str) -> Path:
        binary = self.folder / "nsjail"
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)
        return binary

    def judge(self, system: str, machine: str, library: str) -> None:
        with (
            mock.patch("platform.system", return_value=system),
            mock.patch("platform.machine", return_value=machine),
            mock.patch("os.confstr", return_value=library),
        ):
            refuse_unsupported_platform()

    def test_linux_on_x86_64_with_a_recent_glibc_is_supported(self) -> None:
        self.judge("Linux", "x86_64", "glibc 2.34")

    def test_other_platforms_are_told_to_use_local_mode(self) -> None:
        for system, machine, library in (
            ("Darwin", "arm64", ""),
            ("Linux", "aarch64", "glibc 2.36"),
            ("Linux", "x86_64", "glibc 2.31"),
            ("Linux", "x86_64", "musl"),
        ):
            with self.assertRaisesRegex(UnsupportedPlatform, "local mode") as caught:
                self.judge(system, machine, library)
            self.assertEqual(caught.exception.exit_code, 3)

    def test_a_missing_library_is_named_with_its_debian_package(self) -> None:
        message = "nsjail: error while loading shared libraries: libstdc++.so.6: cannot open shared object file"
        with self.assertRaisesRegex(BuildFailure, r"apt-get install libstdc\+\+6"):
            require_start(self.fake_nsjail(f"echo '{message}' >&2; exit 127"))

    def test_a_binary_that_answers_is_accepted(self) -> None:
        require_start(self.fake_nsjail("echo 'Usage: nsjail [options]' >&2"))

    def test_a_binary_that_says_nothing_is_refused(self) -> None:
        with self.assertRaisesRegex(BuildFailure, "nsjail does not start: exit code 4"):
            require_start(self.fake_nsjail("exit 4"))


class CommandLineTest(unittest.TestCase):
    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-B", str(BUILD), *arguments], capture_output=True, text=True)

    def test_walkable_prints_the_folder_in_the_way_and_fails(self) -> None:
        with tempfile.TemporaryDirectory() as closed:
            done = self.call("walkable", f"{closed}/sandbox")
            self.assertEqual((done.returncode, done.stdout), (1, f"{Path(closed).resolve()}\n"))
        self.assertEqual(self.call("walkable", "/usr").returncode, 0)

    def test_a_failure_is_one_sentence_and_no_traceback(self) -> None:
        done = self.call("root", "--output", "/nowhere/root", "--packages", "/nowhere/packages")
        self.assertEqual(done.returncode, 1 if sys.platform == "linux" else 3)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertNotIn("Traceback", done.stderr)

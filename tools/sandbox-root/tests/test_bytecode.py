"""Compiling ahead of time, and stopping in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sandbox_root.bytecode import compile_folder, compile_missing
from sandbox_root.failures import BuildFailure
from sandbox_root.interpreter import inspect_interpreter

BUILDER = Path(__file__).resolve().parents[1]

# Compiles a folder in the way that a build does, and says so first.
COMPILE = """
import signal, sys
from pathlib import Path
from sandbox_root.bytecode import compile_folder
from sandbox_root.interpreter import inspect_interpreter
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
interpreter = inspect_interpreter(None)
print("go", flush=True)
compile_folder(interpreter, Path(sys.argv[1]), "/jail", must_succeed=False)
"""

from . import FolderTest


class BytecodeTest(FolderTest):
    def setUp(self) -> None:
        super().setUp()
        self.interpreter = inspect_interpreter(None)

    def test_a_file_that_does_not_compile_is_named(self) -> None:
        (self.folder / "good.py").write_text("A = 1\n")
        (self.folder / "template.py").write_text("{{ name }} = = 1\n")
        failed = compile_folder(self.interpreter, self.folder, "/jail", must_succeed=False)
        self.assertEqual([Path(name).name for name in failed], ["template.py"])
        with self.assertRaisesRegex(BuildFailure, "template.py"):
            compile_folder(self.interpreter, self.folder, "/jail", must_succeed=True)

    def test_only_what_has_no_bytecode_is_compiled_again(self) -> None:
        (self.folder / "one.py").write_text("A = 1\n")
        compile_folder(self.interpreter, self.folder, "/jail", must_succeed=True)
        compiled = self.folder / "__pycache__" / f"one.{self.interpreter.cache_tag}.pyc"
        before = compiled.stat().st_mtime_ns
        (self.folder / "two.py").write_text("A = 2\n")
        self.assertEqual(compile_missing(self.interpreter, self.folder, "/jail"), [])
        self.assertEqual(compiled.stat().st_mtime_ns, before)
        self.assertTrue(compiled.with_name(f"two.{self.interpreter.cache_tag}.pyc").is_file())

    def test_a_build_that_is_stopped_leaves_no_worker_behind(self) -> None:
        for number in range(400):
            (self.folder / f"m{number}.py").write_text("".join(f"def f{i}(a): return a + {i}\n" for i in range(400)))
        command = [sys.executable, "-B", "-c", COMPILE, str(self.folder)]
        with subprocess.Popen(command, cwd=BUILDER, stdout=subprocess.PIPE) as build:
            assert build.stdout is not None
            build.stdout.readline()
            compiler = self.wait_for_child(build.pid)
            time.sleep(0.3)
            build.send_signal(signal.SIGTERM)
            self.assertEqual(build.wait(20), 143)
        for _ in range(100):
            try:
                os.killpg(compiler, 0)
            except ProcessLookupError:
                return
            time.sleep(0.05)
        os.killpg(compiler, signal.SIGKILL)
        self.fail("workers of the compiler outlived the build")

    def wait_for_child(self, parent: int) -> int:
        for _ in range(200):
            listed = subprocess.run(["ps", "--ppid", str(parent), "-o", "pid="], capture_output=True, text=True).stdout
            if listed:
                return int(listed.split()[0])
            time.sleep(0.02)
        self.fail("the compiler was not started")

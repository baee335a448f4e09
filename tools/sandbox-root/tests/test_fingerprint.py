"""What counts as a change, and what the interpreter says about itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from unittest.mock import patch

from sandbox_root.failures import BuildFailure
from sandbox_root.fingerprint import builder_sources, interpreter_state, library_state
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.runner_replacement import runner_inputs

from . import FolderTest


class FingerprintTest(FolderTest):
    def test_a_changed_or_new_rule_of_the_builder_is_a_change(self) -> None:
        with patch("sandbox_root.fingerprint._BUILDER", self.folder):
            found = set()
            for name, text in (("left_out.py", "1"), ("left_out.py", "2"), ("host_paths.py", "1")):
                (self.folder / name).write_text(text)
                found |= {builder_sources(), builder_sources()}
        self.assertEqual(len(found), 3)

    def test_an_updated_or_lost_library_is_a_change(self) -> None:
        library = self.folder / "libz.so.1"
        library.write_text("one")
        before = library_state({"libz.so.1": library})
        self.assertEqual(before, library_state({"libz.so.1": library}))
        library.write_text("other")
        self.assertNotEqual(before, library_state({"libz.so.1": library}))
        self.assertNotEqual(before, library_state({"libz.so.1": None}))

    def test_an_updated_standard_library_is_a_change_and_its_bytecode_is_not(self) -> None:
        (self.folder / "os.py").write_text("")
        interpreter = replace(inspect_interpreter(None), stdlib=self.folder)
        before = interpreter_state(interpreter)
        (self.folder / "__pycache__").mkdir()
        self.assertEqual(before, interpreter_state(interpreter))
        (self.folder / "os.py").write_text("patched")
        self.assertNotEqual(before, interpreter_state(interpreter))

    def test_a_runner_changes_with_its_sources_and_not_with_its_tests_or_bytecode(self) -> None:
        (self.folder / "__main__.py").write_text("1")
        package = self.folder / "pycell_runner"
        for name in ("zygote.py", "tests/test_zygote.py", "__pycache__/zygote.pyc", "inner/run.py"):
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text("1")
        before = runner_inputs(self.folder)
        (package / "tests/test_zygote.py").write_text("2")
        (package / "__pycache__/zygote.pyc").write_text("2")
        self.assertEqual(before, runner_inputs(self.folder))
        (package / "inner/run.py").write_text("2")
        between = runner_inputs(self.folder)
        self.assertNotEqual(before, between)
        (self.folder / "__main__.py").write_text("2")
        self.assertNotEqual(between, runner_inputs(self.folder))


class InterpreterTest(unittest.TestCase):
    def test_a_virtual_environment_leads_to_the_interpreter_behind_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
            inside = inspect_interpreter(f"{folder}/bin/python")
        outside = inspect_interpreter(None)
        self.assertEqual((inside.executable, inside.stdlib), (outside.executable, outside.stdlib))

    def test_variables_of_the_environment_do_not_change_the_answer(self) -> None:
        before = inspect_interpreter(None)
        os.environ["PYTHONHOME"] = "/nowhere"
        self.addCleanup(os.environ.pop, "PYTHONHOME")
        self.assertEqual(inspect_interpreter(None), before)

    def test_an_interpreter_that_does_not_start_is_named_with_what_to_do(self) -> None:
        with self.assertRaisesRegex(BuildFailure, "/nowhere/python does not start.*Set PYTHON"):
            inspect_interpreter("/nowhere/python")

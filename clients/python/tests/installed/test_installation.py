"""What the wheel brings along."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, files
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

import pycell

from . import variable

CHECKOUT = Path(__file__).resolve().parents[4]
TYPED = """
from decimal import Decimal
from pycell import AsyncClient, BatchResult, Client, ErrorEvent, OutputEvent

def ask(client: Client) -> list[str]:
    client.execute("1", {"a": 1}, timeout_ms=10, files={"a": b"b"}, mode="script")
    texts = [event.text for event in client.stream("1") if isinstance(event, OutputEvent)]
    names = [artifact.name for artifact in client.execute("1").artifacts]
    errors = [item.error for item in client.batch("1", [{}]) if not isinstance(item, BatchResult)]
    return [*texts, *names, *errors]

async def wait(client: AsyncClient) -> int | None:
    async with client.stream("1", parse="no such option") as events:
        async for event in events:
            if isinstance(event, ErrorEvent):
                return event.line
    return (await client.execute("1")).execution.peak_memory_bytes
"""


class InstallationTest(TestCase):
    def test_is_what_is_installed_and_not_the_sources(self) -> None:
        self.assertTrue(Path(pycell.__file__).is_relative_to(sys.prefix), pycell.__file__)
        self.assertNotEqual(sys.prefix, sys.base_prefix)

    def test_has_the_version_of_the_service(self) -> None:
        package = json.loads((CHECKOUT / "package.json").read_text())
        self.assertEqual(distribution("pycell").version, package["version"])

    def test_needs_httpx_alone(self) -> None:
        self.assertEqual(distribution("pycell").requires, ["httpx<0.29,>=0.28.1"])
        self.assertEqual(distribution("httpx").version, "0.28.1")

    def test_is_built_with_what_is_pinned(self) -> None:
        project = tomllib.loads((CHECKOUT / "clients/python/pyproject.toml").read_text())
        pins = (CHECKOUT / "tools/checks/python-requirements.txt").read_text().splitlines()
        [builder] = project["build-system"]["requires"]
        self.assertIn(f"{builder} \\", pins)
        self.assertIn(builder.replace("==", " "), (CHECKOUT / "clients/python/README.md").read_text())

    def test_brings_its_package_and_nothing_else(self) -> None:
        tops = {file.parts[0] for file in files("pycell") or ()}
        own = {top for top in tops if not top.endswith(".dist-info") and top != ".."}
        self.assertEqual(own, {"pycell"})
        self.assertIn("pycell/py.typed", {str(file) for file in files("pycell") or ()})

    def test_is_not_the_runner(self) -> None:
        self.assertFalse((CHECKOUT / "apps/runner/pycell").exists())
        self.assertFalse(hasattr(pycell, "supervisor"))

    def test_programs_that_use_it_are_checked_by_mypy(self) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, "program.py").write_text(TYPED)
            checked = subprocess.run(
                [sys.executable, "-m", "mypy", "--strict", "--no-color-output", "--cache-dir", folder, "program.py"],
                cwd=folder,
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": ""},
            )
        # It finds the option that is none, and nothing else.
        found = [line for line in checked.stdout.splitlines() if ": error: " in line]
        self.assertEqual(len(found), 1, checked.stdout + checked.stderr)
        self.assertIn('"parse"', found[0])

    def test_has_a_command(self) -> None:
        command = Path(sys.prefix, "bin/pycell")
        for call in ([str(command)], [sys.executable, "-m", "pycell"]):
            with TemporaryDirectory() as folder:
                Path(folder, "s.py").write_text("def main(n): return n + 1")
                arguments = ["run", "s.py", "--input-json", "n=41", "--url", variable("PYCELL_URL")]
                done = subprocess.run([*call, *arguments], cwd=folder, capture_output=True, text=True, timeout=30)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "42\n", ""))

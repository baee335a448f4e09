"""Finds out where an interpreter keeps its binary and its standard library, by asking it; every command starts here.

Asking is the only way that holds for Debian (library split in two), pyenv (shims, a library of its own in a closed
home) and virtual environments (whose binary is a link to another interpreter).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import BuildFailure

OLDEST = (3, 11)

# -I keeps PYTHON* variables out, -S keeps the host's site-packages and sitecustomize out.
_QUESTION = """
import json, os, sys, sysconfig
print(json.dumps({
    "base": getattr(sys, "_base_executable", None) or sys.executable,
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": {"cpython": "CPython"}.get(sys.implementation.name, sys.implementation.name),
    "cache_tag": sys.implementation.cache_tag,
    "platlibdir": getattr(sys, "platlibdir", "lib"),
    "platform": sysconfig.get_platform(),
    "stdlib": sysconfig.get_path("stdlib"),
    "platstdlib": sysconfig.get_path("platstdlib"),
    "standard": list(getattr(sys, "stdlib_module_names", ())),
    "builtin": sys.builtin_module_names,
    "host": [sys.base_prefix, sys.base_exec_prefix, *map(sysconfig.get_config_var, ("prefix", "abs_builddir", "abs_srcdir"))],
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """One CPython on this host. `given` is how it was named (it may be a virtual environment's), the rest is real."""

    given: Path
    executable: Path
    version: str
    cache_tag: str
    platlibdir: str
    platform: str
    stdlib: Path
    dynload: Path
    standard_modules: tuple[str, ...]
    """Public names of its standard library, whether they are on this host or not."""
    builtin_modules: tuple[str, ...]
    """Those that are part of the program, without a file."""
    host_paths: tuple[str, ...]
    """Folders of this host that it knows: its prefixes, and where it was compiled."""

    @property
    def jail_stdlib(self) -> str:
        """Where the standard library lies in the jail: where getpath looks from /usr/bin without any environment."""
        return f"/usr/{self.platlibdir}/{self.stdlib.name}"

    @property
    def jail_site_packages(self) -> str:
        return f"{self.jail_stdlib}/site-packages"

    def describe(self) -> dict[str, str]:
        """The manifests' `python` entry."""
        return {"version": self.version, "implementation": "CPython"}


def inspect_interpreter(named: str | None) -> Interpreter:
    """Asks the interpreter `named` (None: the one that runs this program).

    Raises BuildFailure where it does not start, is no CPython, or is older than 3.11.
    """
    given = named or sys.executable
    answer = _ask(given)
    if os.path.realpath(answer["base"]) != os.path.realpath(answer["executable"]):
        answer = _ask(answer["base"])
    executable = Path(os.path.realpath(answer["base"]))
    _refuse_unsupported(executable, answer)
    return Interpreter(
        given=Path(given),
        executable=executable,
        version=answer["version"],
        cache_tag=answer["cache_tag"],
        platlibdir=answer["platlibdir"],
        platform=answer["platform"],
        stdlib=Path(answer["stdlib"]),
        dynload=Path(answer["platstdlib"]) / "lib-dynload",
        standard_modules=tuple(sorted(name for name in answer["standard"] if not name.startswith("_"))),
        builtin_modules=tuple(answer["builtin"]),
        host_paths=tuple(path for path in answer["host"] if path),
    )


def _ask(python: str) -> dict[str, Any]:
    remedy = "Set PYTHON to a working Python 3.11 or newer."
    try:
        done = subprocess.run([python, "-I", "-S", "-c", _QUESTION], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailure(f"The interpreter {python} does not start ({error}). {remedy}") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BuildFailure(f"The interpreter {python} does not work ({reason}). {remedy}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refuse_unsupported(executable: Path, answer: dict[str, Any]) -> None:
    version = tuple(int(part) for part in answer["version"].split("."))
    if answer["implementation"] != "CPython" or version < OLDEST:
        raise BuildFailure(
            f"{executable} is {answer['implementation']} {answer['version']}; pycell needs CPython 3.11 or newer. "
            "Set PYTHON to one."
        )
    if not Path(answer["stdlib"], "os.py").is_file():
        raise BuildFailure(
            f"{executable} has no standard library at {answer['stdlib']} (os.py is missing). Install it in full."
        )

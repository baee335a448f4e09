"""Tries a finished root in a real nsjail before it is put in its place; `root_folder` calls it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import BuildFailure
from .root_assembly import JAIL_INTERPRETER

TIME_LIMIT_SECONDS = 120

# The packages whose failure makes a root useless; others may have reasons of their own not to load in a jail.
REQUIRED = frozenset({"numpy", "pandas", "dateutil", "tzdata", "matplotlib"})


@dataclass(frozen=True)
class CheckedRoot:
    """What the check found in a good root."""

    summary: str
    notes: tuple[str, ...]


class HostCannotJail(Exception):
    """nsjail does not work on this host at all, which says nothing about the root; the message has nsjail's error."""


def check_root(
    nsjail: Path, root: Path, site_packages: str, modules: Sequence[str], executables: Iterable[str]
) -> CheckedRoot:
    """Runs the probe in a jail on `root`.

    Raises BuildFailure with the reason where the root is not as it must be, HostCannotJail where nobody can tell.
    """
    wanted = {"sitePackages": site_packages, "modules": list(modules), "executables": sorted(executables)}
    source = Path(__file__).with_name("jail_probe.py").read_text(encoding="utf-8")
    done = _jailed(nsjail, root, [JAIL_INTERPRETER, "-I", "-S", "-B", "-c", source, json.dumps(wanted)])
    answers = [line for line in done.stdout.splitlines() if line.startswith("PROBE ")]
    if done.returncode != 0 or not answers:
        _require_working_nsjail(nsjail)
        raise BuildFailure(f"The sandbox root does not work in a jail: {_reason(done)}")
    report: dict[str, Any] = json.loads(answers[-1].removeprefix("PROBE "))
    problems = _problems(report)
    if problems:
        raise BuildFailure("The sandbox root is not as it must be: " + "; ".join(problems))
    return CheckedRoot(_summary(report), tuple(_notes(report)))


def _require_working_nsjail(nsjail: Path) -> None:
    """Raises HostCannotJail where even a jail over the host's own root fails, one that runs nothing but `true`."""
    done = _jailed(nsjail, Path("/"), ["/usr/bin/env", "true"])
    if done.returncode != 0:
        raise HostCannotJail(_reason(done))


def _jailed(nsjail: Path, root: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    is_root = os.geteuid() == 0
    user, group = ("100000", "100000") if is_root else (str(os.geteuid()), str(os.getegid()))
    options = (
        f"--user 1000:{user}:1 --group 1000:{group}:1 --hostname sandbox --disable_proc --iface_no_lo --tmpfsmount /tmp"
        f" --cwd /tmp --rlimit_as 4096 --rlimit_nofile 64 --rlimit_fsize 64 --time_limit {TIME_LIMIT_SECONDS}"
    )
    jail = [str(nsjail.absolute()), "-Mo", "-q", "--chroot", str(root), *options.split(), "--", *command]
    try:
        limit = TIME_LIMIT_SECONDS + 10
        return subprocess.run(jail, capture_output=True, text=True, env={}, stdin=subprocess.DEVNULL, timeout=limit)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailure(
            f"nsjail at {nsjail} does not run ({error}). Run `build.py nsjail` or pass another --nsjail."
        ) from error


def _problems(report: dict[str, Any]) -> list[str]:
    root = report["root"]
    problems = [
        f"cannot use {name} ({reason})" for name, reason in report["failed"].items() if _is_required(name, report)
    ]
    for fact in ("writable", "executable", "setuid", "dangling"):
        if root[fact]:
            problems.append(f"{len(root[fact])} paths are {fact}, such as {root[fact][0]}")
    if report["withoutBytecode"]:
        problems.append(f"no bytecode for {', '.join(report['withoutBytecode'][:5])}")
    if report["prefix"] != "/usr":
        problems.append(f"the interpreter takes {report['prefix']} for its prefix instead of /usr")
    return problems


def _is_required(name: str, report: dict[str, Any]) -> bool:
    return name in REQUIRED or name in ("sqlite3", "ssl", "ctypes", "decimal", "zoneinfo")


def _summary(report: dict[str, Any]) -> str:
    loaded = f", imports pandas in {report['importMs']['pandas']} ms" if "pandas" in report["importMs"] else ""
    facts = f"{report['root']['files']} files, none writable, none executable but the interpreter"
    return f"checked in a jail: Python {report['version']}{loaded}, {facts}"


def _notes(report: dict[str, Any]) -> list[str]:
    notes = [f"this Python was built without {name}" for name in report["absent"]]
    notes += [
        f"cannot be imported in the jail: {name} ({why})"
        for name, why in report["failed"].items()
        if not _is_required(name, report)
    ]
    return notes


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + done.stdout).strip().splitlines() if not line.startswith("PROBE ")]
    errors = [line for line in lines if line.startswith(("[E]", "[F]"))]
    return " / ".join((errors or lines)[-3:]) or f"exit code {done.returncode} without a message"

"""Compiles Python files ahead of time; called for the standard library, the packages and the runner.

The jail's root is read-only, so what is not compiled here is compiled anew by every zygote: `import pandas` took
1.9 s instead of 0.33 s. Hash-based bytecode that is never checked survives copies that change file times.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from .failures import BuildFailure
from .interpreter import Interpreter


def compile_folder(interpreter: Interpreter, folder: Path, seen_as: str, must_succeed: bool) -> list[str]:
    """Compiles all below `folder` on all cores, with `seen_as` (a jail path) as its place in tracebacks.

    Returns the files that do not compile (packages ship templates); with `must_succeed` they are a BuildFailure.
    """
    return _compile(interpreter, [str(folder)], folder, seen_as, must_succeed)


def compile_missing(interpreter: Interpreter, folder: Path, seen_as: str) -> list[str]:
    """Compiles only what has no bytecode yet; returns the files that do not compile."""
    lacking = [
        str(source)
        for source in folder.rglob("*.py")
        if not (source.parent / "__pycache__" / f"{source.stem}.{interpreter.cache_tag}.pyc").is_file()
    ]
    return _compile(interpreter, lacking, folder, seen_as, must_succeed=False) if lacking else []


def _compile(interpreter: Interpreter, targets: list[str], strip: Path, seen_as: str, must_succeed: bool) -> list[str]:
    options = ["-q", "-j", "0", "-o", "0", "--invalidation-mode", "unchecked-hash", "-s", str(strip), "-p", seen_as]
    # The list goes through standard input: thousands of paths do not fit into an argument list.
    command = [str(interpreter.executable), "-I", "-S", "-B", "-m", "compileall", *options, "-i", "-"]
    done = _run_with_workers(command, "\n".join(targets))
    failed = [line for line in done.stdout.splitlines() if line.startswith("*** Error compiling")]
    if done.returncode != 0 and (must_succeed or not failed):
        reason = (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"
        raise BuildFailure(f"Compiling {strip} failed: {reason}")
    return [line.removeprefix("*** Error compiling ").rstrip(".").strip("'") for line in failed]


def _run_with_workers(command: list[str], standard_input: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that starts workers of its own, and leaves none of them behind when this program is stopped.

    The workers would wait for ever for one who has died, so the whole process group is ended.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, process_group=0) as process:
        try:
            output, errors = process.communicate(standard_input)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)

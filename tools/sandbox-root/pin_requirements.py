"""Turns a uv lock into requirements with hashes of usable wheels only; run by hand when a version changes.

    uv pip compile --universal --python-version 3.11 --generate-hashes --format pylock.toml -o pylock.toml wanted.in
    python3 tools/sandbox-root/pin_requirements.py pylock.toml > apps/runner/requirements.txt

tools/checks/python-requirements.txt is made in the same way, with a header of its own.

uv alone lists the hashes of every file, source archives and Windows included; a hash in the file is a permission to
install that file, so only those that the set-up may install are kept. No addresses are written.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

USABLE_WHEEL = re.compile(
    r"-(?:cp3(?:11|12|13|14)-cp3(?:11|12|13|14)|cp3(?:\d|1[0-4])-abi3|(?:py2\.)?py3-none)"
    r"-(?:manylinux\S*_(?:x86_64|aarch64)|macosx\S*|any)\.whl$"
)

HEADER = """\
# What user scripts can import besides the standard library: exact versions, installed with --require-hashes.
# Hashes: wheels for CPython 3.11 to 3.14 on Linux (glibc, x86_64 and aarch64) and macOS, nothing else.
# To change a version, write the pins alone into a file `wanted.in` and follow tools/sandbox-root/pin_requirements.py.
# Packages of your own go into a second file of this form, see `--extra-requirements` of tools/sandbox-root/build.py.
"""


def usable_wheels(package: dict[str, Any]) -> list[tuple[str, str]]:
    """(file name, sha256) of the package's wheels that fit, sorted by name."""
    wheels = (
        (wheel.get("name") or wheel["url"].rsplit("/", 1)[-1], wheel["hashes"]["sha256"])
        for wheel in package.get("wheels", [])
    )
    return sorted(wheel for wheel in wheels if USABLE_WHEEL.search(wheel[0]))


def requirements_text(lock: dict[str, Any]) -> str:
    """The whole requirements file. Raises ValueError for a package that has no fitting wheel."""
    parts = [HEADER]
    for package in sorted(lock["packages"], key=lambda entry: str(entry["name"])):
        wheels = usable_wheels(package)
        if not wheels:
            raise ValueError(
                f"{package['name']} {package['version']} has no wheel that pycell can use: choose another version"
            )
        marker = f" ; {package['marker']}" if package.get("marker") else ""
        lines = [f"{package['name']}=={package['version']}{marker}"]
        lines += [f"    --hash=sha256:{digest}" for _, digest in wheels]
        parts.append(" \\\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: pin_requirements.py pylock.toml > requirements.txt")
    sys.stdout.write(requirements_text(tomllib.loads(Path(sys.argv[1]).read_text())))

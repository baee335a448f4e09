"""Writes down what is in a folder of packages or in a sandbox root: `packages.json` and `/sandbox.json`.

The API reads them to answer `GET /` with the versions that scripts really get.
"""

from __future__ import annotations

import json
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from .interpreter import Interpreter

FORMAT = 2
PACKAGES_MANIFEST = "packages.json"
ROOT_MANIFEST = "sandbox.json"


def installed_packages(folder: Path) -> list[dict[str, str]]:
    """Name and version of each installed distribution, sorted by name."""
    packages = []
    for metadata in folder.glob("*.dist-info/METADATA"):
        header = HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"), headersonly=True)
        packages.append({"name": header["Name"], "version": header["Version"]})
    return sorted(packages, key=lambda package: package["name"].lower())


def importable_modules(folder: Path) -> list[str]:
    """Top-level names that scripts can import, from the lists of installed files."""
    names: set[str] = set()
    for record in folder.glob("*.dist-info/RECORD"):
        for line in record.read_text(encoding="utf-8").splitlines():
            path = line.split(",", 1)[0].strip('"')
            top, _, below = path.partition("/")
            # A folder with a dot is no package (numpy.libs holds libraries), a file's name ends at its first dot.
            name = top if below else top.split(".", 1)[0]
            if path.endswith((".py", ".so")) and name.isidentifier() and (folder / top).exists():
                names.add(name)
    return sorted(names)


def standard_modules(interpreter: Interpreter, stdlib: Path) -> list[str]:
    """Public names of the standard library that can be imported where `stdlib` is its folder."""
    files = [*stdlib.iterdir(), *(stdlib / "lib-dynload").glob("*.so")]
    if stdlib == interpreter.stdlib:
        files += interpreter.dynload.glob("*.so")
    there = {file.name.split(".", 1)[0] for file in files if file.is_dir() or file.suffix in (".py", ".so")}
    return [name for name in interpreter.standard_modules if name in there or name in interpreter.builtin_modules]


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest at `path`; empty where there is none, or none that this version can read: then it is made anew."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else {}


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Writes `manifest` in one step, so that a reader never sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(json.dumps({"format": FORMAT, **manifest}, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)

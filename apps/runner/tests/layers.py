"""Reads the imports of the runner's modules and finds those that point upward, circles, and folders without a place."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator, Sequence

PACKAGE = "pycell_runner"

#: The folders of the package, from top to ground: a module imports from its own folder and from those below.
LAYERS = ("supervisor", "zygote", "run", "validation", "hints", "result", "profiles", "kernel", "protocol")
#: Modules beside the folders: the package itself needs them before it can load any other. They import none of ours.
GROUND = ("own_builtins",)


def find_faults(package: Path, layers: Sequence[str] = LAYERS, ground: Sequence[str] = GROUND) -> list[str]:
    """Return what breaks the order of the package's folders, in words; empty when it holds."""
    present = {path.name for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}
    present |= {path.stem for path in package.glob("*.py")} - {"__init__"}
    faults = [f"{name} has no place in the order" for name in sorted(present.difference(layers, ground))]
    faults += [f"{name} has a place in the order but is not there" for name in (*layers, *ground) if name not in present]
    imports = {_module_name(package, path): sorted(set(_imports_of(package, path))) for path in sorted(package.rglob("*.py"))}
    ranks = {name: rank for rank, name in enumerate((*layers, *ground))}
    for module, imported in imports.items():
        folder = _folder(module)
        for other in imported:
            if folder is None:
                is_upward = _folder(other) not in ground
            else:
                is_upward = ranks.get(_folder(other) or "", -1) < ranks.get(folder, -1)
            if is_upward:
                faults.append(f"{module} imports {other}, which lies above it")
    return faults + [f"circle: {' -> '.join(circle)}" for circle in _circles(imports)]


def _folder(module: str) -> str | None:
    """The folder, or the ground module, that a module belongs to; None for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def _module_name(package: Path, path: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports_of(package: Path, path: Path) -> Iterator[str]:
    """Yield the modules of the package that a file imports, wherever in the file it does."""
    inside = [package.name, *path.relative_to(package).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] == package.name)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            if origin.partition(".")[0] == package.name:
                for alias in node.names:
                    name = f"{origin}.{alias.name}"
                    yield name if _is_module(package, name) else origin


def _is_module(package: Path, name: str) -> bool:
    path = package.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").is_file()


def _circles(imports: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield each circle of modules, as far as a walk from every module meets one."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> Iterator[list[str]]:
        if module in way:
            yield [*way[way.index(module) :], module]
        elif module not in done:
            for other in imports.get(module, []):
                yield from walk(other, [*way, module])
            done.add(module)

    for module in imports:
        yield from walk(module, [])

"""`build.py root`: decides what of the sandbox root is to be made anew, makes it, checks it and puts it in place."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import BuildFailure, UnsupportedPlatform
from .fingerprint import builder_sources, fingerprint, interpreter_state, library_state
from .interpreter import Interpreter
from .manifest import PACKAGES_MANIFEST, ROOT_MANIFEST, read_manifest, standard_modules, write_manifest
from .progress import Progress
from .publication import Publication, locked_publication
from .root_assembly import JAIL_INTERPRETER, RootAssembly
from .runner_replacement import replace_runner, runner_inputs
from .self_check import HostCannotJail, check_root
from .shared_libraries import Loader, loader_of
from .tree import first_unwalkable, measure, open_folder, seal_tree


@dataclass(frozen=True)
class RootRequest:
    """What `build.py root` was asked for; without `runner` the root holds none, without `nsjail` it stays unchecked."""

    interpreter: Interpreter
    packages: Path
    output: Path
    runner: Path | None
    nsjail: Path | None


def build_root(request: RootRequest, progress: Progress) -> None:
    """Makes `request.output` a root of these inputs, doing only what is needed. Raises BuildFailure."""
    _refuse_unsuitable_place(request.output)
    packages = _packages_manifest(request)
    runner = runner_inputs(request.runner)
    inputs = _inputs(request, packages)
    with locked_publication(request.output, ROOT_MANIFEST, progress) as publication:
        current = read_manifest(publication.output / ROOT_MANIFEST)
        if current.get("inputs") != inputs or not _libraries_are_current(request, current):
            _build_anew(request, packages, {"inputs": inputs, "runner": runner}, publication, progress)
            return
        if current.get("runner") == runner and (current.get("checked") or request.nsjail is None):
            progress.note(f"the sandbox root is up to date: {publication.output}")
            return
        if current.get("runner") != runner:
            with progress.step("replacing the runner"):
                replace_runner(request.interpreter, request.runner, publication.output)
                current = {**current, "runner": runner}
                _rewrite_manifest(publication.output, current)
        if not current.get("checked") and request.nsjail is not None:
            checked = _check(request, publication.output, current, progress)
            _rewrite_manifest(publication.output, {**current, "checked": checked})


def _build_anew(
    request: RootRequest, packages: dict[str, Any], state: dict[str, str], publication: Publication, progress: Progress
) -> None:
    staging = publication.start()
    assembly = RootAssembly(staging, request.interpreter, progress)
    assembly.build(request.packages, request.runner)
    names = sorted(assembly.libraries)
    manifest: dict[str, Any] = {
        "python": request.interpreter.describe(),
        "interpreter": JAIL_INTERPRETER,
        "sitePackages": request.interpreter.jail_site_packages,
        "packages": packages["packages"],
        "modules": packages["modules"],
        "standardModules": standard_modules(request.interpreter, staging / request.interpreter.jail_stdlib.lstrip("/")),
        **state,
        "executables": sorted(assembly.executables),
        "libraries": {"names": names, "state": _library_state(request.interpreter, names)},
        "checked": False,
    }
    write_manifest(staging / ROOT_MANIFEST, manifest)
    with progress.step("sealing"):
        seal_tree(staging, assembly.executables)
    if _check(request, staging, manifest, progress):
        _rewrite_manifest(staging, {**manifest, "checked": True})
    files, size = measure(staging)
    publication.publish(staging)
    progress.note(f"the sandbox root is ready: {publication.output} ({files} files, {size / 1e6:.0f} MB)")


def _refuse_unsuitable_place(output: Path) -> None:
    if platform.system() != "Linux":
        raise UnsupportedPlatform(
            f"A sandbox root needs Linux; this is {platform.system()}. Use local mode (BUILD=local) here."
        )
    closed = first_unwalkable(output)
    # An ordinary user's jail runs under the user's own id, which walks where the user walks.
    if closed is not None and os.geteuid() == 0:
        raise BuildFailure(
            f"The sandbox root cannot lie at {output}: other users may not enter {closed}, "
            "and the jail's ids are such users. "
            "Set SANDBOX_ROOT to a folder elsewhere, for example below /var/lib."
        )


def _packages_manifest(request: RootRequest) -> dict[str, Any]:
    manifest = read_manifest(request.packages / PACKAGES_MANIFEST)
    if not manifest:
        raise BuildFailure(
            f"{request.packages} has no {PACKAGES_MANIFEST}. "
            f"Make it first: build.py packages --output {request.packages}"
        )
    if manifest["cacheTag"] != request.interpreter.cache_tag:
        raise BuildFailure(
            f"{request.packages} was installed for {manifest['cacheTag']}, but {request.interpreter.executable} is "
            f"{request.interpreter.cache_tag}. Run build.py packages with the same interpreter."
        )
    return manifest


def _inputs(request: RootRequest, packages: dict[str, Any]) -> str:
    return fingerprint(
        {
            "builder": builder_sources(),
            "interpreter": interpreter_state(request.interpreter),
            "packages": [packages["inputs"], packages["packages"], packages["modules"]],
        }
    )


def _libraries_are_current(request: RootRequest, current: dict[str, Any]) -> bool:
    libraries = current["libraries"]
    return bool(libraries["state"] == _library_state(request.interpreter, libraries["names"]))


def _library_state(interpreter: Interpreter, names: list[str]) -> str:
    loader = loader_of(interpreter.executable)
    return library_state({**Loader(loader).find(interpreter.executable, names), "loader": Path(loader)})


def _check(request: RootRequest, root: Path, manifest: dict[str, Any], progress: Progress) -> bool:
    """True when checked and good, False when this host cannot check. Raises BuildFailure for a bad root."""
    if request.nsjail is None:
        progress.note("built but unchecked: no --nsjail was given")
        return False
    try:
        with progress.step("checking the root in a jail"):
            checked = check_root(
                request.nsjail, root, manifest["sitePackages"], manifest["modules"], manifest["executables"]
            )
    except HostCannotJail as refusal:
        progress.note(f"built but unchecked: nsjail does not work on this host ({refusal})")
        return False
    for note in (checked.summary, *checked.notes):
        progress.note(note)
    return True


def _rewrite_manifest(root: Path, manifest: dict[str, Any]) -> None:
    open_folder(root)
    try:
        write_manifest(root / ROOT_MANIFEST, manifest)
        (root / ROOT_MANIFEST).chmod(0o444)
    finally:
        root.chmod(0o555)

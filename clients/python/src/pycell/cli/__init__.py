"""The command `pycell`; README.md has its options and exit codes."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

from ..errors import PycellError
from .arguments import UsageProblem, parser
from .exit_codes import ExitCode, exit_code_of
from .reports import show_error
from .run_command import run
from .terminal import Output, OutputLost
from .validate_command import validate


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process, and return its exit code."""
    arguments = parser().parse_args(argv)
    out = Output(sys.stdout)
    err = Output(sys.stderr, beside=out)
    try:
        return _ended(arguments, out, err)
    except OutputLost as lost:
        if lost.is_left:
            return ExitCode.PIPE_CLOSED
        with suppress(OutputLost):
            err.line(f"pycell: The output cannot be written: {lost}")
        return ExitCode.NOT_WRITTEN


def _ended(arguments: argparse.Namespace, out: Output, err: Output) -> ExitCode:
    try:
        return (run if arguments.command == "run" else validate)(arguments, out, err)
    except (UsageProblem, ValueError) as problem:
        # ValueError: what cannot be sent, and a URL or a key that is none.
        err.line(f"pycell: {problem}")
        return ExitCode.USAGE
    except PycellError as error:
        show_error(error, err)
        return exit_code_of(error)
    except KeyboardInterrupt:
        err.line("pycell: cancelled")
        return ExitCode.INTERRUPTED
    except OutputLost:
        raise
    except Exception as fault:
        # Not 1, by which Python ends: that says that the script failed.
        err.line(traceback.format_exc())
        err.line(f"pycell: this is a fault of the command itself ({type(fault).__name__}), and not of the script")
        return ExitCode.FAULT

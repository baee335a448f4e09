"""The command `pycell`; README.md has its options and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ..errors import PycellError
from .arguments import UsageProblem, parser
from .exit_codes import ExitCode, exit_code_of
from .reports import show_error
from .run_command import run
from .terminal import Output
from .validate_command import validate


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process, and return its exit code."""
    arguments = parser().parse_args(argv)
    out, err = Output(sys.stdout), Output(sys.stderr)
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
    except BrokenPipeError:
        # Python would write what is left once more when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PIPE_CLOSED

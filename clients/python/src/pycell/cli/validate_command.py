"""`pycell validate`: describes a script without running it."""

from __future__ import annotations

import argparse

from .._json_text import json_text
from .._sync import Client
from ..types import ValidateResponse
from .arguments import read_script
from .exit_codes import ExitCode
from .reports import wire_form
from .terminal import Output


def validate(arguments: argparse.Namespace, out: Output, err: Output) -> ExitCode:
    """Run the command. Raises UsageProblem and PycellError."""
    script = read_script(arguments)
    with Client(arguments.url) as client:
        described = client.validate(script, arguments.mode)
    if arguments.json:
        out.line(json_text(wire_form(described)))
    else:
        _show(arguments.script, described, out)
    return ExitCode.SUCCESS if described.valid else ExitCode.SCRIPT_FAILED


def _show(name: str, described: ValidateResponse, out: Output) -> None:
    for violation in described.violations:
        out.line(f"{name}:{violation.line}:{violation.column}: {violation.message}")
        if violation.hint:
            out.line(f"  {violation.hint}")
    problem = described.syntax_error
    if problem is not None:
        place = "" if problem.line is None else f":{problem.line}:{problem.column or 1}"
        out.line(f"{name}{place}: {problem.error}")
        if problem.hint:
            out.line(f"  {problem.hint}")
    for missing in described.imports.missing:
        nearest = f", {missing.nearest!r} is" if missing.nearest else ""
        out.line(f"{name}: the module {missing.name!r} is not there{nearest}")
    main = described.main
    if main is not None:
        out.line(f"{name}: {'async ' if main.is_async else ''}main takes {json_text(main.parameters)}")
    elif problem is None and not described.valid and not described.violations:
        out.line(f"{name}: there is no top-level main(), which mode function calls")
    if described.valid:
        out.line(f"{name}: valid")

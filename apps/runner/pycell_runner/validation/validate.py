"""Describes a script without executing it. Called by the run, in a process that holds no other script.

The text is hostile: every part bounds what it reads and what it writes, and a script that is too much for one of them
gets an entry like that of a syntax error.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import fields, replace
from typing import Any, Final, Literal

from ..hints import syntax
from ..hints.hint import Scene
from ..protocol.request import RunLimits
from ..result import failure, json_text
from ..result.failure import SCRIPT_NAME, Failure
from ..result.source_text import source_lines
from .imports import describe_imports
from .main_function import describe_main
from .scope import Scope

#: Hints for syntax errors speak of no limit.
_NO_LIMITS: Final = RunLimits(*[0] * len(fields(RunLimits)))


def validate(script: str, mode: Literal["function", "script"]) -> bytes:
    """Return the JSON text that describes the script; it never raises an Exception.

    It has `syntaxError` (`error`, `line`, `column`, `hint`, or null), `imports` (`known`, and `missing` with `name` and
    `nearest`) and `main` (`async`, `doc`, `parameters` as JSON Schema of the request's inputs, or null; in mode
    `script` always null).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the compiler: they are for the run
        refusal = _syntax_error(script)
        if refusal is None:
            try:
                return json_text.encode_json(_description(script, mode))
            except (RecursionError, MemoryError) as error:
                refusal = failure.describe_compiler_limit(error)
            except Exception as error:  # a fault of ours: it must not look like one of the service
                refusal = Failure("SYNTAX_ERROR", f"{type(error).__name__}: the script could not be described")
    return json_text.encode_json(_refused(refusal))


def _syntax_error(script: str) -> Failure | None:
    """Return why CPython does not accept the script, as a run of it would say."""
    try:
        compile(script, SCRIPT_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = source_lines(script)
        described = failure.describe_syntax_error(error, script, lines)
        return replace(described, hint=syntax.hint_for(error, Scene(lines, _NO_LIMITS, described.line)))
    except Exception as error:  # the compiler's limits; null bytes
        return failure.describe_compiler_limit(error)
    return None


def _description(script: str, mode: Literal["function", "script"]) -> dict[str, Any]:
    body = ast.parse(script, SCRIPT_NAME).body
    main = describe_main(Scope(body, ":=" in script)) if mode == "function" else None
    return {"syntaxError": None, "imports": describe_imports(body), "main": main}


def _refused(refusal: Failure) -> dict[str, Any]:
    return {
        "syntaxError": {"error": refusal.message, "line": refusal.line, "column": refusal.column, "hint": refusal.hint},
        "imports": {"known": [], "missing": []},
        "main": None,
    }

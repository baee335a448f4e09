"""What a component shows of Python's warnings. Called by the run, before the script is compiled."""

from __future__ import annotations

import warnings

from ..result.failure import SCRIPT_MODULE


def hide_warnings_of_modules() -> None:
    """Hide what CPython shows of a program and not of a module that was compiled before, as components are elsewhere.

    These are warnings for whoever maintains the code. Who calls a component may take any text on stderr for its failure.
    """
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=rf"{SCRIPT_MODULE}\Z")
    warnings.filterwarnings("ignore", message=r".*invalid (octal )?escape sequence", category=SyntaxWarning)

"""The inputs of a request, as the arguments of `main` or as global names. Called by the run.

What a script may break is taken when these modules are loaded. Those who call `arguments_for` have executed the
script's module by then: whatever it does in there, it is refused by InvalidInputs, or its main is called with what
was sent.
"""

from __future__ import annotations

from .binding import arguments_for, needs_no_binding
from .document import parse_inputs
from .global_names import globals_for
from .refusal import InvalidInputs

__all__ = ("InvalidInputs", "arguments_for", "globals_for", "needs_no_binding", "parse_inputs")

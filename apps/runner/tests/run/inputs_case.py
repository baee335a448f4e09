"""What the tests of inputs share: a script is executed here, and its main bound as a run does it."""

from __future__ import annotations

import unittest
from typing import Any

from pycell_runner.run.inputs import InvalidInputs, arguments_for, parse_inputs


def namespace_of(script: str) -> dict[str, Any]:
    """Execute the module of a script and return what it defined."""
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(script, "script.py", "exec", dont_inherit=True), namespace)
    return namespace


def bind(script: str, inputs: str | None) -> dict[str, Any]:
    """Return the arguments for the script's main."""
    namespace = namespace_of(script)
    text = None if inputs is None else inputs.encode("utf-8", "surrogatepass")
    return arguments_for(namespace["main"], None if text is None else parse_inputs(text), text, namespace)


class InputsCase(unittest.TestCase):
    def assert_bound(self, script: str, inputs: str | None, expected: dict[str, Any]) -> None:
        """Compare the values, and their types, which `==` does not."""
        bound = bind(script, inputs)
        self.assertEqual(bound, expected)
        self.assertEqual([(key, type(value)) for key, value in bound.items()], [(key, type(value)) for key, value in expected.items()])

    def refused(self, script: str, inputs: str | None) -> InvalidInputs:
        """Return the refusal, the texts of which are bounded."""
        with self.assertRaises(InvalidInputs) as caught:
            bind(script, inputs)
        refusal = caught.exception
        self.assertLessEqual(len(refusal.message), 4_000)
        self.assertLessEqual(len(refusal.hint), 600)
        return refusal

    def assert_refused(self, script: str, inputs: str | None, message: str, hint: str) -> None:
        refusal = self.refused(script, inputs)
        self.assertEqual((refusal.message, refusal.hint), (message, hint))

"""Every module of the runner, in whichever folder, has built-in names that no script can replace."""

from __future__ import annotations

import builtins
import importlib
import json
import pkgutil
import subprocess
import sys
import unittest
from types import FunctionType, ModuleType
from typing import Iterator

import pycell_runner
from pycell_runner import own_builtins

from .driver import RUNNER

_OWN = vars(own_builtins)["_OWN"]


def _modules() -> Iterator[ModuleType]:
    """Import and yield every module that own_builtins is to cover."""
    for found in pkgutil.walk_packages(pycell_runner.__path__, "pycell_runner."):
        if found.name != own_builtins.__name__:  # it makes them
            yield importlib.import_module(found.name)


class OwnBuiltins(unittest.TestCase):
    def test_are_those_of_every_module_and_of_every_function(self) -> None:
        names = []
        for module in _modules():
            names.append(module.__name__)
            self.assertIs(vars(module)["__builtins__"], _OWN, module.__name__)
            for value in vars(module).values():
                if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                    self.assertIs(value.__builtins__, _OWN, value.__qualname__)  # type: ignore[attr-defined]
        # Some of each depth: a folder, and a module in it.
        self.assertIn("pycell_runner.result", names)
        self.assertIn("pycell_runner.result.conversion", names)

    def test_are_not_those_of_others(self) -> None:
        self.assertIsNot(_OWN, vars(builtins))
        self.assertIsNot(vars(json)["__builtins__"], _OWN)

    def test_hold_when_all_built_in_names_are_gone(self) -> None:
        program = (
            f"import sys; sys.path.insert(0, {str(RUNNER)!r})\n"
            "from pycell_runner.result.conversion import Converter\n"
            "from pycell_runner.result.json_text import encode_json\n"
            "import builtins, os\n"
            "write, value = os.write, {'a': [1, (2.5, 'x')]}\n"
            "vars(builtins).clear()\n"
            "write(1, encode_json(Converter(9).plain(value)))\n"
        )
        done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], capture_output=True, text=True)
        self.assertEqual(done.stdout, '{"a": [1, [2.5, "x"]]}', done.stderr)


if __name__ == "__main__":
    unittest.main()

"""What a zygote loads and warms up, so that no run has to. Called by the zygote's program, before its first fork.

Whatever is imported for the first time after the fork costs each run again: one `import random` in every run took a
third of the throughput.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields
from typing import Any, Final

from ..protocol.contract import RESULT_DEPTH
from ..protocol.request import RunLimits, RunRequest
from ..result import failure, json_text
from ..result.conversion import Converter
from ..run.execution import execute

#: What scripts use most of the standard library. Not asyncio: 4 MB that most runs would only have to copy.
_STANDARD_MODULES: Final = (
    "abc", "array", "base64", "bisect", "calendar", "cmath", "collections", "collections.abc", "contextlib", "copy",
    "csv", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "io",
    "itertools", "json", "locale", "math", "numbers", "operator", "pprint", "random", "re", "secrets", "statistics",
    "string", "struct", "textwrap", "threading", "time", "traceback", "types", "typing", "unicodedata", "uuid",
    "warnings", "weakref", "zlib", "zoneinfo",
)  # fmt: skip

_HELLO: Final = 'def main():\n    print("Hello")\n    return {"message": "Hello", "items": [1, 2.5, None, True]}\n'
#: The usual first steps with a table. Each makes pandas and numpy import and set up something of their own.
_TABLE: Final = """
import numpy as np
import pandas as pd

def main():
    frame = pd.DataFrame({"group": list("abcd") * 250, "value": np.arange(1000.0), "n": range(1000)})
    print(frame.head())
    print(frame["value"].describe())
    return frame.groupby("group")["value"].mean()
"""
_MORE_TABLES: Final = """
import io
import numpy as np
import pandas as pd

def main():
    frame = pd.DataFrame({"k": list("abca"), "v": np.arange(4.0), "when": pd.date_range("2024-01-01", periods=4)})
    frame.to_csv(io.StringIO())
    pd.read_csv(io.StringIO("a,b\\n1,x\\n2,y\\n"))
    frame.merge(frame, on="k").sort_values("v_x").pivot_table(index="k", values="v_x", aggfunc="sum")
    frame.set_index("when")["v"].resample("2D").sum().rolling(2).mean()
    frame.groupby("k").agg({"v": ["sum", "mean"]}).reset_index()
    frame.query("k == 'a'")
    frame.info(buf=io.StringIO())
    str(frame.dtypes), frame.to_dict("records"), frame.to_json(), frame["k"].str.upper().value_counts()
    frame.describe(), frame.fillna(0), frame.apply(lambda row: row["v"], axis=1), pd.concat([frame, frame])
    np.linalg.inv(np.eye(3)), np.fft.fft(np.ones(8)), np.polyfit([1, 2, 3], [1, 2, 3], 1), np.corrcoef(np.eye(3))
    np.random.rand(2), np.random.default_rng(0).normal(size=3), repr(np.arange(3.0))
    return [frame, frame.set_index("when"), frame.groupby(["k", "when"]).agg({"v": ["sum"]})]
"""

#: Generous: these scripts are ours.
_LIMITS: Final = RunLimits(*[1 << 30] * len(fields(RunLimits)))


def load_standard_modules() -> None:
    """Import what scripts use most."""
    for name in _STANDARD_MODULES:
        importlib.import_module(name)


def load_packages(folder: str) -> list[str]:
    """Import every package in the folder that can be imported; return their names."""
    loaded = []
    for name in _importable_names(folder):
        # A package may print, warn, or fail because the sandbox lacks something: then scripts cannot use it either.
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(name)
            except (Exception, SystemExit):  # whatever it is, a script that imports this meets it too
                continue
        loaded.append(name)
    return loaded


def _importable_names(folder: str) -> list[str]:
    names = []
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        name = entry.removesuffix(".py")
        is_module = name != entry or os.path.isfile(os.path.join(path, "__init__.py"))
        if is_module and name.isidentifier() and not name.startswith("_"):
            names.append(name)
    return names


def warm_up(with_packages: bool) -> None:
    """Execute what runs execute, for the sake of what is imported and set up the first time."""
    with redirect_stdout(io.StringIO()):
        for value in ({"a": [1, 2.5, "x", None]}, [{"b": (True,)}]):
            json_text.encode_json(Converter(RESULT_DEPTH).plain(value))
        try:
            dict[str, int]()["missing"]
        except KeyError as error:
            failure.describe(error, []).to_outcome()
        if with_packages:
            for script in (_TABLE, _MORE_TABLES):
                _execute_here(script)


def _execute_here(script: str) -> None:
    namespace: dict[str, Any] = {"__name__": "script"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(script, "script.py", "exec", dont_inherit=True), namespace)
            json_text.encode_json(Converter(RESULT_DEPTH).plain(namespace["main"]()))
        except Exception as error:  # another version of a package, or none: the first runs are slower, nothing else
            print(f"could not warm up: {error!r}", file=sys.stderr, flush=True)


def samples(with_packages: bool) -> list[str]:
    """Return typical scripts, small ones."""
    return [_HELLO, _TABLE] if with_packages else [_HELLO]


def run_sample(with_packages: bool) -> None:
    """Do what a typical run does. Call in a process that ends afterwards: the interpreter is not put in order again."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    execute(RunRequest(_TABLE if with_packages else _HELLO, "function", _LIMITS))

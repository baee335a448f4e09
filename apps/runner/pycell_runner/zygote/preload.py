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
from typing import Any, Final, Mapping, Sequence

from ..protocol.contract import RESULT_DEPTH
from ..protocol.request import RunLimits, RunRequest
from ..protocol.zygote_messages import ZygoteKind
from ..result import failure, json_text
from ..result.conversion import Converter
from ..run import artifacts
from ..run.execution import execute
from ..run.matplotlib_settings import MatplotlibSettings
from . import figures
from .samples import FIGURE, HELLO, MORE_FIGURES, MORE_TABLES, TABLE

#: What scripts use most of the standard library. Not asyncio: 4 MB that most runs would only have to copy.
_STANDARD_MODULES: Final = (
    "abc", "array", "base64", "bisect", "calendar", "cmath", "collections", "collections.abc", "contextlib", "copy",
    "csv", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "io",
    "itertools", "json", "locale", "math", "numbers", "operator", "pprint", "random", "re", "secrets", "statistics",
    "string", "struct", "textwrap", "threading", "time", "traceback", "types", "typing", "unicodedata", "uuid",
    "warnings", "weakref", "zlib", "zoneinfo",
)  # fmt: skip

#: Packages that no zygote loads: few scripts render templates, and those load them in some 30 ms.
_LEFT_TO_SCRIPTS: Final = frozenset({"jinja2", "markupsafe"})

_SAMPLES: Final[Mapping[ZygoteKind, Sequence[str]]] = {
    ZygoteKind.BARE: (HELLO,),
    ZygoteKind.PACKAGES: (HELLO, TABLE),
    ZygoteKind.FIGURES: (HELLO, TABLE, FIGURE),
}
_WARM_UP: Final[Mapping[ZygoteKind, Sequence[str]]] = {
    ZygoteKind.BARE: (),
    ZygoteKind.PACKAGES: (TABLE, MORE_TABLES),
    ZygoteKind.FIGURES: (TABLE, MORE_TABLES, FIGURE, MORE_FIGURES),
}

#: As often as CPython waits before it specialises an instruction, and some. A figure has many parts that are drawn alike.
_REHEARSALS: Final[Mapping[ZygoteKind, int]] = {ZygoteKind.BARE: 20, ZygoteKind.PACKAGES: 20, ZygoteKind.FIGURES: 5}

#: Nothing is closed where there is no folder to read files from.
_NO_CONNECTION: Final = -1
#: Generous: these scripts are ours.
_LIMITS: Final = RunLimits(*[1 << 30] * len(fields(RunLimits)))


def load_standard_modules() -> None:
    """Import what scripts use most."""
    for name in _STANDARD_MODULES:
        importlib.import_module(name)


def load_packages(folder: str, kind: ZygoteKind) -> list[str]:
    """Import each package in the folder that a zygote of this kind has, where it can be imported; return their names."""
    if kind is ZygoteKind.BARE:
        return []
    others = set(_LEFT_TO_SCRIPTS)
    if kind is not ZygoteKind.FIGURES:
        others.update(figures.figures_modules(folder))
    # One of the operator's may import matplotlib, too; and any may print or warn.
    with (
        MatplotlibSettings(folder),
        warnings.catch_warnings(),
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        loaded = [name for name in _importable_names(folder) if name not in others and _can_import(name)]
        if kind is ZygoteKind.FIGURES:
            figures.load_submodules()
    return loaded


def _can_import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except (Exception, SystemExit):  # the sandbox lacks something: a script that imports this meets it too
        return False
    return True


def _importable_names(folder: str) -> list[str]:
    names = []
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        name = entry.removesuffix(".py")
        is_module = name != entry or os.path.isfile(os.path.join(path, "__init__.py"))
        if is_module and name.isidentifier() and not name.startswith("_"):
            names.append(name)
    return names


def warm_up(kind: ZygoteKind) -> None:
    """Execute what runs execute, for the sake of what is imported and set up the first time."""
    with redirect_stdout(io.StringIO()):
        for value in ({"a": [1, 2.5, "x", None]}, [{"b": (True,)}]):
            json_text.encode_json(Converter(RESULT_DEPTH).plain(value))
        try:
            dict[str, int]()["missing"]
        except KeyError as error:
            failure.describe(error, []).to_outcome()
        for script in _WARM_UP[kind]:
            _execute_here(script)
            _end_sample(kind)


def _execute_here(script: str) -> None:
    namespace: dict[str, Any] = {"__name__": "script"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(script, "script.py", "exec", dont_inherit=True), namespace)
            json_text.encode_json(Converter(RESULT_DEPTH).plain(namespace["main"]()))
        except Exception as error:  # another version of a package, or none: the first runs are slower, nothing else
            print(f"could not warm up: {error!r}", file=sys.stderr, flush=True)


def samples(kind: ZygoteKind) -> Sequence[str]:
    """Return typical scripts, small ones. The last one is the one that a zygote of this kind is for."""
    return _SAMPLES[kind]


def rehearsals(kind: ZygoteKind) -> int:
    """Return how often the samples are to be rehearsed."""
    return _REHEARSALS[kind]


def put_back(kind: ZygoteKind) -> None:
    """Put back what a sample has left in this process, once its end has been rehearsed."""
    if kind is ZygoteKind.FIGURES:
        figures.close_figures()


def _end_sample(kind: ZygoteKind) -> None:
    """Do in this process what a run does after its script."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            artifacts.gather(None, _NO_CONNECTION, _LIMITS)
            put_back(kind)
        except Exception as error:  # another version of matplotlib
            print(f"could not warm up: {error!r}", file=sys.stderr, flush=True)


def run_sample(kind: ZygoteKind) -> None:
    """Do what a typical run does. Call in a process that ends afterwards: the interpreter is not put in order again."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    execute(RunRequest(samples(kind)[-1], "function", _LIMITS))
    artifacts.gather(None, _NO_CONNECTION, _LIMITS)

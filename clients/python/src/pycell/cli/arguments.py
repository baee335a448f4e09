"""The command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from .._settings import DEFAULT_URL
from .._wire import WireError, parse_json

T = TypeVar("T")
_EPILOG = "The key of the service comes from PYCELL_API_KEY: other users of a machine can see arguments."


class UsageProblem(Exception):
    """The command line says something that cannot be done. The text says what."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="pycell", description="Runs Python scripts in a pycell service.", epilog=_EPILOG)
    commands = top.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("script", help="file of the script; - reads it from standard input")
    shared.add_argument("--url", help=f"of the service; else PYCELL_URL, else {DEFAULT_URL}")
    shared.add_argument("--mode", choices=("function", "script"), help="call main(), the default, or run it as a program")
    shared.add_argument("--json", action="store_true", help="print one JSON object instead")

    run = commands.add_parser("run", parents=[shared], help="run a script", epilog=_EPILOG)
    run.add_argument("--input", action="append", default=[], metavar="NAME=TEXT", help="an argument of main(), a text")
    run.add_argument("--input-json", action="append", default=[], metavar="NAME=JSON", help="one that is any JSON")
    run.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="[NAME=]PATH",
        help="a file for the script's working directory; a path with = in it needs NAME=",
    )
    run.add_argument("--stdin", metavar="FILE", help="what the script finds on standard input; - passes ours on")
    run.add_argument("--timeout", type=float, metavar="S", help="seconds that the script may take")
    run.add_argument("--memory", type=int, metavar="MB", help="MiB that the script may take")
    run.add_argument("--output", type=Path, metavar="DIR", help="write what the script leaves into this folder")

    commands.add_parser("validate", parents=[shared], help="describe a script without running it", epilog=_EPILOG)
    return top


def read_script(arguments: argparse.Namespace) -> str:
    """Return the text of the script. Raises UsageProblem."""
    # A mark at its beginning, as editors of Windows write it, is none of the text: CPython leaves it out of files.
    return _read_text(arguments.script).removeprefix("\ufeff")


def run_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what a run has besides its script. Raises UsageProblem."""
    if arguments.script == "-" and arguments.stdin == "-":
        raise UsageProblem("Standard input is the script already: give one of them as a file")
    options = {
        "inputs": _inputs(arguments.input, arguments.input_json),
        "mode": arguments.mode,
        "files": _files(arguments.file),
        "stdin": None if arguments.stdin is None else _read_text(arguments.stdin),
        "timeout_ms": _milliseconds(arguments.timeout),
        "memory_mb": arguments.memory,
    }
    return {name: value for name, value in options.items() if value is not None}


def _inputs(texts: list[str], values: list[str]) -> dict[str, Any] | None:
    inputs: dict[str, Any] = {}
    for option, given, read in (("--input", texts, str), ("--input-json", values, _json)):
        for argument in given:
            name, value = _pair(option, argument)
            if name in inputs:
                raise UsageProblem(f"The input {name!r} is given twice")
            inputs[name] = read(value)
    return inputs or None


def _pair(option: str, argument: str) -> tuple[str, str]:
    name, equals, value = argument.partition("=")
    if not (name and equals):
        raise UsageProblem(f"{option} {argument!r} must be NAME=VALUE")
    return name, value


def _json(text: str) -> Any:
    """Return a value that is sent as it is written here: with all its digits, and with no member that comes twice."""
    try:
        return parse_json(text, Decimal, _members)
    except WireError as error:
        raise UsageProblem(f"--input-json {text!r:.80} is {error}. A text goes into quotes: '\"text\"'") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise UsageProblem(f"--input-json has the member {name!r:.80} twice in one object")
        made[name] = value
    return made


def _files(given: list[str]) -> dict[str, bytes] | None:
    files: dict[str, bytes] = {}
    for argument in given:
        name, equals, path = argument.partition("=")
        if not equals:
            path, name = argument, Path(argument).name
        if not (name and path):
            raise UsageProblem(f"--file {argument!r} must be PATH or NAME=PATH")
        if name in files:
            raise UsageProblem(f"Two files are called {name!r}: --file NAME=PATH gives one another name")
        files[name] = _reading(path, lambda file: Path(file).read_bytes())
    return files or None


def _read_text(path: str) -> str:
    # As bytes: line ends stay as they are.
    if path != "-":
        return _reading(path, lambda file: Path(file).read_bytes().decode())
    if sys.stdin is None:
        raise UsageProblem("Standard input is closed: give a file instead of -")
    return _reading("standard input", lambda _: sys.stdin.buffer.read().decode())


def _reading(path: str, read: Callable[[str], T]) -> T:
    try:
        return read(path)
    except OSError as error:
        raise UsageProblem(f"Cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageProblem(f"{path} is not text in UTF-8") from None


def _milliseconds(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    if not 0.001 <= seconds <= 86_400:
        raise UsageProblem(f"--timeout must be seconds from 0.001 to 86400, not {seconds}")
    return round(seconds * 1000)

"""Makes the bodies of requests. What cannot be sent raises ValueError or TypeError that names it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypedDict

from ._json_text import json_text

Mode: TypeAlias = Literal["function", "script"]
#: Files by the names that the script finds them under: text, bytes, or a Path whose bytes are read.
Files: TypeAlias = Mapping[str, "str | bytes | Path"]


class JudgedOptions(TypedDict, total=False):
    """What a run of a batch can have besides script and inputs. See RunOptions."""

    mode: Mode
    timeout_ms: int
    memory_mb: int


class RunOptions(JudgedOptions, total=False):
    """What a run can have besides script and inputs.

    mode        "function", the default: `main(**inputs)` is called. "script": the text runs as a program
    stdin       what the script finds on standard input
    files       files for its working directory
    timeout_ms  wall time of the run, milliseconds; at most and by default what the service allows
    memory_mb   memory of the run, MiB; likewise
    """

    stdin: str
    files: Files


class StartOptions(RunOptions, total=False):
    """What an execution in the background can have besides.

    callback_url     where the service tells of its end
    idempotency_key  1 to 255 visible characters of ASCII: the same request under the same key starts one execution. By
                     default a new one for each call, which makes the client's own repetitions safe
    """

    callback_url: str
    idempotency_key: str


def run_body(script: str | Path, inputs: Mapping[str, Any] | None, options: RunOptions) -> dict[str, Any]:
    """Return the body of an execution."""
    _know(options, RunOptions.__optional_keys__)
    return _body(script, {"inputs": _object("inputs", inputs)}, options)


def batch_body(script: str | Path, inputs: Iterable[Mapping[str, Any]], options: JudgedOptions) -> dict[str, Any]:
    """Return the body of a batch."""
    listed = [_object(f"inputs[{index}]", each) for index, each in enumerate(inputs)]
    if not listed:
        raise ValueError("A batch needs at least one input")
    _know(options, JudgedOptions.__optional_keys__)
    return _body(script, {"inputs": listed}, options)


def start_body(
    script: str | Path, inputs: Mapping[str, Any] | None, options: StartOptions
) -> tuple[dict[str, Any], str | None]:
    """Return the body of an execution in the background, and the idempotency key that was chosen for it."""
    _know(options, StartOptions.__optional_keys__)
    key = options.get("idempotency_key")
    if key is not None and not (isinstance(key, str) and 1 <= len(key) <= 255 and all("!" <= each <= "~" for each in key)):
        raise ValueError("idempotency_key must be 1 to 255 visible characters of ASCII, such as a UUID")
    rest = {"inputs": _object("inputs", inputs), "callbackUrl": options.get("callback_url")}
    return _body(script, rest, options), key


def validate_body(script: str | Path, mode: Mode | None) -> dict[str, Any]:
    """Return the body of a validation."""
    options: JudgedOptions = {} if mode is None else {"mode": mode}
    return _body(script, {}, options)


def encode(body: Mapping[str, Any]) -> bytes:
    """Return the bytes of a body. They are the same for each repetition."""
    decimals: list[Decimal] = []

    def known(value: object) -> object:
        """Stand in for a Decimal, which `json` does not know."""
        if not isinstance(value, Decimal):
            raise TypeError(f"an object of type {type(value).__name__} is none of it")
        if not value.is_finite():
            raise ValueError(f"{value} is no number of JSON")
        decimals[:] = [value]
        return 0

    try:
        encoded = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=known).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"The request has half of a surrogate pair (U+{ord(error.object[error.start]):04X}), which is no text"
        ) from None
    except TypeError as error:
        raise TypeError(f"inputs must be what JSON has: {error}") from None
    except ValueError as error:
        raise ValueError(f"inputs must be what JSON has: {error}") from None
    except RecursionError:
        raise ValueError("inputs are nested too deeply") from None
    # Behind it, so that what has itself in it has been refused.
    _judge_names(body.get("inputs"))
    # Written again only where one was met, with all its digits: that is slower.
    return json_text(body, comma=",", colon=":").encode() if decimals else encoded


def _know(options: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = sorted(set(options) - known)
    if unknown:
        raise TypeError(f"Unknown option {unknown[0]!r}: there are {', '.join(sorted(known))}")


def _body(script: str | Path, rest: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    files, stdin = options.get("files"), options.get("stdin")
    if stdin is not None and not isinstance(stdin, str):
        raise TypeError(f"stdin must be str, not {type(stdin).__name__}")
    limits = {
        "timeoutMs": _whole("timeout_ms", options.get("timeout_ms")),
        "memoryMb": _whole("memory_mb", options.get("memory_mb")),
    }
    given = {name: value for name, value in limits.items() if value is not None}
    body = {
        "script": _script(script),
        "mode": options.get("mode"),
        **rest,
        "stdin": stdin,
        "files": _files(files),
        "limits": given or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _script(script: str | Path) -> str:
    if isinstance(script, str):
        return script
    if isinstance(script, os.PathLike):
        # Editors of Windows begin a file with a mark that CPython leaves out of files, and refuses in a text.
        return Path(script).read_text(encoding="utf-8-sig")
    raise TypeError(f"script must be str, its text, or a Path to it, not {type(script).__name__}")


def _object(name: str, inputs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if inputs is None:
        return None
    if not isinstance(inputs, Mapping) or not all(isinstance(key, str) for key in inputs):
        raise TypeError(f"{name} must be a dict whose keys are names (str); it is of type {type(inputs).__name__}")
    return dict(inputs)


def _judge_names(inputs: object) -> None:
    """Refuse keys that are no names, at any depth: json makes "1" of 1 and "null" of None without a word."""
    pending = [inputs]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            for name in each:
                if not isinstance(name, str):
                    raise TypeError(f"inputs have the key {name!r:.40} of type {type(name).__name__}: keys of JSON are str")
            pending.extend(each.values())
        elif isinstance(each, (list, tuple)):
            pending.extend(each)


def _whole(name: str, value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise ValueError(f"{name} must be a whole number above 0, not {value!r:.40}")


def _files(files: object) -> list[dict[str, str]] | None:
    if files is None:
        return None
    if not isinstance(files, Mapping) or not all(isinstance(name, str) for name in files):
        raise TypeError(
            "files must be a dict from the names that the script finds them under (str) to str, bytes or a Path; "
            f"it is of type {type(files).__name__}"
        )
    return [_file(name, content) for name, content in files.items()]


def _file(name: str, content: str | bytes | Path) -> dict[str, str]:
    if isinstance(content, str):
        return {"name": name, "text": content}
    if isinstance(content, os.PathLike):
        content = Path(content).read_bytes()
    if isinstance(content, (bytes, bytearray, memoryview)):
        return {"name": name, "base64": base64.b64encode(content).decode("ascii")}
    raise TypeError(f"The file {name!r} must be str, bytes or a Path, not {type(content).__name__}")

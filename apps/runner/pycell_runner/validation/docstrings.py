"""Reads what a docstring says of parameters, in the styles of Google, NumPy and reST. Called for `POST /validate`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Sequence

_MAX_LINES: Final = 1_000
_MAX_LINE_CHARACTERS: Final = 500
_MAX_SENTENCE_CHARACTERS: Final = 300

_GOOGLE_HEADERS: Final = frozenset({"args:", "arguments:", "parameters:", "params:", "keyword args:", "keyword arguments:", "inputs:"})
_NUMPY_HEADERS: Final = frozenset({"parameters", "other parameters"})
_google_entry = re.compile(r"\*{0,2}(\w+) *(?:\(([^()]*(?:\([^()]*\))?[^()]*)\))? *:(?: +(.*)|)").fullmatch
_numpy_entry = re.compile(r"(\*{0,2}\w+(?: *, *\*{0,2}\w+)*) *(?::(.*))?").fullmatch
_rest_entry = re.compile(r":(?:param|parameter|arg|argument|key|keyword) +(?:([^:]*) +)?\*{0,2}(\w+) *:(.*)").fullmatch
_rest_type = re.compile(r":type +(\w+) *:(.*)").fullmatch
_end_of_sentence = re.compile(r"(?<=[.!?])\s+(?=[A-Z])").search

#: Names of types in docstrings, those that leave no doubt.
_TYPES: Final = {
    "int": "integer",
    "integer": "integer",
    "float": "number",
    "str": "string",
    "string": "string",
    "bool": "boolean",
    "boolean": "boolean",
    "list": "array",
    "dict": "object",
}


@dataclass(slots=True)
class ParameterDoc:
    """What a docstring says of one parameter."""

    type: str | None = None
    """In JSON Schema's words; None where it is not said, or not one of the simple names."""
    text: str = ""

    @property
    def sentence(self) -> str:
        """The first sentence."""
        text = " ".join(self.text.split())
        end = _end_of_sentence(text)
        text = text[: end.start()] if end else text
        return text if len(text) <= _MAX_SENTENCE_CHARACTERS else text[: _MAX_SENTENCE_CHARACTERS - 3] + "..."


def parameter_docs(docstring: str) -> dict[str, ParameterDoc]:
    """Return what a docstring, its indentation removed, says of each parameter."""
    lines = [line[:_MAX_LINE_CHARACTERS].expandtabs().rstrip() for line in docstring.split("\n", _MAX_LINES)[:_MAX_LINES]]
    docs: dict[str, ParameterDoc] = {}
    for number, line in enumerate(lines):
        following = lines[number + 1 :] if line.lstrip(" ").lower() in _GOOGLE_HEADERS | _NUMPY_HEADERS else []
        if line.lstrip(" ").lower() in _GOOGLE_HEADERS:
            # The first line has lost its indentation.
            _read_google(following, _indent(line) if number else -1, docs)
        elif following and set(following[0].strip()) == {"-"}:
            _read_numpy(following[1:], _indent(line), docs)
    _read_rest(lines, docs)
    return docs


def _read_google(lines: Sequence[str], header_indent: int, docs: dict[str, ParameterDoc]) -> None:
    entry_indent: int | None = None
    current: ParameterDoc | None = None
    for line in lines:
        if not line:
            continue
        indent = _indent(line)
        if indent <= header_indent:
            return
        entry_indent = indent if entry_indent is None else entry_indent
        if indent > entry_indent:
            _continue(current, line)
            continue
        match = _google_entry(line.strip())
        current = docs.setdefault(match[1], ParameterDoc(_simple_type(match[2]), match[3] or "")) if match else None


def _read_numpy(lines: Sequence[str], header_indent: int, docs: dict[str, ParameterDoc]) -> None:
    current: ParameterDoc | None = None
    for number, line in enumerate(lines):
        if not line:
            continue
        indent = _indent(line)
        is_header = number + 1 < len(lines) and len(lines[number + 1]) > 2 and set(lines[number + 1].strip()) == {"-"}
        if indent < header_indent or is_header:
            return
        if indent > header_indent:
            _continue(current, line)
            continue
        match = _numpy_entry(line.strip())
        current = None
        if match:
            current = described = ParameterDoc(_simple_type(match[2]))
            docs.update((name.strip(" *"), described) for name in match[1].split(","))


def _read_rest(lines: Sequence[str], docs: dict[str, ParameterDoc]) -> None:
    current: ParameterDoc | None = None
    for line in lines:
        text = line.strip()
        entry, type_ = _rest_entry(text), _rest_type(text)
        if entry:
            current = docs.setdefault(entry[2], ParameterDoc())
            current.type = current.type or _simple_type(entry[1])
            current.text = entry[3]
        elif type_:
            current = None
            docs.setdefault(type_[1], ParameterDoc()).type = _simple_type(type_[2])
        elif text.startswith(":") or not text:
            current = None
        else:
            _continue(current, line)


def _continue(current: ParameterDoc | None, line: str) -> None:
    if current is not None and len(current.text) < _MAX_LINE_CHARACTERS:
        current.text += " " + line.strip()


def _simple_type(text: str | None) -> str | None:
    """Return the type for `int`, `int, optional`, `int, default 7` and their like."""
    return _TYPES.get((text or "").partition(",")[0].strip(" `").lower())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

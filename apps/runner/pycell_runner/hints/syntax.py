"""Hints for scripts that Python cannot read: what was pasted with them, and what is newer than this Python."""

from __future__ import annotations

import re
from typing import Final

from .hint import Row, Scene, first, python_version

_INTO_MAIN: Final = "Put the code into a function: def main(): at the top, everything below it indented, and return at its end."
#: Of the line: what only newer versions read, and since which.
_NEWER: Final = (
    (re.compile(r"^\s*(?:async\s+)?(?:def|class)\s+\w+\s*\["), "3.12", "type parameters such as def f[T](x)"),
    (re.compile(r"^\s*type\s+\w+\s*(?:\[.*\]\s*)?="), "3.12", "the type statement"),
    (re.compile(r"\b(?:t|tr|rt)[\"']"), "3.14", "template strings"),
    (re.compile(r"^\s*except\s+\w+(?:\.\w+)*\s*,"), "3.14", "except A, B without parentheses"),
)
_QUOTES: Final = "‘’“”„‟«»′″"


def hint_for(error: SyntaxError, scene: Scene) -> str | None:
    """Return what the author can do about a syntax error, None where CPython's message says it."""
    return first(_ROWS, error, scene)


def _fence(_error: SyntaxError, scene: Scene) -> str | None:
    if any(line.startswith(("```", "~~~")) for line in scene.lines):
        return "Leave out the ``` lines: they are Markdown around the code, and no Python."
    return None


def _prompt(_error: SyntaxError, scene: Scene) -> str | None:
    if re.match(r"\s*(?:>>>|\.\.\.)(?:\s|$)", scene.text):
        return "Leave out the prompts >>> and ... at the start of lines, and the lines that show output."
    if re.match(r"\s*(?:In|Out)\s*\[\d*\]:", scene.text):
        return "Leave out the In [n]: and Out[n]: of the notebook, and the lines that show output."
    if re.match(r"\s*\$\s", scene.text):
        return "That is a command of a shell: only Python runs here."
    return None


def _magic(_error: SyntaxError, scene: Scene) -> str | None:
    text = scene.text.strip()
    if re.match(r"[!%]+\s*(?:pip|conda|apt|uv)\b|(?:pip3?|conda) install\b", text):
        return "A script cannot install packages: whoever runs the service chooses them, and GET / lists them. Leave the line out."
    if text.startswith("%"):
        return "Lines that begin with % are commands of a notebook, and no Python: leave them out."
    if text.startswith("!"):
        return "Lines that begin with ! are commands for a shell, and no Python: a run cannot start programs."
    return None


def _outside_function(error: SyntaxError, _scene: Scene) -> str | None:
    if re.match(r"'(?:return|await|yield|async \w+)' outside", error.msg):
        return _INTO_MAIN.replace("def main()", "async def main()") if "'a" in error.msg else _INTO_MAIN
    return None


def _newer(error: SyntaxError, scene: Scene) -> str | None:
    here = tuple(int(part) for part in python_version().split("."))
    for pattern, since, what in _NEWER:
        if pattern.search(scene.text) and here < tuple(int(part) for part in since.split(".")):
            return f"This service runs Python {python_version()}; {what} came with Python {since}."
    nested = error.msg.startswith("f-string:") and here < (3, 12)
    if nested and re.search(r"unmatched|unterminated|expecting '}'|backslash|#", error.msg):
        return (
            f"This service runs Python {python_version()}, where an expression in an f-string may not hold the quotes of the "
            "f-string, nor a backslash: use the other kind of quotes, or a variable."
        )
    return None


def _characters(error: SyntaxError, scene: Scene) -> str | None:
    if not error.msg.startswith("invalid "):
        return None
    if any(quote in scene.text for quote in _QUOTES) and "character" in error.msg:
        return "Write straight quotes, ' or \": typographic ones often come with text that was copied."
    if "non-printable character" in error.msg:
        return "Write a plain space there: an invisible character often comes with text that was copied."
    return None


def _indentation(error: SyntaxError, _scene: Scene) -> str | None:
    return "Indent with spaces only: the script mixes them with tabs." if isinstance(error, TabError) else None


def _other_language(_error: SyntaxError, scene: Scene) -> str | None:
    text = scene.text
    if re.search(r"&&|\|\|", text):
        return "Python writes and, or and not for &&, || and !."
    if re.match(r"\s*(?:else\s+if|elseif)\b", text):
        return "Python writes elif."
    if re.search(r"\w(?:\+\+|--)\s*;?\s*$", text):
        return "Python writes x += 1 and x -= 1."
    if re.match(r"\s*(?:function|const|let|var|public|private|#include|using)\b", text):
        return "That looks like another language: only Python runs here."
    return None


_ROWS: Final[tuple[Row, ...]] = (
    _fence, _prompt, _magic, _outside_function, _newer, _characters, _indentation, _other_language,
)  # fmt: skip

"""Hints for scripts that define no main()."""

from __future__ import annotations

import re
from typing import Any, Final, Mapping

from .hint import Row, Scene, first

_nested_main = re.compile(r"^[ \t]+(?:async[ \t]+)?def[ \t]+main\b").match
_guard = re.compile(r"^if[ \t(]+__name__[ \t]*==").match
_own_function = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)").match
_EXAMPLE: Final = "for example def main(): return 1 + 1"


def hint_for(namespace: Mapping[str, Any], scene: Scene) -> str | None:
    """Return what the author can do; `namespace` is what the script defined."""
    return first(_ROWS, namespace, scene)


def _not_callable(namespace: Mapping[str, Any], _scene: Scene) -> str | None:
    if "main" not in namespace:
        return None
    kind = type(namespace["main"]).__name__
    return f"main is a value of type {kind[:80]} here: define a function, {_EXAMPLE}"


def _nested(_namespace: Mapping[str, Any], scene: Scene) -> str | None:
    for number, line in enumerate(scene.lines, 1):
        if _nested_main(line):
            return f"main in line {number} belongs to a class or to another function: define it at the top level, without indentation."
    return None


def _similar(namespace: Mapping[str, Any], scene: Scene) -> str | None:
    from difflib import get_close_matches

    names = [match[1] for match in map(_own_function, scene.lines) if match and match[1] in namespace]
    alike = [name for name in names if name.lower().strip("_") == "main"] or get_close_matches("main", names, 1, 0.7)
    return f"The function is called {alike[0][:80]}: rename it to main." if alike else None


def _guarded(_namespace: Mapping[str, Any], scene: Scene) -> str | None:
    if any(map(_guard, scene.lines)):
        return 'What stands under if __name__ == "__main__": does not run here: put it into def main():, and return the result.'
    return None


def _one_function(namespace: Mapping[str, Any], scene: Scene) -> str | None:
    names = [match[1] for match in map(_own_function, scene.lines) if match and match[1] in namespace]
    if not names:
        return None
    name = names[-1][:80]
    return f"Call {name} from a function main, for example def main(): return {name}(...)"


def _none(_namespace: Mapping[str, Any], _scene: Scene) -> str | None:
    return f"Put the code into a function called main, which returns the result, {_EXAMPLE}"


_ROWS: Final[tuple[Row, ...]] = (_not_callable, _nested, _similar, _guarded, _one_function, _none)

"""Takes out of a root where its interpreter was built and by whom; `root_assembly` calls it.

An interpreter has its prefix and the folder it was compiled in at many places, all of which a script can read: in what
`sysconfig` tells, as the search path of libraries, in notes for debuggers. In the jail all of that is /usr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .interpreter import Interpreter


def private_paths(interpreter: Interpreter, *more: Path) -> re.Pattern[bytes]:
    """What matches a folder that `interpreter` knows, the home of whoever builds, or one of `more`."""
    paths = {*interpreter.host_paths, *map(str, (Path.home(), *more))}
    # Those below /usr are everybody's. The longest first: one may lie in another.
    private = sorted((path for path in paths if len(path) > 1 and not Path(path).is_relative_to("/usr")), key=len)
    any_of = b"|".join(re.escape(path.encode()) for path in private[::-1]) or b"(?!)"
    return re.compile(b"(?:" + any_of + rb")(?![\w.-])")


def hide_host_paths(files: Iterable[Path], interpreter: Interpreter) -> None:
    """Puts /usr where `files` name a private folder."""
    private = private_paths(interpreter)
    for file in files:
        content = file.read_bytes()
        hidden = private.sub(_same_size if content.startswith(b"\x7fELF") else b"/usr", content)
        if hidden != content:
            file.write_bytes(hidden)


def _same_size(found: re.Match[bytes]) -> bytes:
    """In binaries nothing may move: /usr has slashes behind it. The end of a string may be another string as well
    (linkers let `3.11.7` be the end of `/home/kim/3.11.7`), so the last name stays there."""
    path, is_end = found[0], found.string[found.end() : found.end() + 1] == b"\0"
    folder, last = path.rsplit(b"/", 1) if is_end else (path, b"")
    filled = b"/usr".ljust(len(folder), b"/") if len(folder) > 3 else b"/" * len(folder)
    return filled + (b"/" + last if is_end else b"")

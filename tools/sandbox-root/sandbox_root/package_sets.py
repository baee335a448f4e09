"""Which lists of packages `SANDBOX_PACKAGES` asks for; `build.py packages` calls it for the set-up and for image builds."""

from __future__ import annotations

from pathlib import Path

from .failures import BuildFailure

SETS = ("science",)


def set_files(folder: Path, names: str) -> list[Path]:
    """The requirements files in `folder` of the sets `names`, which are separated by commas; none where it is empty.

    Raises BuildFailure for a name that there is no set of.
    """
    wanted = dict.fromkeys(name.strip() for name in names.split(",") if name.strip())
    unknown = [name for name in wanted if name not in SETS]
    if unknown:
        raise BuildFailure(
            f"SANDBOX_PACKAGES={names}: there is no set of packages called {', '.join(unknown)}, "
            f"only {', '.join(SETS)}. "
            "Leave it empty for none; packages of your own go into SANDBOX_REQUIREMENTS."
        )
    return [folder / f"requirements-{name}.txt" for name in wanted]

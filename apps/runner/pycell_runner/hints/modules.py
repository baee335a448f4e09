"""Hints for modules and names that are not there."""

from __future__ import annotations

import os
import re
import sys
from typing import Final

from .hint import Row, Scene, linked, python_version

_MAX_PACKAGES: Final = 20
_NO_DISPLAY: Final = frozenset({"tkinter", "_tkinter", "turtle", "curses", "idlelib", "readline", "pygame"})
_NO_NETWORK: Final = frozenset({"requests", "httpx", "aiohttp", "urllib3", "websockets", "boto3", "selenium", "openai"})
#: What the standard library has instead, or pandas.
_INSTEAD: Final = {
    "pytz": "Use zoneinfo.ZoneInfo of the standard library.",
    "dateutil": "Use datetime.fromisoformat() or pandas.to_datetime().",
    "simplejson": "Use json of the standard library.",
    "ujson": "Use json of the standard library.",
    "orjson": "Use json of the standard library.",
    "tqdm": "Leave the progress bar out: nobody sees it here.",
    "tabulate": "Use DataFrame.to_string().",
    "openpyxl": "Return the table: a DataFrame becomes JSON. For text use DataFrame.to_csv().",
    "xlsxwriter": "Return the table: a DataFrame becomes JSON. For text use DataFrame.to_csv().",
    "matplotlib": "Return the numbers and draw them where they are shown: a DataFrame becomes JSON.",
    "seaborn": "Draw with matplotlib.pyplot: figures that are left open come back as artifacts.",
    "plotly": "Return the numbers and draw them where they are shown: a DataFrame becomes JSON.",
    "jinja2": "Return the DataFrame itself, or DataFrame.to_html().",
    "yaml": "Use json of the standard library, or tomllib.",
    "toml": "Use tomllib of the standard library.",
    "six": "This is Python 3: leave six out.",
    "attr": "Use dataclasses of the standard library.",
    "attrs": "Use dataclasses of the standard library.",
    "scipy": "Use numpy and statistics as far as they go; statistics.NormalDist has the normal distribution.",
    "pytest": "Use assert, or unittest of the standard library.",
    "imp": "Use importlib.",
    "asyncore": "Use asyncio.",
    "asynchat": "Use asyncio.",
    "pipes": "Use shlex.quote().",
    "crypt": "Use hashlib.",
    "uu": "Use base64.",
}
#: What the standard library had once, and the version that took it away.
_REMOVED: Final = {
    **dict.fromkeys("asynchat asyncore distutils imp smtpd".split(), "3.12"),
    **dict.fromkeys("aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib".split(), "3.13"),
    **dict.fromkeys("ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib".split(), "3.13"),
}
_USUAL_IMPORTS: Final = {"np": "import numpy as np", "pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt"}
_OTHER_LANGUAGES: Final = {"true": "True", "false": "False", "null": "None", "undefined": "None", "nil": "None"}
#: What a package or a habit is called, and the name by which it is imported.
_IMPORTED_AS: Final = {
    "beautifulsoup4": "bs4",
    "np": "numpy",
    "opencv": "cv2",
    "pd": "pandas",
    "pillow": "PIL",
    "plt": "matplotlib",
    "python_dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit_image": "skimage",
    "scikit_learn": "sklearn",
    "scikitlearn": "sklearn",
    "sns": "seaborn",
}
#: How libraries say that they need another one, beside a ModuleNotFoundError.
_NEEDS: Final = re.compile(r"(?:requires|[Ii]mport|[Mm]issing optional dependency)[ '`\"]+(?!the\b)([A-Za-z_][\w]*)")

_use_module = re.compile(r"Use ([a-z]\w*)\b").match
_distribution = re.compile(r"([A-Za-z0-9_.]+)-([^-]+)\.dist-info").fullmatch


def _import_entries() -> list[str]:
    """Return what is in the folders of the import path."""
    entries: list[str] = []
    for folder in sys.path:
        try:
            entries += os.listdir(folder)
        except OSError:
            continue
    return entries


def installed_packages() -> list[str]:
    """Return name and version of the packages beside the standard library, as their folders tell."""
    found = {f"{match[1]} {match[2]}" for match in map(_distribution, _import_entries()) if match}
    return sorted(found, key=str.lower)


def _importable() -> set[str]:
    standard = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    module = re.compile(r"[A-Za-z]\w*(\.py|\.\w*so|)").fullmatch
    return standard | {entry.partition(".")[0] for entry in _import_entries() if module(entry)}


def _close_name(name: str) -> str | None:
    from difflib import get_close_matches

    known = _importable()
    near = get_close_matches(name, known, 1, 0.75) or get_close_matches(name.lower(), known, 1, 0.75)
    return near[0] if near else None


def _nearest(name: str) -> str:
    near = _close_name(name)
    return f"Did you mean {near}? " if near else ""


def nearest_module(name: str) -> str | None:
    """Return the module that whoever imports one that is not there may have meant, or can use instead."""
    if name in _NO_DISPLAY or name in _NO_NETWORK:
        return None
    meant = _IMPORTED_AS.get(name.lower())
    if meant is None and name in _INSTEAD:
        instead = _use_module(_INSTEAD[name])
        meant = instead[1] if instead else ""
    return _close_name(name) if meant is None else meant if meant in _importable() else None


def _missing(name: str) -> str:
    top = name.partition(".")[0]
    if top in _NO_DISPLAY:
        return f"There is no {top} here: a run has no display and no terminal. Return the result, or print text."
    if "." in name and top in _importable():
        return f"{top} is there, but it has no module {name}: look at its documentation for the name."
    if top in sys.stdlib_module_names:
        return f"The standard library of this service's Python {python_version()} has no {top}."
    if top in _REMOVED:
        instead = f" {_INSTEAD[top]}" if top in _INSTEAD else ""
        return f"Python {_REMOVED[top]} took {top} out of the standard library; this service runs Python {python_version()}.{instead}"
    packages = installed_packages()
    shown = ", ".join(packages[:_MAX_PACKAGES]) + (", ..." if len(packages) > _MAX_PACKAGES else "")
    there = f"Installed are {shown} and the standard library" if packages else "Only the standard library is installed"
    instead = f"{_INSTEAD[top]} " if top in _INSTEAD else ""
    nearest = "" if instead or top in _NO_NETWORK else _nearest(top)
    return (
        f"{nearest}{instead}{top} is not installed here, and a script cannot install it: whoever runs the service chooses "
        f"the packages. {there}.{' A run has no network, either.' if top in _NO_NETWORK else ''}"
    )


def _module(error: BaseException, _scene: Scene) -> str | None:
    for one in linked(error):
        if isinstance(one, ModuleNotFoundError) and isinstance(one.name, str) and one.name not in sys.modules:
            return _missing(one.name)
    if str(error).startswith("cannot import name"):
        return None
    match = _NEEDS.search(str(error)) if isinstance(error, (ImportError, AttributeError)) else None
    if match and match[1] not in _importable():
        return _missing(match[1])
    return None


def _display(error: BaseException, _scene: Scene) -> str | None:
    """Where the library is there, and nothing to draw on."""
    return _missing("tkinter") if type(error).__name__ == "TclError" else None


def _name_of_module(error: BaseException, _scene: Scene) -> str | None:
    """A name that another version of a module of the standard library has."""
    module = None
    if isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError):
        module = error.name
    elif isinstance(error, AttributeError) and type(error.obj) is type(sys):
        module = error.obj.__name__
    if not isinstance(module, str) or module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    if _is_misspelt(error, module):
        return None  # CPython says what is meant
    return f"This service runs Python {python_version()}, whose {module} has no such name: another version may have it."


def _is_misspelt(error: BaseException, module: str) -> bool:
    from difflib import get_close_matches

    name = error.name if isinstance(error, AttributeError) else getattr(error, "name_from", None)
    return isinstance(name, str) and bool(get_close_matches(name, dir(sys.modules.get(module)), 1, 0.75))


def _unknown_name(error: BaseException, scene: Scene) -> str | None:
    if not isinstance(error, NameError) or not isinstance(error.name, str):
        return None
    name = error.name
    if name in ("In", "Out") and re.match(rf"\s*{name}\s*\[\d*\]:", scene.text):
        return "Leave out the In [n]: and Out[n]: of the notebook, and the lines that show output."
    if name in _OTHER_LANGUAGES:
        return f"Python writes {_OTHER_LANGUAGES[name]}."
    if name in _USUAL_IMPORTS:
        return f"Add {_USUAL_IMPORTS[name]} at the top of the script."
    if name in _importable():
        return f"Add import {name} at the top of the script."
    return None


ROWS: Final[tuple[Row, ...]] = (_module, _display, _name_of_module, _unknown_name)

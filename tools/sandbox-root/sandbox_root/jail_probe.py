"""Runs inside the jail, as source handed to the root's own interpreter by `self_check`; prints what it saw as JSON.

Everything that it uses must come out of the root. It reports, the caller judges. Arguments: one JSON object with
`sitePackages`, `executables` (allowed) and `modules` (to import).
"""

import importlib
import importlib.util
import io
import json
import os
import stat
import sys
import time
from collections.abc import Callable
from typing import Any

# Each needs an extension module that an interpreter may have been built without; then it is not this root's fault.
STANDARD = {"sqlite3": "_sqlite3", "ssl": "_ssl", "ctypes": "_ctypes", "decimal": "_decimal", "zoneinfo": "_zoneinfo"}


def import_all(wanted: dict[str, Any]) -> dict[str, Any]:
    report: dict[str, Any] = {"failed": {}, "importMs": {}, "absent": []}
    sys.path.append(wanted["sitePackages"])
    # pandas first: its figure then includes numpy, as in a fresh zygote.
    names = sorted(wanted["modules"], key=lambda name: name != "pandas")
    if "matplotlib" in names:
        prepare_matplotlib(wanted["sitePackages"])
    for name, extension in STANDARD.items():
        if importlib.util.find_spec(extension):
            names.append(name)
        else:
            report["absent"].append(name)
    for name in names:
        started = time.perf_counter()
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a module raises while it is loaded is the answer
            report["failed"][name] = f"{type(error).__name__}: {error}"
        report["importMs"][name] = round((time.perf_counter() - started) * 1000)
    return report


def prepare_matplotlib(site_packages: str) -> None:
    """Points it to the list of fonts that was made with the root. It asks for a folder that it can write to, and says
    so at length where there is none: so the question is answered for it."""
    folder = os.path.join(site_packages, ".matplotlib")
    os.environ["MPLBACKEND"] = "agg"
    os.environ["MATPLOTLIBRC"] = os.path.join(site_packages, "matplotlib", "mpl-data", "matplotlibrc")
    try:
        matplotlib = importlib.import_module("matplotlib")
    except Exception:  # it is imported again, and reported then
        return
    setattr(matplotlib, "get_configdir", lambda: folder)
    setattr(matplotlib, "get_cachedir", lambda: folder)


def draw_figure() -> None:
    """Raises where a figure cannot be drawn, or where its fonts had to be looked for."""
    fonts = importlib.import_module("matplotlib.font_manager")
    name = f"fontlist-v{fonts.FontManager.__version__}.json"
    listed = os.path.join(importlib.import_module("matplotlib").get_cachedir(), name)
    if fonts.json_load(listed).ttflist != fonts.fontManager.ttflist:
        raise RuntimeError(f"{listed} is not the list of its fonts")
    figure, axes = importlib.import_module("matplotlib.pyplot").subplots()
    axes.set_title("$x^2$")
    figure.savefig(io.BytesIO(), format="png")


def use_what_was_imported(report: dict[str, Any]) -> None:
    """Importing is not enough: time zones are read and libraries opened on first use."""
    checks: dict[str, Callable[[], object]] = {
        "zoneinfo": lambda: importlib.import_module("zoneinfo").ZoneInfo("Europe/Berlin"),
        "sqlite3": lambda: importlib.import_module("sqlite3").connect(":memory:").execute("select 1").fetchone(),
        "ssl": lambda: importlib.import_module("ssl").create_default_context(),
        "ctypes": lambda: importlib.import_module("ctypes").CDLL(None).getpid(),
        "numpy": lambda: importlib.import_module("numpy").linalg.inv(importlib.import_module("numpy").eye(3)),
        "pandas": lambda: importlib.import_module("pandas").Timestamp("2026-01-01").tz_localize("Europe/Berlin"),
        "matplotlib": draw_figure,
    }
    for name, check in checks.items():
        if name in sys.modules and name not in report["failed"]:
            try:
                check()
            except Exception as error:  # as above
                report["failed"][name] = f"{type(error).__name__}: {error}"


def walk_root(allowed: list[str]) -> dict[str, Any]:
    """Looks at every path but the jail's own /tmp, by mode and by trying."""
    seen: dict[str, Any] = {"files": 0, "writable": [], "executable": [], "setuid": [], "dangling": []}
    # The root itself has no name among the entries of any folder.
    paths = ["/"]
    for folder, folders, files in os.walk("/"):
        if folder == "/":
            folders.remove("tmp")
        paths += [os.path.join(folder, name) for name in folders + files]
    for path in paths:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            if not os.path.exists(path):
                seen["dangling"].append(path)
            continue
        seen["files"] += stat.S_ISREG(mode)
        if mode & 0o222 or os.access(path, os.W_OK):
            seen["writable"].append(path)
        if mode & (stat.S_ISUID | stat.S_ISGID):
            seen["setuid"].append(path)
        if stat.S_ISREG(mode) and mode & 0o111 and path not in allowed:
            seen["executable"].append(path)
    for folder in ("/", "/usr/bin", "/opt", "/dev", os.path.dirname(os.__file__)):
        try:
            os.close(os.open(os.path.join(folder, "probe"), os.O_CREAT | os.O_WRONLY))
        except OSError:
            continue  # refused, as it must be
        seen["writable"].append(os.path.join(folder, "probe"))
    return seen


def without_bytecode() -> list[str]:
    """Modules that had to be compiled while they were imported."""
    lacking = []
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        cached = getattr(getattr(module, "__spec__", None), "cached", None)
        if source and source.endswith(".py") and cached and not os.path.exists(cached):
            lacking.append(name)
    return lacking


def main() -> None:
    wanted = json.loads(sys.argv[1])
    report = import_all(wanted)
    use_what_was_imported(report)
    report["withoutBytecode"] = without_bytecode()
    report["root"] = walk_root(wanted["executables"])
    report["prefix"] = sys.prefix
    report["version"] = ".".join(map(str, sys.version_info[:3]))
    print("PROBE " + json.dumps(report))


main()

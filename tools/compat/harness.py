"""Runs test functions of numpy and pandas in this process, bare or as a script of pycell, and tells what came of each.

The first line that begins with `JOB = ` is replaced: `tests` are node ids or module paths for pytest, and `watched` says
whether to tell which functions reach for what a sandbox does not have. `main()` returns {function: {...}}, see `_Record`.
"""

import gc
import importlib.util
import os
import re
import resource
import sys
import threading
import time

import pytest

JOB = {"tests": [], "watched": True}

# What a function must not need to be in the sample: processes, the network, much memory, much time.
_EVENTS = {
    "subprocess.Popen": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.posix_spawn": "process",
    "os.system": "process",
    "os.exec": "process",
    "socket.connect": "network",
    "socket.bind": "network",
    "socket.getaddrinfo": "network",
}
_MANY_THREADS = 8
_MANY_SECONDS = 10.0
_MANY_KIB = 128 * 1024


class _Recorder:
    """A plugin of pytest; a function is its node id without the parameters, relative to the packages."""

    def __init__(self, base):
        self.base = base
        self.functions = {}
        self.current = None
        if JOB["watched"]:
            sys.addaudithook(self.note)

    def note(self, event, arguments):
        if event in _EVENTS and self.current is not None:
            self.need(_EVENTS[event])

    def need(self, what):
        needs = self.functions[self.current]["needs"]
        if what not in needs:
            needs.append(what)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        name = re.sub(r"\[.*", "", item.nodeid, flags=re.S)
        fresh = {"passed": 0, "skipped": 0, "failed": [], "needs": [], "seconds": 0.0}
        record = self.functions.setdefault(name, fresh)
        self.current = name
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        since = time.perf_counter()
        try:
            return (yield)
        finally:
            record["seconds"] += time.perf_counter() - since
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before > _MANY_KIB:
                self.need("memory")
            if record["seconds"] > _MANY_SECONDS:
                self.need("time")
            if threading.active_count() > _MANY_THREADS:
                self.need("threads")
            self.current = None

    def pytest_runtest_logreport(self, report):
        record = self.functions[self.current]
        if report.failed:
            text = report.longreprtext
            last = [line for line in text.splitlines() if line.startswith("E ")] or text.splitlines()[-1:]
            record["failed"].append(f"{report.when}: {' '.join(last)[:300]}")
        elif report.when == "call" and report.passed:
            record["passed"] += 1
        elif report.skipped:
            record["skipped"] += 1


def main():
    base = os.path.dirname(os.path.dirname(importlib.util.find_spec("numpy").origin))
    recorder = _Recorder(base)
    os.chdir(os.environ.get("TMPDIR", "/tmp"))
    arguments = ["-q", "-c", os.devnull, "--rootdir", base, "--capture=sys", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    tests = [os.path.join(base, test) for test in JOB["tests"]]
    # What pytest prints is of no use, and would fill the answer.
    printed, sys.stdout = sys.stdout, open(os.devnull, "w")
    try:
        status = pytest.main([*arguments, *tests], plugins=[recorder])
    finally:
        sys.stdout = printed
        gc.collect()
    return {"status": int(status), "functions": recorder.functions}


if __name__ == "__main__":
    import json

    print(json.dumps(main()))

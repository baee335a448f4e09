"""Runs test functions of numpy and pandas in this process, bare or as a script of pycell, and tells what came of each.

The line that begins with `JOB = ` is replaced: `modules` are paths below the packages, `only` names the functions to run,
all where it is None, and `watched` says whether to tell which functions reach for what a sandbox does not have. `main()`
returns {"status": ..., "functions": {name: {"passed", "skipped", "failed", "needs", "seconds", "module"}}}, where `module` is
what was needed while the module was collected.
"""

import importlib.util
import os
import re
import sys
import threading
import time

import pytest

JOB = {"modules": [], "only": None, "watched": True}

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
_MANY_THREADS = 24
_MANY_SECONDS = 10.0
_MANY_KIB = 128 * 1024


def _function_of(item):
    """Its node id without the parameters, relative to the packages."""
    return re.sub(r"\[.*", "", item.nodeid, flags=re.S)


def _peak_kib():
    """The most address space that this process has had: what is reserved counts, as it does in the sandbox."""
    with open("/proc/self/status") as status:
        return int(re.search(r"VmPeak:\s+(\d+)", status.read())[1])


class _Recorder:
    """A plugin of pytest."""

    def __init__(self):
        self.functions = {}
        self.current = None
        self.module = None
        self.module_needs = {}
        self.threads = 0
        if JOB["watched"]:
            sys.addaudithook(self.note)
            start = threading.Thread.start

            def counted(thread):
                self.threads += 1
                return start(thread)

            threading.Thread.start = counted

    def pytest_collectstart(self, collector):
        if collector.nodeid.endswith(".py"):
            self.module = collector.nodeid

    def pytest_collection_modifyitems(self, items):
        if JOB["only"] is not None:
            items[:] = [item for item in items if _function_of(item) in JOB["only"]]

    def note(self, event, arguments):
        if self.current is None:
            if event in _EVENTS:
                self.module_needs[self.module] = _EVENTS[event]
            return
        if event in _EVENTS:
            self.need(_EVENTS[event])

    def need(self, what):
        needs = self.functions[self.current]["needs"]
        if what not in needs:
            needs.append(what)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        name = _function_of(item)
        fresh = {"passed": 0, "skipped": 0, "failed": [], "needs": [], "seconds": 0.0}
        fresh["module"] = self.module_needs.get(item.nodeid.partition("::")[0])
        record = self.functions.setdefault(name, fresh)
        self.current = name
        self.threads = 0
        before = _peak_kib() if JOB["watched"] else 0
        since = time.perf_counter()
        try:
            return (yield)
        finally:
            record["seconds"] += time.perf_counter() - since
            if JOB["watched"] and _peak_kib() - before > _MANY_KIB:
                self.need("memory")
            if record["seconds"] > _MANY_SECONDS:
                self.need("time")
            if self.threads > _MANY_THREADS:
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
    recorder = _Recorder()
    os.chdir(os.environ.get("TMPDIR", "/tmp"))
    arguments = ["-q", "-c", os.devnull, "--rootdir", base, "--capture=sys", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    # Folders of tests go with them: in the sandbox they are memory.
    arguments += ["-o", "tmp_path_retention_policy=none", "-o", "tmp_path_retention_count=0"]
    tests = [os.path.join(base, module) for module in JOB["modules"]]
    # What pytest prints is of no use, and would fill the answer.
    printed, sys.stdout = sys.stdout, open(os.devnull, "w")
    try:
        status = pytest.main([*arguments, *tests], plugins=[recorder])
    finally:
        sys.stdout = printed
    return {"status": int(status), "functions": recorder.functions}


if __name__ == "__main__":
    import json

    print(json.dumps(main()))

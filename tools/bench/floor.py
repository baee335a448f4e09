"""The floor: what one warm interpreter needs to fork, execute a script in the fork and wait for its end. No service.

    python3 -I -S -B floor.py RUNNER_FOLDER PACKAGES_FOLDER bare|packages|figures

Loads what the zygote of that kind loads. Then for each line on stdin, {"script": ..., "seconds": ...}, it runs the
script again and again for so long, and answers with a line: the JSON list of the times, milliseconds.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time


def _run(script: str) -> float:
    since = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            namespace: dict[str, object] = {"__name__": "script"}
            exec(compile(script, "script.py", "exec", dont_inherit=True), namespace)
            namespace["main"]()  # type: ignore[operator]
            sys.stdout.flush()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise RuntimeError(f"the script ended with wait status {status}")
    return (time.perf_counter() - since) * 1000


def main() -> None:
    runner, packages, kind = sys.argv[1:]
    answers = os.dup(1)
    # What scripts print goes nowhere, and the forks inherit that.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path[:0] = [runner]
    sys.path.append(packages)
    from pycell_runner.protocol.zygote_messages import ZygoteKind
    from pycell_runner.zygote import preload

    preload.load_standard_modules()
    preload.load_packages(packages, ZygoteKind(kind))
    preload.warm_up(ZygoteKind(kind))
    sys.stdout.flush()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        _run(order["script"])  # not counted, as with the servers
        times = []
        end = time.perf_counter() + order["seconds"]
        while time.perf_counter() < end:
            times.append(_run(order["script"]))
        os.write(answers, json.dumps(times).encode() + b"\n")


main()

"""What a zygote does ahead for its runs. Judged by what is left behind and by page faults, not by time."""

from __future__ import annotations

import gc
import io
import linecache
import signal
import subprocess
import sys
import unittest
from contextlib import redirect_stdout

from pycell_runner.kernel.forks import ask_fork
from pycell_runner.protocol.payload import Payload
from pycell_runner.protocol.request import RunLimits, RunRequest, parse_request, plain_payload
from pycell_runner.run.execution import execute
from pycell_runner.run.process import RunPlan
from pycell_runner.zygote import immortal, program, rehearsal

from ..driver import RUNNER
from ..in_child import in_child
from ..page_faults import faults_of

_LIMITS = RunLimits(*[1 << 30] * 11)
_PLAN = RunPlan(_LIMITS, filter=None, supervisor=1, isolate=lambda _: None, shared_bytes=0, shared_bytes_when_warm=0, warm=lambda: None)
_FUNCTIONS = "".join(f"def f{n}(x):\n    return [x.real, len(str(x)), x + {n}]\n" for n in range(60))
_SCRIPT = f"{_FUNCTIONS}\nimport json\ndef main():\n    print(1)\n    return json.loads('[1]') + f1(2)\n"


def faults(rehearsed: bool) -> int:
    """Return the faults of a fork that executes the script."""

    def count() -> bytes:
        if rehearsed:
            rehearsal.rehearse([_SCRIPT], _PLAN, lambda: None, 20)
        assert immortal.make_immortal(lambda: None)
        return ask_fork(measured) or b""

    def measured() -> bytes:
        with redirect_stdout(io.StringIO()):
            return b"%d" % faults_of(lambda: execute(RunRequest(_SCRIPT, "function", _LIMITS)))

    return int(ask_fork(count) or 0)


def _state() -> tuple[object, ...]:
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    main, lines = sys.modules["__main__"], "script.py" in linecache.cache
    return sys.argv, main, "script" in sys.modules, lines, mask, sys.getrecursionlimit(), gc.isenabled()


class Rehearsal(unittest.TestCase):
    def test_leaves_the_interpreter_in_order(self) -> None:
        def check() -> None:
            before = _state()
            rehearsal.rehearse([_SCRIPT], _PLAN, lambda: None, 20)
            assert _state() == before, (_state(), before)

        self.assertEqual(in_child(check), 0)

    def test_prints_nothing(self) -> None:
        def check() -> None:
            with redirect_stdout(io.StringIO()) as printed:
                rehearsal.rehearse([_SCRIPT], _PLAN, lambda: None, 20)
            assert printed.getvalue() == ""

        self.assertEqual(in_child(check), 0)

    @unittest.skipUnless(sys.version_info >= (3, 12), "without immortal objects a fork writes to all that it looks at")
    def test_a_fork_writes_to_fewer_pages(self) -> None:
        # What other tests have executed in this process is specialised already.
        code = f"import sys; sys.path.insert(0, {str(RUNNER)!r})\nfrom tests.zygote.test_rehearsal import faults\nprint(faults(False), faults(True))"
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
        without, with_it = map(int, done.stdout.split())
        self.assertGreater(with_it, 0, done.stderr)
        self.assertLess(with_it, without - 10)

    def test_knows_the_names_that_the_runners_code_looks_up(self) -> None:
        self.assertTrue(program)  # and with it all that a zygote loads
        names = rehearsal._names_in_code()
        # Of a module's function, of a method, and of a function within a function.
        self.assertLessEqual({"setsid", "sendmsg", "monotonic"}, names)

    def test_the_payload_is_what_a_run_reads(self) -> None:
        payload = plain_payload("é = 1".encode())
        request = parse_request(Payload(-1, payload, len(payload)), _LIMITS)
        self.assertEqual(request, RunRequest("é = 1", "function", _LIMITS))


if __name__ == "__main__":
    unittest.main()

"""The runner with zygotes that are renewed after few runs, and end when they are idle for a moment. Started by driver.py."""

from __future__ import annotations

import os
import runpy
import sys

_RUNNER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, _RUNNER)

from pycell_runner.supervisor import zygote_keeper  # noqa: E402

setattr(zygote_keeper, "_RENEW_AFTER_RUNS", 10)
setattr(zygote_keeper, "_IDLE_SECONDS", 1.0)
runpy.run_path(os.path.join(_RUNNER, "__main__.py"), run_name="__main__")

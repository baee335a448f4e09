"""The runner without its isolation check, so that `--isolated` can be tried where there is none.

Started by driver.py in place of the runner: all but that check is the runner's own.
"""

from __future__ import annotations

import os
import runpy
import sys

_RUNNER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, _RUNNER)

from pycell_runner.profiles import full, work_folder  # noqa: E402

setattr(full.FullProfile, "find_faults", lambda *_: [])
# No tmpfs is mounted here: that would be the host's /tmp.
setattr(work_folder, "WORK_IN_JAIL", os.path.join(os.getcwd(), "work"))
runpy.run_path(os.path.join(_RUNNER, "__main__.py"), run_name="__main__")

"""The program `--once`: a supervisor with one run, a fork of it. Called by the command line.

The fork is in here: what follows it in the child belongs to the run.
"""

from __future__ import annotations

import os
from argparse import Namespace
from typing import Final

from ..kernel import rlimits
from ..profiles.choice import profile_of
from ..protocol.request import RunLimits
from ..run.interpreter import prepare_interpreter, prepare_process
from ..run.process import RunDescriptors, RunPlan, run_script
from .control_connection import ControlConnection
from .start import is_isolated, send_hello
from .supervisor import Supervisor

#: The number of the only run.
_RUN: Final = 1


def serve(arguments: Namespace, limits: RunLimits, packages: str) -> int:
    """Serve one run. Returns the exit status: 0, or 1 where the isolation check failed."""
    prepare_process()
    profile = profile_of(arguments.isolated, arguments.profile)
    if not is_isolated(profile, has_zygotes=False):
        return 1
    control = ControlConnection(arguments.control)
    supervisor = Supervisor(control, limits, has_leftovers=not profile.is_jail)
    send_hello(supervisor)
    rlimits.grow_stack()
    plan = RunPlan(
        limits=limits,
        filter=profile.filters(has_zygotes=False).of_run,
        supervisor=os.getpid(),
        isolate=profile.isolation_of_only(),
        shared_bytes=0,
        shared_bytes_when_warm=0,
        warm=lambda: None,
    )
    stdout, stdout_write = os.pipe()
    stderr, stderr_write = os.pipe()
    pid = profile.fork_only()()
    if pid == 0:
        try:
            prepare_interpreter(profile.is_jail, packages)
            profile.apply_limits(limits)
            run_script(_RUN, RunDescriptors(arguments.connection, stdout_write, stderr_write, announced=None), plan)
        finally:  # never reached; should it be, the run must not go on as a second supervisor
            os._exit(1)
    for descriptor in (arguments.connection, stdout_write, stderr_write):
        os.close(descriptor)
    supervisor.adopt(_RUN, pid, stdout, stderr)
    supervisor.serve(lambda: supervisor.runs == 0)
    supervisor.kill_all()
    control.send_rest()
    return 0

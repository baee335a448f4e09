"""The three programs of the runner: a supervisor for one run, a supervisor with zygotes, a zygote."""

from __future__ import annotations

import os
import socket
import sys
from argparse import Namespace
from functools import partial
from json import dumps

from . import jail_check, limits, linux
from .control import Control
from .frames import PROTOCOL_VERSION, FrameType
from .profiles import PROFILES, FullProfile, new_session
from .request import RunLimits
from .run import RunDescriptors, RunPlan, prepare_interpreter, run_script
from .supervisor import Supervisor

_RUN: int = 1
"""The number of the only run of `--once`."""


def site_packages() -> str:
    """Return where the packages of this interpreter are."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return os.path.join(sys.prefix, sys.platlibdir, version, "site-packages")


def once(arguments: Namespace, run_limits: RunLimits) -> int:
    """Serve one run in a fork of this process."""
    _settle()
    profile = PROFILES[arguments.profile]
    if arguments.isolated:
        profile.narrow_supervisor()
        if not _is_jail(warm=False, profile=profile):
            return 1
    else:
        linux.adopt_orphans()
        # Temporary files land in the run's own folder, which goes with it; in the jail /tmp is that.
        os.environ["TMPDIR"] = os.getcwd()
    control = Control(arguments.control)
    supervisor = Supervisor(control, run_limits, arguments.isolated)
    _say_hello(supervisor)
    limits.grow_stack()
    plan = RunPlan(
        limits=run_limits,
        isolated=arguments.isolated,
        supervisor=os.getpid(),
        isolate=profile.isolation_of_only() if arguments.isolated else new_session,
        warm=lambda: None,
    )
    stdout, stdout_write = os.pipe()
    stderr, stderr_write = os.pipe()
    fork = profile.fork_only() if arguments.isolated else os.fork
    pid = fork()
    if pid == 0:
        try:
            prepare_interpreter(arguments.isolated)
            _limit_forks(run_limits, arguments.isolated, profile)
            run_script(_RUN, RunDescriptors(arguments.connection, stdout_write, stderr_write), plan)
        finally:  # never reached; should it be, the run must not go on as a second supervisor
            os._exit(1)
    for descriptor in (arguments.connection, stdout_write, stderr_write):
        os.close(descriptor)
    supervisor.adopt(_RUN, pid, stdout, stderr)
    supervisor.serve(lambda: supervisor.runs == 0)
    supervisor.kill_all()
    control.send_rest()
    return 0


def warm(arguments: Namespace, run_limits: RunLimits, own_folder: str) -> int:
    """Serve runs that zygotes fork, until the API goes."""
    profile = PROFILES[arguments.profile]
    if arguments.isolated:
        profile.narrow_supervisor()
        if not _is_jail(warm=True, profile=profile):
            return 1
    else:
        linux.adopt_orphans()
    linux.forbid_tracing()

    from .zygotes import ZygoteKeeper

    supervisor = Supervisor(Control(arguments.control), run_limits, arguments.isolated)
    forwarded = ["-I", "-S", "-B", "-X", "utf8", own_folder, "--limits", arguments.limits]
    for name in ("ids", "packages", "profile", "sockets"):
        if getattr(arguments, name):
            forwarded += [f"--{name}", getattr(arguments, name)]
    forwarded += ["--isolated"] if arguments.isolated else []
    if arguments.sockets_folder is not None:
        # It lies outside of this root, and is reached by its descriptor only, for as long as that is open.
        os.fchdir(arguments.sockets_folder)
        keeper = ZygoteKeeper(supervisor, ".", forwarded)
        os.chdir("/")
        os.close(arguments.sockets_folder)
    else:
        keeper = ZygoteKeeper(supervisor, arguments.sockets, forwarded)
        if arguments.isolated:
            # The folder is the host's, and writable: from here on nobody in the jail sees it.
            linux.detach_mount(arguments.sockets)
    keeper.start()
    # Upon this the service connects: the sockets are there, and their folder is out of sight.
    _say_hello(supervisor)
    supervisor.serve(lambda: False)
    supervisor.kill_all()
    return 0


def zygote(arguments: Namespace, run_limits: RunLimits, packages: str) -> int:
    """Load what scripts need, then fork a run for each connection until the supervisor wants no more."""
    from . import fork_hooks, hot_pages, preload, randomness
    from .forks import find_tid_field, fork_as_sibling
    from .isolation import IdRange
    from .zygote import READY_MARK, Zygote, ZygoteKind, ZygoteSockets
    from .zygotes import LISTENER_DESCRIPTOR, SUPERVISOR_DESCRIPTOR

    linux.die_with_parent(arguments.supervisor)
    _settle()
    if arguments.isolated:
        linux.empty_bounding_set()
    kind = ZygoteKind(arguments.zygote)
    with_packages = kind is ZygoteKind.PACKAGES
    preload.load_standard_modules()
    modules = preload.load_packages(packages) if with_packages else []
    preload.warm_up(with_packages)
    limits.grow_stack()
    hot = hot_pages.learn(partial(preload.rehearse, with_packages))
    profile = PROFILES[arguments.profile]
    isolate = profile.isolation(run_limits, IdRange.parse(arguments.ids) if arguments.ids else None)
    if arguments.isolated:
        fork_run = profile.fork()
    else:  # not in a pid namespace of the jail's: then a sibling needs no namespaces either
        fork_run = partial(fork_as_sibling, find_tid_field(), own_namespaces=False)
    reseed_numpy = randomness.numpy_reseeding()

    def become_run(number: int) -> None:
        reseed_numpy()
        if arguments.isolated:
            isolate(number)
        else:
            new_session(number)
            # What the script leaves behind stays below this run while it lives: the end of another must not end it.
            linux.adopt_orphans()
            folder = os.path.join(arguments.sockets, f"run-{number}")
            os.mkdir(folder, 0o700)
            os.chdir(folder)
            os.environ["TMPDIR"] = folder

    plan = RunPlan(
        limits=run_limits,
        isolated=arguments.isolated,
        supervisor=arguments.supervisor,
        isolate=become_run,
        warm=hot_pages.populating(hot),
    )
    sockets = ZygoteSockets(
        listener=socket.socket(fileno=LISTENER_DESCRIPTOR), supervisor=socket.socket(fileno=SUPERVISOR_DESCRIPTOR)
    )
    server = Zygote(sockets, plan, arguments.first_number, fork_run)
    sockets.supervisor.send(READY_MARK + dumps(modules).encode())
    prepare_interpreter(arguments.isolated)
    _limit_forks(run_limits, arguments.isolated, profile)
    fork_hooks.accept_hooks_again()
    server.serve()
    return 0


def _settle() -> None:
    """Set up what runs inherit."""
    linux.forbid_tracing()
    linux.use_one_malloc_arena()
    # One thread for BLAS: more would spend the run's threads, and there are few cores for many runs.
    linux.set_c_environment("OPENBLAS_NUM_THREADS", "1")


def _limit_forks(run_limits: RunLimits, isolated: bool, profile: FullProfile) -> None:
    """Put the limits on this process that its forks, the runs, inherit."""
    if isolated:
        limits.apply_inherited(profile.limits(run_limits), profile.tmpfs_bytes(run_limits))
    else:
        limits.apply_inherited(run_limits, 0)


def _is_jail(warm: bool, profile: FullProfile) -> bool:
    faults = jail_check.find_jail_faults(warm, profile)
    if faults:
        print(f"this is no jail: {'; '.join(faults)}", file=sys.stderr)
    return not faults


def _say_hello(supervisor: Supervisor) -> None:
    hello = {"protocol": PROTOCOL_VERSION, "python": sys.version.split()[0]}
    supervisor.tell(FrameType.HELLO, 0, dumps(hello).encode())

"""The program `--zygote`: loads what scripts need, then forks runs. Called by the command line, before any fork."""

from __future__ import annotations

import socket
from argparse import Namespace
from dataclasses import replace
from functools import partial
from json import dumps
from typing import Final

from ..kernel import descriptors, forks, isolation, linux, rlimits, seccomp
from ..kernel.isolation import IdRange
from ..profiles import work_folder
from ..profiles.choice import profile_of
from ..profiles.profile import Profile, RunPlaces
from ..protocol import frames, payload, request, sections
from ..protocol.request import RunLimits
from ..protocol.zygote_messages import LISTENER_DESCRIPTOR, READY_MARK, SUPERVISOR_DESCRIPTOR, ZygoteKind
from ..run import artifacts, confinement, matplotlib_settings, process, program_end
from ..run.interpreter import prepare_interpreter, prepare_process
from ..run.process import RunPlan
from . import figures, fork_hooks, numpy_seed, preload, rehearsal
from . import zygote as zygotes
from .compaction import compact_code
from .settling import NOT_SETTLED, SettledMemory, settle_memory
from .zygote import Zygote, ZygoteSockets

#: Whose functions a run executes beside what the sample does: before it has its script, and after.
_MODULES_OF_RUNS: Final = (
    zygotes, process, forks, descriptors, isolation, linux, confinement, rlimits, seccomp, numpy_seed, frames, request, payload,
    sections, work_folder, program_end, artifacts,
)  # fmt: skip


def serve(arguments: Namespace, limits: RunLimits, packages: str) -> int:
    """Fork a run for each connection until the supervisor wants no more. Returns the exit status."""
    linux.die_with_parent(arguments.supervisor)
    prepare_process()
    profile = profile_of(arguments.isolated, arguments.profile)
    profile.prepare_zygote()
    kind = ZygoteKind(arguments.zygote)
    preload.load_standard_modules()
    modules = preload.load_packages(packages, kind)
    if not arguments.unsettled:
        preload.warm_up(kind)
    rlimits.grow_stack()
    ids = IdRange.parse(arguments.ids) if arguments.ids else None
    isolate = profile.isolation(limits, RunPlaces(ids, arguments.sockets))
    filters = profile.filters(has_zygotes=True)
    fork_run = profile.fork()
    reseed_numpy = numpy_seed.numpy_reseeding()

    def become_separate(number: int) -> str | None:
        reseed_numpy()
        return isolate(number)

    sockets = ZygoteSockets(
        listener=socket.socket(fileno=LISTENER_DESCRIPTOR), supervisor=socket.socket(fileno=SUPERVISOR_DESCRIPTOR)
    )
    prepare_interpreter(profile.is_jail, packages)
    fork_hooks.restore_registration()
    plan = RunPlan(
        limits=limits,
        filter=filters.of_run,
        supervisor=arguments.supervisor,
        isolate=become_separate,
        shared_bytes=0,
        shared_bytes_when_warm=0,
        warm=lambda: None,
    )
    if kind is ZygoteKind.FIGURES:
        matplotlib_settings.hide_warnings()
    settled = NOT_SETTLED if arguments.unsettled else _settle(kind, profile, plan)
    plan = replace(
        plan,
        shared_bytes=settled.shared_bytes,
        shared_bytes_when_warm=settled.shared_bytes_when_warm,
        warm=settled.warm,
    )
    # After the snapshot, which is larger than a file of a run may be.
    profile.apply_limits(limits)
    if filters.of_zygote:
        linux.forbid_new_privileges()
        filters.of_zygote.install()
    zygote = Zygote(sockets, plan, arguments.first_number, fork_run)
    described = {
        "modules": modules,
        "figures": figures.figures_modules(packages),
        "settled": not arguments.unsettled,
        "immortal": settled.is_immortal,
        "snapshot": settled.has_snapshot,
    }
    try:
        sockets.supervisor.send(READY_MARK + dumps(described).encode())
    except ConnectionError:  # the supervisor has ended meanwhile
        return 0
    zygote.serve()
    return 0


def _settle(kind: ZygoteKind, profile: Profile, plan: RunPlan) -> SettledMemory:
    """Do ahead what runs would do again and again, and make the memory of this process cheap to fork."""
    sample = partial(preload.run_sample, kind)
    if profile.is_jail:
        compact_code(sample, _MODULES_OF_RUNS)
        rehearsal.rehearse(preload.samples(kind), plan, partial(preload.put_back, kind), preload.rehearsals(kind))
        rehearsal.look_up_names()
    return settle_memory(sample, profile.is_jail, profile.can_mount)

"""Threads, time, and signals to oneself."""

from __future__ import annotations

from typing import Final

from .rows import Answer, Row, answered, call, none_of, one_of, ruled

#: CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID: what pthread_create asks for.
_CLONE_OF_A_THREAD: Final = 0x3D0F00

#: WAIT, WAKE, WAIT_BITSET, WAKE_BITSET: what locks need; nothing that requeues or inherits priorities, old sources of exploits.
_FUTEX_OPERATIONS: Final = (0, 1, 9, 10)
_FUTEX_FLAGS: Final = 0x180  # FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME

_SIGKILL, _SIGCONT, _SIGSTOP, _SIGTSTP, _SIGTTIN, _SIGTTOU = 9, 18, 19, 20, 21, 22
#: Sent to itself, SIGKILL and SIGSTOP look as if the host had sent them. The supervisor continues what stops, and
#: SIGCONT takes away the stop by which it measures: each would be work of its for a call of the run's.
_NOT_TO_ONESELF: Final = (_SIGKILL, _SIGCONT, _SIGSTOP, _SIGTSTP, _SIGTTIN, _SIGTTOU)
_SIGNALS: Final = "signals without SIGKILL, SIGSTOP, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU"

_PR_SET_NAME, _PR_GET_NAME = 15, 16

_WAITS: Final = "waits, until its deadline"
_SELF: Final = "itself alone"

THREADS: Final[tuple[Row, ...]] = (
    call(13, "rt_sigaction", "signal.signal, faulthandler", _SELF),
    call(14, "rt_sigprocmask", "threads, signal.pthread_sigmask", "blocks signals; SIGKILL cannot be"),
    call(15, "rt_sigreturn", "every signal handler", "SCRIPT_CRASHED"),
    call(24, "sched_yield", "locks", _SELF),
    call(34, "pause", "signal.pause", _WAITS),
    call(35, "nanosleep", "older C libraries", _WAITS),
    call(36, "getitimer", "signal.getitimer", _SELF),
    call(37, "alarm", "signal.alarm", "a signal to itself"),
    call(38, "setitimer", "signal.setitimer", "signals to itself, charged to its CPU time"),
    ruled(
        56, "clone", "threads", "MAX_THREADS threads, and the kernel memory of each, some 20 KiB",
        "exactly the flags of pthread_create", one_of(0, _CLONE_OF_A_THREAD),
    ),
    call(60, "exit", "the end of a thread", "ends its first thread and lives on: measured at its death then"),
    call(61, "wait4", "os.wait, which says that there is no child", "learns that it has no child"),
    ruled(62, "kill", "os.kill of itself, signal tests", "a signal to itself: nobody else has a pid it could name", _SIGNALS, none_of(1, *_NOT_TO_ONESELF)),
    call(96, "gettimeofday", "time", "the host's clock, a source for timing"),
    call(100, "times", "os.times", "its own CPU time; ticks since boot of the host"),
    call(127, "rt_sigpending", "signal.sigpending", _SELF),
    call(128, "rt_sigtimedwait", "signal.sigwait, signal.sigtimedwait", _WAITS),
    call(130, "rt_sigsuspend", "C libraries", _WAITS),
    call(131, "sigaltstack", "faulthandler", _SELF),
    call(143, "sched_getparam", "os.sched_getparam, threads", "learns its own priority"),
    call(145, "sched_getscheduler", "os.sched_getscheduler, threads", "learns its own policy"),
    call(146, "sched_get_priority_max", "os.sched_get_priority_max", "a constant"),
    call(147, "sched_get_priority_min", "os.sched_get_priority_min", "a constant"),
    ruled(157, "prctl", "names of threads", "names a thread", "PR_SET_NAME, PR_GET_NAME", one_of(0, _PR_SET_NAME, _PR_GET_NAME)),
    call(186, "gettid", "threading.get_native_id", "its own number"),
    ruled(200, "tkill", "older C libraries", "as kill", _SIGNALS, none_of(1, *_NOT_TO_ONESELF)),
    call(201, "time", "older C libraries", "the host's clock"),
    ruled(
        202, "futex", "every lock", "waits and wakes among its own threads; on a page of the shared root two runs that collude could: known limit",
        "FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET",
        one_of(1, *_FUTEX_OPERATIONS, ignoring=_FUTEX_FLAGS),
    ),
    call(204, "sched_getaffinity", "os.cpu_count, os.sched_getaffinity", "learns how many processors there are"),
    call(219, "restart_syscall", "the kernel, after a stop", _SELF),
    call(228, "clock_gettime", "time", "the host's clocks, also since boot: a source for timing"),
    call(229, "clock_getres", "time.get_clock_info", "a constant"),
    call(230, "clock_nanosleep", "time.sleep", _WAITS),
    call(231, "exit_group", "the end of the process", "SCRIPT_EXITED"),
    ruled(234, "tgkill", "raise(), signal.raise_signal, pthread_kill", "as kill", _SIGNALS, none_of(2, *_NOT_TO_ONESELF)),
    call(247, "waitid", "os.waitid, which says that there is no child", "learns that it has no child"),
    call(273, "set_robust_list", "every new thread", _SELF),
    call(309, "getcpu", "sched_getcpu", "learns on which processor it runs: helps two runs that collude by load"),
    call(334, "rseq", "newer C libraries, once a thread", _SELF),
    # glibc falls back to clone, whose flags can be judged, when it hears that clone3 does not exist.
    answered(435, "clone3", "threads ask for it first", "nothing: its flags lie in memory, where a filter cannot judge them", Answer.MISSING),
)  # fmt: skip

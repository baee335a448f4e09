"""The run's filter of system calls: its verdicts by a BPF evaluator, then what a filtered process meets."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import unittest
from typing import Callable

from pycell_runner.kernel import linux, seccomp
from pycell_runner.run import confinement

from .bpf import verdict

_PROGRAM = seccomp.build_filter()
_ALLOW = 0x7FFF0000
_KILL = 0x80000000


def _errno(number: int) -> int:
    return 0x00050000 | number


_REFUSE = _errno(errno.EPERM)

#: x86-64 numbers of calls that must not be allowed, with what they would open.
_FORBIDDEN = {
    "socket": 41, "connect": 42, "accept": 43, "sendmsg": 46, "recvmsg": 47, "bind": 49, "listen": 50, "fork": 57,
    "vfork": 58, "execve": 59, "shmget": 29, "semget": 64, "msgget": 68, "ptrace": 101, "setuid": 105, "setgid": 106,
    "setsid": 112, "capset": 126, "mknod": 133, "personality": 135, "modify_ldt": 154, "pivot_root": 155, "chroot": 161,
    "mount": 165, "umount2": 166, "swapon": 167, "reboot": 169, "init_module": 175, "setxattr": 188, "io_setup": 206,
    "mq_open": 240, "kexec_load": 246, "add_key": 248, "keyctl": 250, "inotify_init": 253, "mknodat": 259, "unshare": 272,
    "inotify_init1": 294, "perf_event_open": 298, "fanotify_init": 300, "recvmmsg": 299, "open_by_handle_at": 304,
    "setns": 308, "sendmmsg": 307, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
    "seccomp": 317, "memfd_create": 319, "bpf": 321, "execveat": 322, "userfaultfd": 323, "pidfd_send_signal": 424,
    "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430, "pidfd_open": 434, "openat2": 437,
    "pidfd_getfd": 438, "landlock_create_ruleset": 444, "memfd_secret": 447, "mseal": 462, "file_setattr": 469,
}  # fmt: skip


class Verdicts(unittest.TestCase):
    def assert_verdict(self, expected: int, number: int, *arguments: int, arch: int = 0xC000003E) -> None:
        self.assertEqual(hex(verdict(_PROGRAM, number, *arguments, arch=arch)), hex(expected))

    def test_the_program_is_one_that_the_kernel_accepts(self) -> None:
        self.assertEqual(len(_PROGRAM) % 8, 0)
        self.assertLessEqual(len(_PROGRAM) // 8, 4096)

    def test_calls_that_lead_out_of_the_process_are_refused(self) -> None:
        for name, number in _FORBIDDEN.items():
            with self.subTest(name):
                self.assert_verdict(_REFUSE, number)

    def test_another_abi_is_killed(self) -> None:
        for arch in (0x40000003, 0xC00000B7, 0):  # i386, aarch64, none
            self.assert_verdict(_KILL, 0, arch=arch)
        for number in (0x40000000, 0x40000000 | 39, 0x40000000 | 520, 0xFFFFFFFF):  # x32
            self.assert_verdict(_KILL, number)

    def test_clone_makes_threads_and_no_processes(self) -> None:
        thread = 0x3D0F00  # what pthread_create asks for
        self.assert_verdict(_ALLOW, 56, thread)
        own_descriptors, own_folder, traced = thread & ~0x400, thread & ~0x200, thread | 0x2000
        for flags in (own_descriptors, own_folder, traced, thread & ~0x10000, 0x10000000, 0x10000 << 32):
            self.assert_verdict(_REFUSE, 56, flags)
        for flags in (0, int(signal.SIGCHLD), 0x4111, 2**32 | 17):
            self.assert_verdict(_REFUSE, 56, flags)

    def test_clone3_does_not_exist(self) -> None:
        self.assert_verdict(_errno(errno.ENOSYS), 435)

    def test_only_local_stream_sockets_come_in_pairs(self) -> None:
        unix, stream = int(socket.AF_UNIX), int(socket.SOCK_STREAM)
        self.assert_verdict(_ALLOW, 53, unix, stream)
        self.assert_verdict(_ALLOW, 53, unix, stream | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
        for family, kind in ((1, 2), (1, 5), (1, 3), (1, 0), (1, 2 | socket.SOCK_CLOEXEC), (2, 1), (10, 1), (16, 3), (0, 1)):
            self.assert_verdict(_REFUSE, 53, family, kind)

    def test_sendto_names_no_address(self) -> None:
        self.assert_verdict(_ALLOW, 44, 3, 0x1000, 1, 0, 0, 0)
        for address in (1, 0x7FFF0000, 1 << 32, 1 << 63):
            self.assert_verdict(_REFUSE, 44, 3, 0x1000, 1, 0, address, 16)

    def test_signals_that_would_look_like_the_host_s_doing_are_refused(self) -> None:
        for number, before in ((62, 1), (200, 1), (234, 2)):
            for refused in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
                self.assert_verdict(_REFUSE, number, *[1] * before, refused)
            for allowed in (0, signal.SIGTERM, signal.SIGABRT, signal.SIGUSR1):
                self.assert_verdict(_ALLOW, number, *[1] * before, allowed)

    def test_limits_of_another_process_are_out_of_reach(self) -> None:
        self.assert_verdict(_ALLOW, 302, 0)
        for pid in (1, 2, 2**32 - 1):
            self.assert_verdict(_REFUSE, 302, pid)

    def test_the_limit_of_cpu_time_can_be_read_and_not_changed(self) -> None:
        self.assert_verdict(_REFUSE, 160, 0, 0x1000)
        self.assert_verdict(_ALLOW, 160, 9, 0x1000)
        self.assert_verdict(_ALLOW, 302, 0, 0, 0, 0x1000)
        for pointer in (0x1000, 1 << 32, 1 << 63):
            self.assert_verdict(_REFUSE, 302, 0, 0, pointer, 0)
            self.assert_verdict(_ALLOW, 302, 0, 9, pointer, 0)

    def test_prctl_sets_names_and_nothing_else(self) -> None:
        allowed = {option for option in range(80) if verdict(_PROGRAM, 157, option) == _ALLOW}
        self.assertEqual(allowed, {15, 16})

    def test_terminals_cannot_be_typed_into(self) -> None:
        self.assert_verdict(_ALLOW, 16, 0, 0x5401)
        for request in (0x5412, 0x541C, 0x5412 | 1 << 31, 0x8910):  # TIOCSTI, TIOCLINUX, ..., a socket's
            self.assert_verdict(_REFUSE, 16, 0, request)

    def test_fcntl_sets_no_leases_and_no_owners(self) -> None:
        self.assert_verdict(_ALLOW, 72, 0, 1030)  # F_DUPFD_CLOEXEC
        for command in (8, 10, 15, 1024, 1026, 1031, 1033):
            self.assert_verdict(_REFUSE, 72, 0, command)

    def test_a_pipe_stays_a_stream_that_sends_no_signals(self) -> None:
        for flags in (0, os.O_NONBLOCK, os.O_APPEND | os.O_RDWR):
            self.assert_verdict(_ALLOW, 72, 0, 4, flags)
        for flags in (os.O_DIRECT, 0x2000, os.O_DIRECT | os.O_NONBLOCK):
            self.assert_verdict(_REFUSE, 72, 0, 4, flags)
            self.assert_verdict(_REFUSE, 293, 0, flags)
            self.assert_verdict(_REFUSE, 257, 0, 0, flags)
        self.assert_verdict(_REFUSE, 293, 0, os.O_EXCL)  # a queue of notifications

    def test_locks_are_told_to_be_held_and_never_made(self) -> None:
        for command in (6, 7, 37, 38):
            self.assert_verdict(_errno(0), 72, 0, command)
        self.assert_verdict(_errno(0), 73)
        for command in (5, 36):
            self.assert_verdict(_ALLOW, 72, 0, command)

    def test_nothing_tells_or_changes_what_the_page_cache_holds(self) -> None:
        for number in (221, 27, 451, 187, 277):  # fadvise64, mincore, cachestat, readahead, sync_file_range
            self.assert_verdict(_REFUSE, number)
        for number in (327, 328):
            self.assert_verdict(_ALLOW, number, 3, 0, 1, 0, 0, 0)
            for flag in (1, 2, 4, 8, 16, 32, 64):
                self.assert_verdict(_REFUSE, number, 3, 0, 1, 0, 0, flag)
        for advice in (9, 12, 13, 18, 19, 20, 21, 24, 25, 100, 101):  # REMOVE, MERGEABLE, ..., COLD, PAGEOUT, COLLAPSE
            self.assert_verdict(_REFUSE, 28, 0, 0, advice)

    def test_no_option_of_a_socket_names_another_process(self) -> None:
        self.assert_verdict(_ALLOW, 55, 3, 1, 3)
        for option in (16, 17, 26, 31, 59, 77):  # PASSCRED, PEERCRED, ATTACH_FILTER, PEERSEC, PEERGROUPS, PEERPIDFD
            self.assert_verdict(_REFUSE, 55, 3, 1, option)
        self.assert_verdict(_REFUSE, 55, 3, 6, 3)

    def test_messages_of_sockets_carry_plain_bytes(self) -> None:
        for flag in (1, 0x10, 0x20, 0x2000, 0x4000000, 0x20000000):  # OOB, PROBE, TRUNC, ERRQUEUE, ZEROCOPY, FASTOPEN
            self.assert_verdict(_REFUSE, 44, 3, 0x1000, 1, flag, 0, 0)
            self.assert_verdict(_REFUSE, 45, 3, 0x1000, 1, flag, 0, 0)
        self.assert_verdict(_ALLOW, 44, 3, 0x1000, 1, 0x4040, 0, 0)
        self.assert_verdict(_ALLOW, 45, 3, 0x1000, 1, 0x142, 0, 0)


class FilteredProcess(unittest.TestCase):
    """The kernel's own reading of the program, in a fork of this process."""

    def put_on(self) -> None:
        seccomp.Filter(_PROGRAM).install()

    def status_of(self, act: Callable[[], None]) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                linux.forbid_new_privileges()
                self.put_on()
                act()
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def assert_errno(self, number: int, call: Callable[[], object]) -> None:
        def act() -> None:
            try:
                call()
            except OSError as error:
                assert error.errno == number, error
            else:
                raise AssertionError("the call was allowed")

        self.assertEqual(self.status_of(act), 0)

    def test_reads_files_and_starts_threads(self) -> None:
        def act() -> None:
            import threading

            thread = threading.Thread(target=os.getpid)
            thread.start()
            thread.join()
            with open(__file__, "rb") as file:
                file.read()
            left, right = socket.socketpair()
            with left, right:
                left.sendall(b"x")
                assert right.recv(1) == b"x"

        self.assertEqual(self.status_of(act), 0)

    def test_has_what_asyncio_and_sqlite_need(self) -> None:
        def act() -> None:
            import asyncio
            import fcntl
            import sqlite3
            import tempfile

            async def tick() -> int:
                await asyncio.sleep(0.001)
                return await asyncio.to_thread(os.getpid)

            confinement.wait_by_poll()
            assert asyncio.run(tick()) == os.getpid()
            with tempfile.TemporaryDirectory() as folder, sqlite3.connect(f"{folder}/a.db") as database:
                database.execute("pragma journal_mode = wal")
                database.execute("create table t (a)")
                database.execute("insert into t values (1)")
                database.commit()
                assert database.execute("select a from t").fetchall() == [(1,)]
                with open(f"{folder}/a.db", "rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    fcntl.lockf(file, fcntl.LOCK_SH)

        self.assertEqual(self.status_of(act), 0)

    def test_waits_by_no_epoll(self) -> None:
        import select

        self.assert_errno(errno.EPERM, select.epoll)

    def test_makes_no_process_and_no_socket_and_executes_nothing(self) -> None:
        self.assert_errno(errno.EPERM, os.fork)
        self.assert_errno(errno.EPERM, lambda: os.execv("/bin/true", ["true"]))
        self.assert_errno(errno.EPERM, socket.socket)
        self.assert_errno(errno.EPERM, lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
        self.assert_errno(errno.EPERM, lambda: os.memfd_create("x"))

    def test_cannot_kill_others_or_itself(self) -> None:
        self.assert_errno(errno.EPERM, lambda: os.kill(os.getpid(), signal.SIGKILL))

    def test_dies_of_an_i386_system_call(self) -> None:
        def act() -> None:
            import mmap

            code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
            ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()

        self.assertEqual(self.status_of(act), -signal.SIGSYS)

    def test_cannot_take_the_filter_off_or_its_own_limits_wide(self) -> None:
        def act() -> None:
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.prctl(22, 2, 0, 0, 0) == -1 and ctypes.get_errno() == errno.EPERM

        self.assertEqual(self.status_of(act), 0)


class FilteredInTwoParts(FilteredProcess):
    """The same, as a zygote and its run put it on."""

    def put_on(self) -> None:
        seccomp.Filter(seccomp.build_zygote_filter()).install()
        seccomp.Filter(seccomp.build_run_filter()).install()


if __name__ == "__main__":
    unittest.main()

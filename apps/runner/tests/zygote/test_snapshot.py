"""The memory of a process as a mapping of a file. Judged by what is in it and by page faults, not by time."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import mmap
import os
import signal
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from pycell_runner.kernel import linux
from pycell_runner.kernel.forks import ask_fork
from pycell_runner.zygote import hot_pages, immortal, process_memory, settling, snapshot
from pycell_runner.zygote.remapping import HalfDone, Remapping

from ..in_child import in_child
from ..page_faults import faults_of

_PAGE = mmap.PAGESIZE
_MADV_WIPEONFORK = 18
_ROOT = os.geteuid() == 0
#: Some 8 MB of objects.
_THINGS = [[number, str(number)] for number in range(60_000)]


def _work() -> None:
    """Use C libraries, callbacks, and memory of every kind."""
    assert json.loads(json.dumps(_THINGS[:1_000])) == _THINGS[:1_000]
    hashlib.sha256(b"x" * 100_000).hexdigest()
    assert len(sorted(_THINGS, key=lambda thing: -thing[0])) == len(_THINGS)
    process_memory.libraries()


def _mapped_from_file() -> int:
    """Return how many bytes of this process are mapped from its snapshot, a file that has no name any more."""
    total = 0
    for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
        if line.endswith("(deleted)") and "/#" in line:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            total += end - start
    return total


class Memory:
    """Three pages of this test's own."""

    def __init__(self) -> None:
        self.map = mmap.mmap(-1, 3 * _PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.map))


class RemappingByCode(unittest.TestCase):
    def test_holds_the_same_bytes_afterwards_and_writes_none_to_the_file(self) -> None:
        def check() -> None:
            memory = Memory()
            memory.map[:] = os.urandom(len(memory.map))
            before = memory.map[:]
            with tempfile.TemporaryFile() as file:
                end = memory.address + len(memory.map)
                ranges = [(memory.address, memory.address + _PAGE), (end - _PAGE, end)]
                assert Remapping(ranges, file.fileno())()
                assert memory.map[:] == before
                assert os.pread(file.fileno(), 1 << 20, 0) == before[:_PAGE] + before[-_PAGE:]
                memory.map[:] = b"\0" * len(memory.map)
                assert os.pread(file.fileno(), 1 << 20, 0) == before[:_PAGE] + before[-_PAGE:]

        self.assertEqual(in_child(check), 0)

    def test_changes_nothing_where_the_file_takes_no_bytes(self) -> None:
        def check() -> None:
            memory = Memory()
            memory.map[:3] = b"abc"
            whole = (memory.address, memory.address + len(memory.map))
            with open("/dev/full", "r+b", buffering=0) as file:
                assert not Remapping([whole], file.fileno())()
            assert memory.map[:3] == b"abc"

        self.assertEqual(in_child(check), 0)

    def test_a_place_that_is_not_there_is_an_answer_not_the_end(self) -> None:
        def check() -> None:
            with tempfile.TemporaryFile() as file:
                assert not Remapping([(1 << 45, (1 << 45) + _PAGE)], file.fileno())()

        self.assertEqual(in_child(check), 0)

    def test_says_so_where_only_the_mapping_fails(self) -> None:
        def check() -> None:
            memory = Memory()
            with tempfile.TemporaryFile() as file:
                os.ftruncate(file.fileno(), 1 << 16)
                other = os.open(f"/proc/self/fd/{file.fileno()}", os.O_WRONLY)
                try:
                    Remapping([(memory.address, memory.address + _PAGE)], other)()
                except HalfDone:
                    return
                raise AssertionError("a file that cannot be read was mapped")

        self.assertEqual(in_child(check), 0)

    def test_needs_something_to_map(self) -> None:
        with self.assertRaises(ValueError):
            Remapping([], 0)


@unittest.skipUnless(_ROOT, "only root may mount a file system")
class Snapshot(unittest.TestCase):
    def test_goes_on_with_the_same_memory(self) -> None:
        def check() -> None:
            expected = hashlib.sha256(repr(_THINGS).encode()).digest()
            assert snapshot.take_snapshot(_work)
            assert _mapped_from_file() > 8_000_000, _mapped_from_file()
            assert hashlib.sha256(repr(_THINGS).encode()).digest() == expected
            _work()
            assert in_child(_work) == 0

        self.assertEqual(in_child(check), 0)

    def test_what_a_workload_looks_at_is_there_from_the_start(self) -> None:
        def look() -> None:
            hashlib.sha256(looked_at).digest()

        def check() -> None:
            assert snapshot.take_snapshot(_work)
            before = int(ask_fork(lambda: b"%d" % faults_of(look)) or 0)
            hot_pages.map_what_is_read(look, process_memory.ask_for_memory(excluded=[]))
            after = int(ask_fork(lambda: b"%d" % faults_of(look)) or 0)
            # 24 MB are 366 blocks of what the kernel maps at once, or fewer, in larger pieces: that depends on what this
            # process has done before.
            assert 50 < before and after < before * 0.8, (before, after)

        looked_at = bytearray(24_000_000)
        looked_at[:] = b"1" * len(looked_at)
        self.assertEqual(in_child(check), 0)

    def test_no_process_has_a_descriptor_of_it_nor_sees_its_mount(self) -> None:
        def check() -> None:
            before, mounts = os.listdir("/proc/self/fd"), sorted(Path("/proc/self/mounts").read_text("utf-8").splitlines())
            assert snapshot.take_snapshot(_work)
            assert len(os.listdir("/proc/self/fd")) == len(before)
            assert sorted(Path("/proc/self/mounts").read_text("utf-8").splitlines()) == mounts

        self.assertEqual(in_child(check), 0)

    def test_what_a_fork_writes_or_throws_away_no_other_process_sees(self) -> None:
        def check() -> None:
            assert snapshot.take_snapshot(_work)
            start, end = _largest_mapping()
            before = ctypes.string_at(start, end - start)
            # It ends by what it does to itself, or in order; not by a failed check.
            assert in_child(lambda: _attack(start, end)) in (0, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT)
            changed = sum(a != b for a, b in zip(before, ctypes.string_at(start, end - start)))
            assert changed < 64 * 1024, changed  # what this process itself has done meanwhile

        self.assertEqual(in_child(check), 0)

    def test_has_far_fewer_mappings_to_fork(self) -> None:
        def check() -> None:
            before = len(Path("/proc/self/maps").read_text("utf-8").splitlines())
            assert snapshot.take_snapshot(_work)
            after = len(Path("/proc/self/maps").read_text("utf-8").splitlines())
            assert after < 0.7 * before, (before, after)

        self.assertEqual(in_child(check), 0)

    def test_no_page_is_writable_and_executable(self) -> None:
        def check() -> None:
            assert snapshot.take_snapshot(_work)
            both = [line for line in Path("/proc/self/maps").read_text("utf-8").splitlines() if " rwx" in line]
            assert not [line for line in both if "(deleted)" in line], both

        self.assertEqual(in_child(check), 0)

    def test_is_not_taken_where_the_proof_does_not_live(self) -> None:
        def check() -> None:
            assert not snapshot.take_snapshot(lambda: ctypes.string_at(1))
            assert _mapped_from_file() == 0
            _work()

        self.assertEqual(in_child(check), 0)

    def test_is_not_taken_on_another_processor_or_beside_a_thread(self) -> None:
        def check() -> None:
            with mock.patch.object(snapshot.platform, "machine", lambda: "aarch64"):
                assert not snapshot.take_snapshot(_work)
            waiting = threading.Event()
            thread = threading.Thread(target=waiting.wait)
            thread.start()
            assert not snapshot.take_snapshot(_work)
            assert not immortal.make_immortal(_work)
            waiting.set()
            thread.join()
            assert _mapped_from_file() == 0

        self.assertEqual(in_child(check), 0)

    def test_leaves_out_what_a_fork_is_to_find_empty(self) -> None:
        def check() -> None:
            memory = Memory()
            libc = ctypes.CDLL(None)
            second = ctypes.c_void_p(memory.address + _PAGE)
            assert libc.madvise(second, ctypes.c_size_t(_PAGE), _MADV_WIPEONFORK) == 0
            memory.map[:] = b"s" * len(memory.map)
            assert snapshot.take_snapshot(_work)
            assert memory.map[:] == b"s" * len(memory.map)
            assert in_child(is_empty) == 0

        def is_empty() -> None:
            assert memory_of[0].map[_PAGE : 2 * _PAGE] == bytes(_PAGE)

        memory_of: list[Memory] = []
        original = Memory.__init__

        def remember(self: Memory) -> None:
            original(self)
            memory_of.append(self)

        with mock.patch.object(Memory, "__init__", remember):
            self.assertEqual(in_child(check), 0)

    def test_is_not_taken_where_forks_would_have_the_same_random_numbers(self) -> None:
        def check() -> None:
            with mock.patch.object(snapshot, "_random_bytes", lambda: b"4"):
                assert not snapshot.take_snapshot(_work)
            assert _mapped_from_file() == 0

        self.assertEqual(in_child(check), 0)

    def test_is_not_taken_where_nothing_can_be_mounted(self) -> None:
        def check() -> None:
            with mock.patch.object(linux, "mount_memory", side_effect=OSError(errno.EPERM, "no")):
                assert not snapshot.take_snapshot(_work)
            assert _mapped_from_file() == 0

        self.assertEqual(in_child(check), 0)


class Settling(unittest.TestCase):
    @unittest.skipUnless(_ROOT, "only root may mount a file system")
    def test_tells_what_was_reached(self) -> None:
        def check() -> None:
            settled = settling.settle_memory(_work, is_jail=True, can_mount=True)
            assert settled.has_snapshot
            assert 0 < settled.shared_bytes < 64 << 20, settled.shared_bytes
            assert in_child(settled.warm) == 0

        self.assertEqual(in_child(check), 0)

    def test_takes_no_snapshot_where_nothing_may_be_mounted(self) -> None:
        def check() -> None:
            settled = settling.settle_memory(_work, is_jail=True, can_mount=False)
            assert (settled.has_snapshot, settled.shared_bytes) == (False, 0)
            assert _mapped_from_file() == 0

        self.assertEqual(in_child(check), 0)

    def test_only_learns_without_a_jail(self) -> None:
        def check() -> None:
            settled = settling.settle_memory(_work, is_jail=False, can_mount=False)
            assert (settled.is_immortal, settled.has_snapshot) == (False, False)
            assert in_child(settled.warm) == 0

        self.assertEqual(in_child(check), 0)


def _largest_mapping() -> tuple[int, int]:
    ranges = []
    for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
        if line.endswith("(deleted)") and "/#" in line:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            ranges.append((end - start, start, end))
    return max(ranges)[1:]


def _attack(start: int, end: int) -> None:
    """Do to the mapping all that the filter lets a run do, and more."""
    libc = ctypes.CDLL(None, use_errno=True)
    for advice in (4, 8, 9, 21, 22, 25):  # DONTNEED, FREE, REMOVE, PAGEOUT, POPULATE_READ, COLLAPSE
        libc.madvise(ctypes.c_void_p(start + _PAGE), ctypes.c_size_t(_PAGE), advice)
    libc.msync(ctypes.c_void_p(start), ctypes.c_size_t(end - start), 4)
    libc.mremap.restype = ctypes.c_void_p
    shared = libc.mremap(ctypes.c_void_p(start), ctypes.c_size_t(0), ctypes.c_size_t(_PAGE), 1)
    assert shared == ctypes.c_void_p(-1).value, "a private mapping was made a second time"
    # The last thing that this process does: everything that it has lies there.
    libc.memset(ctypes.c_void_p(start), 0x5A, ctypes.c_size_t(end - start))
    os._exit(0)


if __name__ == "__main__":
    unittest.main()

"""The profile for gVisor, as far as Linux can stand in for it: its fork, its capabilities, and what it gives up."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
import unittest
from pathlib import Path

from pycell_runner.kernel import rlimits
from pycell_runner.profiles.choice import JAIL_PROFILES, profile_of
from pycell_runner.profiles.local import LocalProfile
from pycell_runner.profiles.profile import Profile
from pycell_runner.protocol.contract import SHM_BYTES
from pycell_runner.protocol.request import RunLimits

from ..in_child import in_child

_LIMITS = RunLimits(
    timeout_ms=1000,
    memory_bytes=1 << 29,
    output_bytes=1 << 20,
    result_bytes=1 << 20,
    result_depth=100,
    open_files=64,
    file_bytes=1 << 24,
    cpu_seconds=1,
    threads=8,
    files=8,
    artifact_bytes=1 << 20,
)

_RUNNER = Path(__file__).parents[2]
_ALONE = ["unshare", "--user", "--map-root-user", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--"]


def _can_make_namespaces() -> bool:
    try:
        return subprocess.run([*_ALONE, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:  # no util-linux
        return False


@unittest.skipUnless(_can_make_namespaces() or os.environ.get("CI") == "true", "this host forbids user namespaces")
class Orphan(unittest.TestCase):
    """Pid 1 of a new namespace starts a process that forks a run, as a supervisor starts a zygote."""

    def say(self, *, zygote: str, supervisor: str = "") -> str:
        """Return what the processes print; `fork` and `linux` are there."""
        program = textwrap.dedent("""
            import os, sys
            from pycell_runner.kernel import linux
            from pycell_runner.profiles.choice import profile_of
            profile = profile_of(True, "gvisor")
            zygote = os.fork()
            if zygote == 0:
                fork = profile.fork()
                {zygote}
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(zygote, 0)  # by its pid: what it has forked may be the first to end
            {supervisor}
        """).format(
            zygote=textwrap.indent(textwrap.dedent(zygote), " " * 4).strip(),
            supervisor=textwrap.dedent(supervisor),
        )
        done = subprocess.run(
            [*_ALONE, sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(_RUNNER)!r})\n{program}"],
            capture_output=True,
            text=True,
            timeout=30,
        )
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_a_run_is_pid_1_of_its_own_namespace_and_a_child_of_the_supervisor(self) -> None:
        said = self.say(
            zygote="""
                pid = fork()
                if pid == 0:
                    print("run", os.getpid(), os.getppid(), flush=True)
                    os._exit(7)
                print("forked", pid, flush=True)
            """,
            supervisor="""
                pid, status = os.wait()
                print("ended", pid, os.waitstatus_to_exitcode(status))
            """,
        )
        lines = said.splitlines()
        self.assertIn("run 1 0", lines)
        forked = next(line.split()[1] for line in lines if line.startswith("forked"))
        self.assertEqual(lines[-1], f"ended {forked} 7")

    def test_the_process_in_between_is_gone_and_no_descriptor_stays_open(self) -> None:
        said = self.say(
            zygote="""
                before = os.dup(0)
                os.close(before)
                for _ in range(3):
                    if fork() == 0:
                        os._exit(0)
                print("descriptors", os.dup(0) - before)
                try:
                    os.wait()
                except ChildProcessError:
                    print("no child")
            """,
        )
        self.assertIn("descriptors 0", said)
        self.assertIn("no child", said)

    def test_a_fork_that_is_refused_says_so_and_leaks_nothing(self) -> None:
        said = self.say(
            zygote="""
                linux.keep_capabilities(0)
                before = os.dup(0)
                os.close(before)
                try:
                    fork()
                except OSError as error:
                    print("refused", os.dup(0) - before)
            """,
        )
        self.assertIn("refused 0", said)

    def test_only_what_zygotes_need_is_kept_of_the_capabilities_even_by_a_program_that_is_executed(self) -> None:
        said = self.say(
            zygote="""
                profile.prepare_supervisor()
                print("kept", hex(linux.effective_capabilities()), flush=True)
                os.execv(sys.executable, [sys.executable, "-I", "-c",
                    "import sys; sys.path.insert(0, %r)\\nfrom pycell_runner.kernel import linux\\n"
                    "print('executed', hex(linux.effective_capabilities()))" % sys.path[0]])
            """,
        )
        self.assertIn("kept 0x200100", said)
        self.assertIn("executed 0x200100", said)

    def test_the_only_run_of_a_runner_has_a_namespace_of_its_own_too_and_no_capability(self) -> None:
        said = self.say(
            zygote="os._exit(0)",
            supervisor="""
                profile.prepare_supervisor()
                isolate = profile.isolation_of_only()
                pid = profile.fork_only()()
                if pid == 0:
                    isolate(1)
                    print("run", os.getpid(), os.getppid(), hex(linux.effective_capabilities()), flush=True)
                    os._exit(0)
                os.waitpid(pid, 0)
            """,
        )
        self.assertIn("run 1 0 0x0", said)


class Limits(unittest.TestCase):
    def assert_limits(self, profile: Profile, file_bytes: int, memory_bytes: int) -> None:
        """What is put on a process that forks runs: the size of one file, and memory beyond what it has."""

        def check() -> None:
            base = rlimits.address_space_bytes()
            profile.apply_limits(_LIMITS)
            assert resource.getrlimit(resource.RLIMIT_FSIZE) == (file_bytes, file_bytes)
            memory, _ = resource.getrlimit(resource.RLIMIT_AS)
            assert abs(memory - base - memory_bytes) < 1 << 20, memory - base

        self.assertEqual(in_child(check), 0)

    def test_inside_gvisor_a_run_may_write_no_file_and_nothing_is_set_aside_for_files(self) -> None:
        self.assert_limits(profile_of(True, "gvisor"), 0, _LIMITS.memory_bytes)

    def test_with_all_of_linux_files_count_as_memory(self) -> None:
        memory_bytes = _LIMITS.memory_bytes - _LIMITS.file_bytes - SHM_BYTES
        self.assert_limits(profile_of(True, "full"), _LIMITS.file_bytes, memory_bytes)

    def test_without_a_jail_files_lie_on_the_host_s_disk_and_do_not_count(self) -> None:
        self.assert_limits(profile_of(False, "full"), _LIMITS.file_bytes, _LIMITS.memory_bytes)


class Check(unittest.TestCase):
    def test_this_process_is_no_jail_of_either_kind(self) -> None:
        for name, profile in JAIL_PROFILES.items():
            with self.subTest(name):
                faults = profile.find_faults(has_zygotes=True)
                self.assertTrue(any(fault.startswith("not pid 1") for fault in faults))
                self.assertIn("/proc is mounted", faults)

    def test_local_mode_promises_nothing_whatever_the_profile_is_called(self) -> None:
        for name in JAIL_PROFILES:
            profile = profile_of(False, name)
            self.assertIsInstance(profile, LocalProfile)
            self.assertEqual(profile.find_faults(has_zygotes=True), [])


if __name__ == "__main__":
    unittest.main()

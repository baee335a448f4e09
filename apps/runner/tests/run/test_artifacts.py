"""What a script leaves: files in output/, bounded and not followed, with what open files hold back. Local mode."""

from __future__ import annotations

import unittest

from ..conversation import Parts
from ..runner_case import WarmCase


class FilesLeft(WarmCase):
    def artifacts(self, body: str, **limits: int) -> list[tuple[str, bytes]]:
        return self.execute(f"import os, threading\ndef main():\n    {body}", **limits).artifacts

    def assert_too_large(self, body: str, message: str, **limits: int) -> None:
        failure = self.execute(f"import os\ndef main():\n    {body}", **limits).failure
        self.assertEqual(failure["status"], "ARTIFACTS_TOO_LARGE", failure)
        self.assertIn(message, failure["message"])

    def test_nothing_is_told_where_nothing_is_left(self) -> None:
        self.assertEqual(self.artifacts("pass"), [])
        self.assertEqual(self.artifacts("os.rmdir('output')"), [])
        self.assertEqual(self.artifacts("os.makedirs('output/a/b/c')"), [])

    def test_what_open_files_hold_back_is_written_as_at_the_end_of_a_program(self) -> None:
        body = "global f, g; f = open('output/f', 'w'); f.write('x'); g = open('output/g', 'wb'); g.write(b'y')"
        self.assertEqual(self.artifacts(body), [("f", b"x"), ("g", b"y")])

    def test_a_script_that_has_taken_every_descriptor_keeps_its_files(self) -> None:
        body = "open('output/a', 'w').close(); global held; held = []\n    try:\n        while True: held.append(open('/dev/null'))\n    except OSError: pass"
        self.assertEqual(self.artifacts(body), [("a", b"")])

    def test_one_descriptor_that_is_left_is_not_enough_to_leave_files_out(self) -> None:
        body = "os.makedirs('output/a/b'); open('output/a/b/c', 'w').close(); global held; held = []\n    try:\n        while True: held.append(open('/dev/null'))\n    except OSError: held.pop()"
        self.assertEqual(self.artifacts(body), [("a/b/c", b"")])

    def test_links_are_not_followed_and_pipes_not_waited_for(self) -> None:
        body = "os.symlink('/etc/passwd', 'output/l'); os.symlink('..', 'output/d'); os.mkfifo('output/p'); os.link('/proc/self/status', 'output/h') if 0 else None; open('output/f', 'w').close()"
        self.assertEqual(self.artifacts(body), [("f", b"")])

    def test_files_that_may_not_be_read_are_left_out(self) -> None:
        self.assertEqual(self.artifacts("os.mkdir('output/d', 0); open('output/f', 'w').close()")[-1:], [("f", b"")])

    def test_limits_are_exact(self) -> None:
        body = "[open(f'output/{n}', 'wb').write(bytes(10)) for n in range(4)]"
        self.assertEqual(len(self.artifacts(body, files=4, artifactBytes=40)), 4)
        self.assert_too_large(body, "there are more files", files=3)
        self.assert_too_large(body, "output/3", artifactBytes=39)

    def test_a_file_that_grows_while_it_is_read_ends_somewhere(self) -> None:
        script = """
import os, threading
def main():
    target = os.open("output/grows", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    def grow():
        try:
            while True: os.write(target, bytes(4096))
        except OSError: pass
    thread = threading.Thread(target=grow, daemon=True)
    thread.start()
"""
        for _ in range(5):
            report = self.execute(script, fileBytes=1 << 20, artifactBytes=1 << 19)
            head, _result = report.outcome()
            # Its descriptor is closed before anything is read: mostly that is its end.
            self.assertIn(head["status"], ("OK", "ARTIFACTS_TOO_LARGE"))

    def test_deep_folders_are_looked_into_to_a_depth(self) -> None:
        body = "path = 'output'\n    for n in range(60):\n        path += '/d'; os.mkdir(path)\n        if n in (10, 50): open(path + '/f', 'w').close()"
        names = [name for name, _ in self.artifacts(body)]
        self.assertEqual(len(names), 1)

    def test_a_script_that_broke_what_gathers_them_is_answered_all_the_same(self) -> None:
        for broken in ("os.listdir = None", "import builtins; builtins.len = builtins.list = None", "import sys; sys.modules.clear()", "import gc; gc.get_objects = None"):
            with self.subTest(broken):
                report = self.execute(f"import os\ndef main():\n    open('output/a', 'w').write('x')\n    {broken}\n    return 1")
                self.assertEqual((report.result, report.artifacts), (1, [("a", b"x")]))


class WhatComesWithAScript(WarmCase):
    def test_files_and_standard_input_of_megabytes(self) -> None:
        big = bytes(range(256)) * 3000
        parts = Parts(stdin=big, files={"a/b/c": big, "d": b""})
        script = "import os\ndef main(): return [os.fstat(0).st_nlink, len(open(0, 'rb').read()), len(open('a/b/c', 'rb').read()), sorted(os.listdir('.'))]"
        self.assertEqual(self.execute_with(parts, script).result, [0, len(big), len(big), ["a", "d", "output"]])

    def test_less_memory(self) -> None:
        script = "def main(): return len(bytearray(100 << 20))"
        self.assertEqual(self.execute_with(Parts(), script).result, 100 << 20)
        failure = self.execute_with(Parts(memory_bytes=64 << 20), script).failure
        self.assertEqual(failure["status"], "MEMORY_LIMIT")

    def test_a_limit_of_memory_cannot_be_taken_back(self) -> None:
        script = """
import resource
def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (hard + 1, hard + 1))
    except (ValueError, OSError):
        return "kept" if hard - soft == 32 << 20 else [soft, hard]
"""
        # Root of the host may raise it; in a jail nobody is.
        self.assertIn(self.execute_with(Parts(memory_bytes=64 << 20), script).result, ("kept", None))


if __name__ == "__main__":
    unittest.main()

"""Runs that are paused, or whose output is being gathered, when their time is over."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import termios
import threading
import time
import unittest

from pycell_runner.kernel.place_signal import PLACE_SIGNAL
from pycell_runner.protocol.frames import Frame, FrameDecoder, FrameType, encode

from ..in_child import in_child
from .supervisor_scene import SupervisorScene

_PIPE_BYTES = 64 * 1024
_STACK = b'Current thread 0x00007f0000000000 (most recent call first):\n  File "script.py", line 7 in main\n'
#: Exit status of a check in which the run did not answer in time: it has 20 ms, and the machine may have other work.
_NO_ANSWER = 3
_START = encode(FrameType.START, 5, b'{"timeoutMs": 60}')


def _adopt_answering(scene: SupervisorScene) -> None:
    """Have a run adopted that prints now and then, and tells its place when it is asked to."""
    (stdout, out), (stderr, err) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(PLACE_SIGNAL, lambda *_: os.write(err, _STACK))
        while True:
            os.write(out, b"x")
            time.sleep(0.0005)
    scene.supervisor.adopt(5, pid, stdout, stderr)


def _adopt_flooding(scene: SupervisorScene) -> None:
    """Have a run adopted that prints without end and whose pipe is full."""
    (stdout, out), (stderr, _) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(PLACE_SIGNAL, signal.SIG_IGN)
        while True:
            os.write(out, b"x" * 4096)
    pending = bytearray(4)
    while int.from_bytes(pending, sys.byteorder) < _PIPE_BYTES:
        time.sleep(0.001)
        fcntl.ioctl(stdout, termios.FIONREAD, pending)
    scene.supervisor.adopt(5, pid, stdout, stderr)


def _until_gone(scene: SupervisorScene) -> list[Frame]:
    """Everything that the service receives until no run is left."""
    frames: list[Frame] = []

    def receive() -> None:
        decoder = FrameDecoder()
        while not any(frame.type is FrameType.GONE for frame in frames):
            frames.extend(decoder.feed(scene.service.recv(1 << 16)))

    reader = threading.Thread(target=receive, daemon=True)
    reader.start()
    scene.supervisor.serve(lambda: scene.supervisor.runs == 0 and not scene.supervisor._control.has_unsent)
    reader.join(5)
    return frames


def _bytes_of(frames: list[Frame], kind: FrameType) -> bytes:
    return b"".join(frame.payload for frame in frames if frame.type is kind)


class AtTheDeadline(unittest.TestCase):
    def _ends_with_its_line(self, *, resumed: bool) -> None:
        def check() -> None:
            sys.setswitchinterval(0.0005)
            scene = SupervisorScene(1 << 20)
            _adopt_answering(scene)
            scene.service.sendall(_START + (encode(FrameType.PAUSE, 5) if resumed else b""))
            if resumed:
                # It comes while the run is asked where it is: 60 ms, and 20 in which it may answer.
                threading.Timer(0.065, scene.service.sendall, (encode(FrameType.RESUME, 5),)).start()
            frames = _until_gone(scene)
            (ended,) = (json.loads(frame.payload) for frame in frames if frame.type is FrameType.ENDED)
            assert ended["status"] == "TIMEOUT", ended
            assert _bytes_of(frames, FrameType.STDERR) == b"", frames
            if "line" not in ended:
                os._exit(_NO_ANSWER)
            assert ended["line"] == 7, ended

        ends = [in_child(check) for _ in range(8)]
        self.assertIn(0, ends)
        self.assertLessEqual(set(ends), {0, _NO_ANSWER})

    def test_what_is_being_gathered_waits_until_the_run_has_told_its_place(self) -> None:
        self._ends_with_its_line(resumed=False)

    def test_so_does_what_a_run_prints_that_is_resumed_at_that_moment(self) -> None:
        self._ends_with_its_line(resumed=True)

    def test_of_a_paused_run_that_prints_without_end_what_its_pipe_holds_is_passed_on(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1 << 30)
            _adopt_flooding(scene)
            scene.service.sendall(_START + encode(FrameType.PAUSE, 5))
            printed = _bytes_of(_until_gone(scene), FrameType.STDOUT)
            # At the deadline, and once more when it is dead: it writes on meanwhile, and while it is read from.
            assert _PIPE_BYTES <= len(printed) <= 3 * _PIPE_BYTES, len(printed)

        for _ in range(5):
            self.assertEqual(in_child(check), 0)


if __name__ == "__main__":
    unittest.main()

"""What the supervisor tells of runs that die slowly, and of those whose memory cannot be measured while they live."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import threading
import time
import unittest
from typing import Any

from pycell_runner.kernel.place_signal import PLACE_SIGNAL
from pycell_runner.protocol.frames import Frame, FrameType, encode

from ..in_child import in_child, passes_once
from .supervisor_scene import SupervisorScene, forked

_MIB = 1 << 20
_SYS_EXIT = 60
#: It lets go of the interpreter: the thread that calls it may not come back.
_libc = ctypes.CDLL(None)


def _die_slowly(seconds: float) -> None:
    """Have processes that are killed in this one live on for a while, as those do whose memory is torn down."""
    kill = os.kill

    def kill_later(pid: int, number: int) -> None:
        if number == signal.SIGKILL:
            threading.Timer(seconds, kill, (pid, number)).start()
        else:
            kill(pid, number)

    os.kill = kill_later


def _forked_busy(seconds: float) -> int:
    """A child that has used so much CPU time, and waits for ever."""
    inside, outside = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        while time.process_time() < seconds:
            pass
        os.write(outside, b"x")
        signal.pause()
    os.read(inside, 1)
    return pid


def _ended(frames: list[Frame]) -> dict[str, Any]:
    (payload,) = (frame.payload for frame in frames if frame.type is FrameType.ENDED)
    return dict(json.loads(payload))


class SlowDeath(unittest.TestCase):
    def test_the_end_is_told_soon_and_that_it_is_gone_when_it_is_dead(self) -> None:
        def check() -> None:
            _die_slowly(1.0)
            scene = SupervisorScene(1000)
            os.write(scene.adopt(_forked_busy(0.2)), b"last words")
            began = time.monotonic()
            scene.send(FrameType.START, FrameType.CANCEL)
            scene.settle(0.15)
            assert [frame.type for frame in scene.received()] == [FrameType.STDOUT]
            scene.settle(0.25)
            frames = scene.received()
            assert [frame.type for frame in frames] == [FrameType.ENDED], frames
            ended = _ended(frames)
            assert ended["status"] == "CANCELLED" and "peakResidentBytes" not in ended, ended
            assert ended["cpuMs"] >= 100, ended
            assert scene.supervisor.runs == 1
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            assert time.monotonic() - began > 0.8
            assert [frame.type for frame in scene.received()] == [FrameType.GONE]

        self.assertTrue(passes_once(check))

    def test_a_deadline_is_told_too_though_the_run_is_not_dead(self) -> None:
        def check() -> None:
            _die_slowly(1.0)
            scene = SupervisorScene(1000)
            signal.signal(PLACE_SIGNAL, signal.SIG_IGN)  # a run has a handler for it
            scene.adopt(forked(None))
            scene.service.sendall(encode(FrameType.START, 5, b'{"timeoutMs": 50}'))
            scene.settle(0.45)
            assert _ended(scene.received())["status"] == "TIMEOUT"
            assert scene.supervisor.runs == 1
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)

        self.assertTrue(passes_once(check))

    def test_one_that_still_writes_is_not_read_for_ever(self) -> None:
        def check() -> None:
            _die_slowly(10)
            scene = SupervisorScene(1 << 30)
            pid = forked(None)
            write = scene.adopt(pid)
            threading.Thread(target=_write_for_ever, args=(write,), daemon=True).start()
            scene.service.setblocking(False)
            threading.Thread(target=_read_for_ever, args=(scene.service,), daemon=True).start()
            scene.send(FrameType.START, FrameType.CANCEL)
            began = time.monotonic()
            scene.settle(0.4)
            assert time.monotonic() - began < 5
            signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL)  # it has been seen
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)

        self.assertEqual(in_child(check), 0)

    def test_a_sign_of_life_is_given_at_once_while_a_run_dies(self) -> None:
        def check() -> None:
            _die_slowly(1.0)
            scene = SupervisorScene(1000)
            scene.adopt(forked(None))
            scene.send(FrameType.START, FrameType.CANCEL)
            scene.send(FrameType.PING, run=0)
            assert [frame.type for frame in scene.received()] == [FrameType.PONG]
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)

        self.assertEqual(in_child(check), 0)


class Measures(unittest.TestCase):
    def test_memory_of_a_run_whose_first_thread_has_exited_is_that_of_its_death(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1000)
            inside, outside = os.pipe()
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                held = bytearray(64 * _MIB)
                threading.Thread(target=_tell_and_wait, args=(outside, held)).start()
                _libc.syscall(_SYS_EXIT, 0)
            scene.adopt(pid)
            scene.send(FrameType.START)
            os.read(inside, 1)
            time.sleep(0.05)
            scene.send(FrameType.FINISH)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            ended = _ended(scene.received())
            assert ended["status"] == "OK", ended
            assert ended["peakResidentBytes"] > 64 * _MIB, ended

        self.assertTrue(passes_once(check))

    def test_memory_and_time_of_a_run_that_lives_are_told_before_it_dies(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1000)
            scene.adopt(forked(None))
            scene.send(FrameType.START, FrameType.FINISH)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            assert _ended(scene.received())["peakResidentBytes"] > _MIB

        self.assertEqual(in_child(check), 0)


def _tell_and_wait(descriptor: int, _held: bytearray) -> None:
    time.sleep(0.05)
    os.write(descriptor, b"x")
    time.sleep(60)


def _write_for_ever(descriptor: int) -> None:
    try:
        while True:
            os.write(descriptor, b"x" * 4096)
    except OSError:  # the supervisor has closed its end
        return


def _read_for_ever(service: Any) -> None:
    while True:
        try:
            service.recv(1 << 20)
        except BlockingIOError:
            time.sleep(0.001)


if __name__ == "__main__":
    unittest.main()

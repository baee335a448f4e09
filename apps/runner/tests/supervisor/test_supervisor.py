"""The supervisor's rarer moments, which no script can cause at will."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import time
import unittest

from pycell_runner.kernel import linux
from pycell_runner.protocol.frames import FrameType, encode

from ..in_child import in_child
from .supervisor_scene import SupervisorScene, forked

#: Fits into a pipe.
_OUTPUT_BYTES = 1000


def _scene() -> SupervisorScene:
    return SupervisorScene(_OUTPUT_BYTES)


class Adoption(unittest.TestCase):
    def test_of_a_run_that_died_unknown_and_was_cancelled_early_is_reported_as_its_end(self) -> None:
        def check() -> None:
            scene = _scene()
            scene.send(FrameType.START, FrameType.CANCEL)
            pid = forked(0)
            os.waitpid(pid, 0)
            scene.adopt(pid)
            assert [frame.type for frame in scene.received()] == [FrameType.ENDED, FrameType.GONE]
            assert scene.supervisor.runs == 0

        self.assertEqual(in_child(check), 0)

    def test_of_a_run_that_was_started_and_cancelled_early_ends_it(self) -> None:
        def check() -> None:
            scene = _scene()
            scene.send(FrameType.START, FrameType.CANCEL)
            scene.adopt(forked(None))
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            ended, gone = scene.received()
            assert json.loads(ended.payload)["status"] == "CANCELLED"
            assert gone.type is FrameType.GONE

        self.assertEqual(in_child(check), 0)

    def test_early_frames_for_runs_that_never_come_do_not_pile_up(self) -> None:
        def check() -> None:
            scene = _scene()
            for run in range(10, 2010):
                scene.send(FrameType.START, run=run)
            scene.send(FrameType.START, FrameType.CANCEL)
            scene.adopt(forked(None))
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            assert len(scene.received()) == 2

        self.assertEqual(in_child(check), 0)


class Pauses(unittest.TestCase):
    def test_a_paused_run_is_not_read_until_it_is_resumed(self) -> None:
        def check() -> None:
            scene = _scene()
            write = scene.adopt(forked(None))
            scene.send(FrameType.START, FrameType.PAUSE)
            os.write(write, b"while paused")
            scene.send(FrameType.PAUSE)
            assert scene.received() == []
            scene.send(FrameType.RESUME)
            scene.settle()
            assert [(frame.type, frame.payload) for frame in scene.received()] == [(FrameType.STDOUT, b"while paused")]
            scene.send(FrameType.CANCEL)

        self.assertEqual(in_child(check), 0)

    def test_a_pause_that_comes_before_the_start_counts(self) -> None:
        def check() -> None:
            scene = _scene()
            scene.send(FrameType.PAUSE)
            write = scene.adopt(forked(None))
            os.write(write, b"x")
            scene.send(FrameType.START)
            scene.settle()
            assert scene.received() == []
            scene.send(FrameType.RESUME)
            scene.settle()
            assert [frame.payload for frame in scene.received()] == [b"x"]
            scene.send(FrameType.CANCEL)

        self.assertEqual(in_child(check), 0)

    def test_what_a_paused_run_has_printed_is_passed_on_when_it_ends(self) -> None:
        def check() -> None:
            scene = _scene()
            write = scene.adopt(forked(None))
            scene.send(FrameType.START, FrameType.PAUSE)
            os.write(write, b"last words")
            scene.send(FrameType.CANCEL, FrameType.RESUME)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            assert [frame.type for frame in scene.received()] == [FrameType.STDOUT, FrameType.ENDED, FrameType.GONE]

        self.assertEqual(in_child(check), 0)

    def test_a_pause_does_not_stop_the_clock(self) -> None:
        def check() -> None:
            scene = _scene()
            scene.adopt(forked(None))
            scene.service.sendall(encode(FrameType.START, 5, b'{"timeoutMs": 50}') + encode(FrameType.PAUSE, 5))
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            ended, _ = scene.received()
            assert json.loads(ended.payload)["status"] == "TIMEOUT"

        self.assertEqual(in_child(check), 0)

    def test_a_pause_of_one_run_leaves_the_others_alone(self) -> None:
        def check() -> None:
            scene = _scene()
            paused, other = scene.adopt(forked(None)), scene.adopt(forked(None), run=6)
            scene.send(FrameType.START, FrameType.PAUSE)
            scene.send(FrameType.START, run=6)
            for write in (paused, other):
                os.write(write, b"x")
            scene.settle()
            assert [frame.run for frame in scene.received()] == [6]
            scene.send(FrameType.CANCEL)
            scene.send(FrameType.CANCEL, run=6)

        self.assertEqual(in_child(check), 0)


class Starts(unittest.TestCase):
    def test_a_start_that_does_not_fit_ends_the_service_of_all(self) -> None:
        for payload in (b"", b"{}", b'{"timeoutMs": 0}', b'{"timeoutMs": "1"}', b'{"timeoutMs": 10001}', b"\xff"):

            def check(payload: bytes = payload) -> None:
                scene = _scene()
                scene.adopt(forked(None))
                scene.service.sendall(encode(FrameType.START, 5, payload))
                scene.supervisor.serve(lambda: False)
                scene.supervisor.kill_all()

            with self.subTest(payload):
                self.assertEqual(in_child(check), 0)


    def test_a_start_that_does_not_fit_and_came_early_ends_the_service_too(self) -> None:
        def check() -> None:
            scene = _scene()
            scene.service.sendall(encode(FrameType.START, 5, b"{}"))
            scene.settle()
            scene.adopt(forked(None))
            scene.supervisor.serve(lambda: False)
            scene.supervisor.kill_all()

        self.assertEqual(in_child(check), 0)


class Ends(unittest.TestCase):
    def test_a_run_that_ended_before_any_start_is_reported_with_its_output(self) -> None:
        def check() -> None:
            scene = _scene()
            pid = forked(3)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            os.write(scene.adopt(pid), b"last words")
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            output, ended, gone = scene.received()
            assert (output.type, output.payload) == (FrameType.STDOUT, b"last words")
            assert json.loads(ended.payload)["exitCode"] == 3, ended
            assert "runMs" not in json.loads(ended.payload), ended

        self.assertEqual(in_child(check), 0)

    def test_a_run_that_stops_itself_is_woken(self) -> None:
        def check() -> None:
            scene = _scene()
            pid = os.fork()
            if pid == 0:
                os.kill(os.getpid(), signal.SIGSTOP)
                os._exit(4)
            scene.adopt(pid)
            scene.send(FrameType.START)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            ended, gone = scene.received()
            assert json.loads(ended.payload)["exitCode"] == 4, ended

        self.assertEqual(in_child(check), 0)

    def test_too_much_output_between_finish_and_the_stop_does_not_wake_the_run(self) -> None:
        def check() -> None:
            linux.become_subreaper()
            scene = _scene()
            inside, ran_on = os.pipe(), os.pipe()
            write = scene.adopt(_forked_unstoppable(inside[1], ran_on[1]))
            os.write(write, b"x" * (_OUTPUT_BYTES // 2))
            scene.send(FrameType.START)
            os.read(inside[0], 1)
            os.write(write, b"x" * (_OUTPUT_BYTES // 2 + 1))
            scene.send(FrameType.FINISH)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            *output, ended, gone = scene.received()
            assert sum(len(frame.payload) for frame in output) == _OUTPUT_BYTES
            assert json.loads(ended.payload)["status"] == "OUTPUT_LIMIT", ended
            os.set_blocking(ran_on[0], False)
            try:
                raise AssertionError(f"the run ran on: {os.read(ran_on[0], 1)!r}")
            except BlockingIOError:  # it did not
                pass
            try:
                os.wait()
            except ChildProcessError:  # what the run waited for was waited for by the supervisor
                pass

        self.assertEqual(in_child(check), 0)


_SYS_CLONE = 56
_CLONE_VFORK = 0x4000


def _forked_unstoppable(inside: int, ran_on: int) -> int:
    """A child that takes a stop only after a while: it waits for a child of its own as a vfork does.

    It writes to `inside` when it waits, and to `ran_on` should it ever go on.
    """
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        if ctypes.PyDLL(None).syscall(_SYS_CLONE, _CLONE_VFORK | signal.SIGCHLD, 0, 0, 0, 0) == 0:
            os.write(inside, b"x")
            time.sleep(0.1)
            os._exit(0)
        os.write(ran_on, b"x")
        signal.pause()
    return pid


if __name__ == "__main__":
    unittest.main()

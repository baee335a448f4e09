"""What it costs to pass output on, however small the pieces are in which a run prints."""

from __future__ import annotations

import fcntl
import os
import threading
import time
import unittest
from typing import Any, Callable

from pycell_runner.protocol.frames import Frame, FrameDecoder, FrameType

from ..in_child import in_child, passes_once
from .supervisor_scene import SupervisorScene, forked

_SECONDS = 0.5
_FRAMES_A_SECOND = 1 / 0.003
_SMALL_BYTES = 4096
#: What is left when the run ends.
_LAST_FRAMES = 5


def _attack(scene: SupervisorScene, act: Callable[[int], object]) -> tuple[list[Frame], float]:
    """Have `act` write to a run's stdout for a while; return what the service receives of it, and the seconds it took."""
    since = time.monotonic()
    write = scene.adopt(forked(None))
    scene.send(FrameType.START)
    frames: list[Frame] = []
    threading.Thread(target=_receive, args=(scene.service, frames), daemon=True).start()
    threading.Thread(target=_repeat, args=(act, write), daemon=True).start()
    scene.settle(_SECONDS)
    scene.send(FrameType.CANCEL)
    scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
    seconds = time.monotonic() - since
    time.sleep(0.05)
    return [frame for frame in frames if frame.type is FrameType.STDOUT], seconds


def _repeat(act: Callable[[int], object], descriptor: int) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        act(descriptor)


def _receive(service: Any, frames: list[Frame]) -> None:
    decoder = FrameDecoder()
    service.setblocking(True)
    while data := service.recv(1 << 16):
        frames.extend(decoder.feed(data))


def _paced_by_emptiness(descriptor: int) -> None:
    """Write a byte as soon as the one before has been read."""
    os.write(descriptor, b"x")
    pending = bytearray(4)
    while fcntl.ioctl(descriptor, 0x541B, pending) == 0 and any(pending):  # FIONREAD
        time.sleep(0)


class Gathering(unittest.TestCase):
    def test_single_bytes_are_gathered_whatever_paces_them(self) -> None:
        for act in (lambda descriptor: os.write(descriptor, b"x"), _paced_by_emptiness):

            def check(act: Callable[[int], object] = act) -> None:
                frames, seconds = _attack(SupervisorScene(1 << 30), act)
                # Bounded by the time that it really took, which on a busy machine is longer, and by bytes.
                bound = seconds * _FRAMES_A_SECOND + sum(len(f.payload) for f in frames) / _SMALL_BYTES + _LAST_FRAMES
                assert 5 < len(frames) <= bound, (len(frames), bound)

            with self.subTest(act):
                self.assertEqual(in_child(check), 0)

    def test_what_is_gathered_is_not_overtaken_by_the_other_stream(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1000)
            (stdout, out), (stderr, err) = os.pipe(), os.pipe()
            scene.supervisor.adopt(5, forked(None), stdout, stderr)
            scene.send(FrameType.START)
            os.write(out, b"text")
            scene.settle(0.001)
            os.write(out, b"\n")
            os.write(err, b"then")
            scene.settle(0.02)
            received = [(frame.type, frame.payload) for frame in scene.received()]
            assert received == [
                (FrameType.STDOUT, b"text"),
                (FrameType.STDOUT, b"\n"),
                (FrameType.STDERR, b"then"),
            ], received
            # A stream that has ended is left alone, and does not keep the other from being read.
            os.close(out)
            scene.settle(0.02)
            began = time.process_time()
            os.write(err, b"more")
            scene.settle(0.1)
            assert [frame.payload for frame in scene.received()] == [b"more"]
            assert time.process_time() - began < 0.05
            scene.supervisor.kill_all()

        self.assertEqual(in_child(check), 0)

    def test_packets_of_a_byte_are_read_as_seldom(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1 << 30)
            (stdout, write), (stderr, _) = os.pipe2(os.O_DIRECT), os.pipe()
            scene.supervisor.adopt(5, forked(None), stdout, stderr)
            scene.send(FrameType.START)
            for _ in range(12):
                os.write(write, b"x")
            scene.settle(0.02)
            # The first at once, the others one by one.
            assert 1 < len(scene.received()) < 10
            scene.send(FrameType.FINISH)
            scene.supervisor.serve(lambda: scene.supervisor.runs == 0)
            # What was left comes in one; before it, one more may have been waited for long enough.
            rest = [frame.type for frame in scene.received()]
            assert rest[-3:] == [FrameType.STDOUT, FrameType.ENDED, FrameType.GONE] and len(rest) <= 4, rest

        self.assertTrue(passes_once(check))

    def test_a_sign_of_life_is_given_while_the_service_does_not_read_and_much_is_unsent(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1 << 30)
            write = scene.adopt(forked(None))
            threading.Thread(target=_repeat, args=(lambda to: os.write(to, b"x" * 60_000), write), daemon=True).start()
            scene.send(FrameType.START)
            scene.settle(_SECONDS)
            frames: list[Frame] = []
            scene.send(FrameType.PING, run=0)
            began = time.process_time()
            scene.settle(0.2)
            assert time.process_time() - began < 0.1  # it waits, and does not spin
            threading.Thread(target=_receive, args=(scene.service, frames), daemon=True).start()
            scene.settle(0.5)
            assert sum(len(frame.payload) for frame in frames) > 8 << 20
            assert [frame for frame in frames if frame.type is FrameType.PONG]
            scene.supervisor.kill_all()

        self.assertEqual(in_child(check), 0)

    def test_large_pieces_come_without_delay(self) -> None:
        def check() -> None:
            frames, _ = _attack(SupervisorScene(1 << 30), lambda descriptor: os.write(descriptor, b"x" * 60_000))
            assert sum(len(frame.payload) for frame in frames) > 20_000_000, len(frames)

        self.assertTrue(passes_once(check))

    def test_a_first_piece_comes_at_once_and_the_next_within_five_milliseconds(self) -> None:
        def check() -> None:
            scene = SupervisorScene(1000)
            write = scene.adopt(forked(None))
            scene.send(FrameType.START)
            times: list[float] = []
            for _ in range(20):
                os.write(write, b"x")
                began = time.monotonic()
                while not scene.received():
                    scene.settle(0)
                times.append(time.monotonic() - began)
            scene.supervisor.kill_all()
            assert sorted(times)[3] < 0.005, times  # the machine may have other work

        self.assertTrue(passes_once(check))


if __name__ == "__main__":
    unittest.main()

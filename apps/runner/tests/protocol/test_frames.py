"""The frame codec, by the golden frames of docs/protocol.md and by hand."""

from __future__ import annotations

import json
import unittest

from pycell_runner.protocol.frames import HEADER_BYTES, Frame, FrameDecoder, FrameError, FrameType, encode, encode_header

from .golden import golden_frames, meaning_of

_GOLDEN = golden_frames()
_WHOLE = [golden for golden in _GOLDEN if golden.meaning[0].isupper()]
_GOLDEN_LIMIT_BYTES = 1024


def _decode(data: bytes, piece_bytes: int, limit_bytes: int = _GOLDEN_LIMIT_BYTES) -> list[Frame]:
    decoder = FrameDecoder(limit_bytes)
    frames: list[Frame] = []
    for start in range(0, len(data), piece_bytes):
        frames += decoder.feed(data[start : start + piece_bytes])
    return frames


def _expected(meaning: str) -> tuple[str, int, str]:
    name, run, payload = meaning.split(" ", 2)
    return name, int(run), json.loads(payload)


class GoldenFrames(unittest.TestCase):
    def test_every_type_is_shown(self) -> None:
        self.assertEqual({golden.data[0] for golden in _WHOLE}, set(FrameType))

    def test_each_is_decoded_as_the_specification_says(self) -> None:
        for golden in _WHOLE:
            with self.subTest(golden.name):
                self.assertEqual([*map(meaning_of, _decode(golden.data, 1 << 16))], [_expected(golden.meaning)])

    def test_each_is_encoded_to_the_same_bytes(self) -> None:
        for golden in _WHOLE:
            with self.subTest(golden.name):
                (frame,) = _decode(golden.data, 1 << 16)
                self.assertEqual(encode(frame.type, frame.run, frame.payload), golden.data)
                header = encode_header(frame.type, frame.run, len(frame.payload))
                self.assertEqual(header, golden.data[:HEADER_BYTES])

    def test_incomplete_ones_make_the_decoder_wait(self) -> None:
        for golden in _GOLDEN:
            if golden.meaning == "incomplete":
                with self.subTest(golden.name):
                    self.assertEqual(_decode(golden.data, 1 << 16), [])

    def test_refused_ones_are_refused_whole_and_byte_by_byte(self) -> None:
        refused = [golden for golden in _GOLDEN if golden.meaning == "refused"]
        self.assertGreater(len(refused), 5)
        for golden in refused:
            for piece_bytes in (1, 1 << 16):
                with self.subTest(golden.name, piece_bytes=piece_bytes), self.assertRaises(FrameError):
                    _decode(golden.data, piece_bytes)

    def test_a_stream_is_decoded_alike_however_it_is_cut(self) -> None:
        stream = b"".join(golden.data for golden in _WHOLE)
        expected = [_expected(golden.meaning) for golden in _WHOLE]
        for piece_bytes in (*range(1, 65), len(stream)):
            self.assertEqual([*map(meaning_of, _decode(stream, piece_bytes))], expected)


class Decoder(unittest.TestCase):
    def test_takes_a_payload_of_exactly_its_limit(self) -> None:
        (frame,) = _decode(encode(FrameType.STDOUT, 1, b"x" * 10), 7, 10)
        self.assertEqual(frame.payload, b"x" * 10)

    def test_refuses_a_payload_over_its_limit_before_any_of_it_has_come(self) -> None:
        with self.assertRaisesRegex(FrameError, "payload of 11 bytes, at most 10 are allowed"):
            _decode(encode_header(FrameType.STDOUT, 1, 11), 12, 10)

    def test_yields_the_frames_before_a_bad_one(self) -> None:
        frames = FrameDecoder().feed(encode(FrameType.OUTCOME, 0, b"1") + b"\xff" * 12)
        self.assertEqual(next(frames).payload, b"1")
        with self.assertRaises(FrameError):
            next(frames)

    def test_is_not_disturbed_by_empty_pieces(self) -> None:
        decoder = FrameDecoder()
        data = encode(FrameType.CANCEL, 3)
        self.assertEqual([*decoder.feed(b""), *decoder.feed(data[:5]), *decoder.feed(b"")], [])
        self.assertEqual([*decoder.feed(data[5:])], [Frame(FrameType.CANCEL, 3, b"")])


if __name__ == "__main__":
    unittest.main()

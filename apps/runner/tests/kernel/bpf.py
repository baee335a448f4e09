"""A tiny evaluator of classic BPF, to ask the run's seccomp program for its verdicts."""

from __future__ import annotations

import struct

X86_64 = 0xC000003E


def verdict(program: bytes, number: int, *arguments: int, arch: int = X86_64) -> int:
    """Return what the program returns for a system call. Raises AssertionError where the kernel would refuse it."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, arch, 0, *(argument & (1 << 64) - 1 for argument in padded))
    instructions: list[tuple[int, int, int, int]] = list(struct.iter_unpack("=HBBI", program))
    accumulator = position = 0
    while True:
        assert position < len(instructions), "the program runs over its end"
        code, jump_true, jump_false, value = instructions[position]
        position += 1
        if code == 0x20:  # load a word
            assert value % 4 == 0 and value + 4 <= len(data), f"load outside of seccomp_data: {value}"
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == 0x54:  # and
            accumulator &= value
        elif code == 0x06:  # return
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            position += jump_true if holds else jump_false

"""Writes the smallest ELF files that a loader could read; the library tests build hosts out of them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

X86_64, AARCH64 = 62, 183

_HEADER_BYTES, _ENTRY_BYTES = 64, 56
_BASE = 0x400000


def write_elf(
    path: Path,
    needed: Sequence[str] = (),
    runpath: str = "",
    rpath: str = "",
    interpreter: str = "",
    machine: int = X86_64,
) -> Path:
    """Writes an ELF file with these NEEDED entries and search paths."""
    strings = b"\0"
    entries: list[tuple[int, int]] = []
    for tag, text in [*((1, name) for name in needed), (29, runpath), (15, rpath)]:
        if text:
            entries.append((tag, len(strings)))
            strings += text.encode() + b"\0"
    program_headers = 3 if interpreter else 2
    strings_at = _HEADER_BYTES + program_headers * _ENTRY_BYTES
    dynamic_at = strings_at + len(strings)
    entries += [(5, _BASE + strings_at), (0, 0)]
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in entries)
    interpreter_at = dynamic_at + len(dynamic)
    size = interpreter_at + len(interpreter) + 1
    headers = [(1, 0, size), (2, dynamic_at, len(dynamic))]
    if interpreter:
        headers.append((3, interpreter_at, len(interpreter) + 1))
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    fields = (3, machine, 1, 0, _HEADER_BYTES, 0, 0, 64, _ENTRY_BYTES, program_headers, 0, 0, 0)
    header = ident + struct.pack("<HHIQQQIHHHHHH", *fields)
    table = b"".join(
        struct.pack("<IIQQQQQQ", kind, 5, offset, _BASE + offset, _BASE + offset, length, length, 8)
        for kind, offset, length in headers
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + table + strings + dynamic + interpreter.encode() + b"\0")
    return path

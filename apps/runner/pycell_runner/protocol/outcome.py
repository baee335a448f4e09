"""The outcome of a run, as the payload of an OUTCOME frame. Made in the run, after the script."""

from __future__ import annotations

from typing import Final, Sequence

from .sections import with_length

Outcome = tuple[bytes, bytes]
"""The head, a JSON object whose end is left open for what is in the sections, and the section `result`, empty where
there is none: apart, since there may be no memory to join them."""

Artifact = tuple[bytes, bytes]
"""The name as a JSON string, and the content."""


_OK: Final = b'{"status":"OK"'


def outcome_of_result(text: bytes) -> Outcome:
    """Return the outcome of a script that returned. `text` is JSON."""
    return _OK, text


def outcome_of_failure(head: bytes) -> Outcome:
    """Return the outcome of a script that has no result. `head` is a JSON object with members."""
    return head[:-1], b""


def payload_start(outcome: Outcome, artifacts: Sequence[Artifact]) -> bytes:
    """Return how the payload begins: the head with its length. The result follows, then the artifacts."""
    head, result = outcome
    # Written by hand: the encoder would touch pages that most runs have no other use for.
    if artifacts:
        listed = b",".join([b"[%b,%d]" % (name, len(content)) for name, content in artifacts])
        total = sum([len(content) for _, content in artifacts])
        own = b'["result",%d],' % len(result) if head == _OK else b""
        return with_length(b'%b,"artifacts":[%b],"sections":[%b["artifacts",%d]]}' % (head, listed, own, total))
    if head == _OK:
        return with_length(b'%b,"sections":[["result",%d]]}' % (head, len(result)))
    return with_length(head + b',"sections":[]}')

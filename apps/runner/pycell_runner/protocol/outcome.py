"""The outcome of a run, as the payload of an OUTCOME frame. Made in the run, after the script."""

from __future__ import annotations

from .sections import with_length

Outcome = tuple[bytes, bytes]
"""The head with its length, and the section `result`, empty where there is none: apart, since there may be no memory
to join them."""


def outcome_of_result(text: bytes) -> Outcome:
    """Return the outcome of a script that returned. `text` is JSON."""
    # Written by hand: the encoder would touch pages that most runs have no other use for.
    return with_length(b'{"status":"OK","sections":[["result",%d]]}' % len(text)), text


def outcome_of_failure(head: bytes) -> Outcome:
    """Return the outcome of a script that has no result. `head` is JSON, with an empty list of sections."""
    return with_length(head), b""

"""When a request is sent again, and how long that waits."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from .errors import ConnectionFailed, PycellError, ServiceUnavailable

_FIRST_DELAY_S: Final = 0.25
_LONGEST_DELAY_S: Final = 8.0
#: More than that no service asks for in earnest.
_LONGEST_RETRY_AFTER_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and how long, a request is tried.

    attempts     how often it is sent at most; 1: never again
    total_s      seconds from the first attempt, within which the last one must begin. Where the service asks for a longer wait
                 than is left, the error comes at once
    repeat_runs  whether a script is sent again, too, where its connection was lost behind the request, or a gateway said
                 502 or 504: it may have run, or runs still

    Every 429 and 503 is tried again, never before its Retry-After: a run has no effects outside of itself. Requests that can be
    repeated without harm (metadata, validations, all of `executions`) always are.
    """

    attempts: int = 4
    total_s: float = 60.0
    repeat_runs: bool = False

    def __post_init__(self) -> None:
        if self.attempts < 1 or not self.total_s >= 0:
            raise ValueError("Retry needs at least one attempt, and total_s of 0 or more")

    def allows(self, error: PycellError, is_repeatable: bool) -> bool:
        """Return whether what failed so may be sent again at all."""
        can_repeat = is_repeatable or self.repeat_runs
        if isinstance(error, ConnectionFailed):
            return can_repeat or not error.may_have_run
        if error.status in (429, 503):
            return True
        return isinstance(error, ServiceUnavailable) and can_repeat


class Pace:
    """Counts the attempts of one call."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget what failed: the call has got further."""
        self._failed = 0
        self._deadline = time.monotonic() + self._retry.total_s

    def delay_s(self, retry_after_s: float | None = None) -> float | None:
        """Count a failure. Return the seconds until the next attempt, never fewer than the service asked for; None: no more."""
        self._failed += 1
        if self._failed >= self._retry.attempts:
            return None
        grown = min(_FIRST_DELAY_S * 2 ** (self._failed - 1), _LONGEST_DELAY_S)
        # Spread, so that those who were refused together do not come together.
        delay = grown * random.uniform(0.5, 1.0) if retry_after_s is None else retry_after_s + random.uniform(0, 0.25)
        return delay if time.monotonic() + delay <= self._deadline else None


def retry_after_of(value: str | None) -> float | None:
    """Return the seconds of a header Retry-After, a number or a date; None where there is none, or it is no time."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_RETRY_AFTER_S)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return min(max((date - datetime.now(timezone.utc)).total_seconds(), 0.0), _LONGEST_RETRY_AFTER_S)

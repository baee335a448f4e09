"""What an answer means: its value, or the error that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from ._exchange import Head, TransportFault
from ._retry import retry_after_of
from ._wire import WireError, decode, parse_json
from .errors import ConnectionFailed, PycellError, UnexpectedAnswer, error_class_of, error_of_problem
from .types import ErrorResponse

T = TypeVar("T")
_MOST_SHOWN: Final = 200
_MOST_OF_OTHERS: Final = 65_536
_is_id = re.compile(r"[\x21-\x7e]{1,200}").fullmatch


@contextmanager
def in_words(place: str, head: Head) -> Iterator[None]:
    """Make an UnexpectedAnswer of a WireError."""
    try:
        yield
    except WireError as error:
        raise UnexpectedAnswer(
            f"The answer to {place} is not one of a pycell that this client knows: {error}",
            status=head.status,
            request_id=_request_id(head),
            may_have_run=True,
        ) from None


def answered(place: str, head: Head, body: bytes, cls: type[T], parse_float: Callable[[str], Any] | None) -> T:
    """Return what an answer says. Raises UnexpectedAnswer."""
    with in_words(place, head):
        return decode(cls, parse_json(body, parse_float))


def error_of_answer(place: str, head: Head, body: bytes | TransportFault, request_id: str) -> PycellError:
    """Return the error that an answer is, whoever sent it: the service, or a proxy before it.

    body  what it says, or why it broke off: its status was told all the same
    """
    retry_after = retry_after_of(head.headers.get("retry-after"))
    status, known_id = head.status, _request_id(head) or request_id
    if isinstance(body, bytes):
        try:
            problem = decode(ErrorResponse, parse_json(body))
            return error_of_problem(problem, status, retry_after, request_id=known_id)
        except WireError:
            pass  # not from the service, or from one of another kind
    if 300 <= status < 400:
        target = head.location[:_MOST_SHOWN]
        message = (
            f"{place} was answered with {status}, a redirect to {target!r}. None is followed, so that a key goes nowhere else: "
            "set the URL of the service to where it is"
        )
        return UnexpectedAnswer(message, status=status, request_id=known_id)
    if isinstance(body, bytes):
        # Of what may come from a proxy as well, the class by the status; else nothing is known of who answered.
        kind = error_class_of(status) if status in (401, 403, 429, 502, 503, 504) else UnexpectedAnswer
        text = body[:_MOST_SHOWN].decode("utf-8", "replace")
        message = f"{place} was answered with {status}, and not by a pycell: is this its URL? It says {text!r}"
    else:
        kind = error_class_of(status)
        message = f"{place} was answered with {status}, and the answer broke off before it said why ({body})"
    # Whoever refuses a request does it before a run; 422 is of the script.
    may_have_run = not 400 <= status < 500 or status == 422
    return kind(message, status=status, request_id=known_id, retry_after=retry_after, may_have_run=may_have_run)


def connection_error(place: str, fault: TransportFault, request_id: str) -> ConnectionFailed:
    """Return the error for a request without an answer."""
    if fault.may_have_arrived:
        message = f"There was no whole answer to {place} ({fault}): the script may have run"
    else:
        message = f"{place} could not be sent ({fault}): is the service there?"
    return ConnectionFailed(message, may_have_run=fault.may_have_arrived, request_id=request_id)


def media_type_of(head: Head) -> str:
    """Return the media type of an answer without its parameters; empty where it says none."""
    return head.headers.get("content-type", "").partition(";")[0].strip().lower()


def most_of(head: Head) -> int | None:
    """Return how much of an answer is worth reading: of what is no JSON only its beginning is shown, and it may have no end."""
    return None if media_type_of(head) in ("", "application/json") else _MOST_OF_OTHERS


def _request_id(head: Head) -> str | None:
    found = head.headers.get("x-request-id")
    # Of a foreign service it may be anything, and it is shown.
    return found if found is not None and _is_id(found) else None

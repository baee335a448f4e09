"""What a client knows: where the service is, who asks, how long it waits."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import httpx

from ._retry import Retry

DEFAULT_URL: Final = "http://127.0.0.1:8080"
_CONNECT_TIMEOUT_S: Final = 10.0
#: A stream says something every 15 seconds, but a batch waits for its first place as long as it takes.
_BATCH_TIMEOUT_S: Final = 900.0
_KEY = re.compile(r"[\x21-\x7e]{1,1024}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Made by `settings_of`. The key shows in no repr."""

    url: str
    api_key: str | None = field(repr=False)
    timeout_s: float
    retry: Retry
    parse_float: Callable[[str], Any] | None
    #: PYCELL_API_KEY is there, and is not for this service.
    is_key_withheld: bool = False

    def run_timeout(self, timeout_ms: int | None = None, most_s: float | None = None) -> httpx.Timeout:
        """How long to wait for an answer whose run may take this long, and at most `most_s`, for the connection, too."""
        read_s = self.timeout_s + (timeout_ms or 0) / 1000
        if most_s is None:
            return _timeout(read_s)
        return httpx.Timeout(min(read_s, most_s), connect=min(_CONNECT_TIMEOUT_S, most_s))

    def batch_timeout(self) -> httpx.Timeout:
        """How long to wait for the next outcome of a batch, or a sign of life."""
        return _timeout(max(self.timeout_s, _BATCH_TIMEOUT_S))

    def headers(self) -> dict[str, str]:
        """What each request has. Not `Authorization`: that is for proxies on the way, which take it for theirs."""
        return {} if self.api_key is None else {"X-API-Key": self.api_key}


def settings_of(
    url: str | None, api_key: str | None, timeout_s: float, retry: Retry | None, parse_float: type[Decimal] | None
) -> Settings:
    """Return the settings; what is not given comes from PYCELL_URL and PYCELL_API_KEY.

    The key of the environment belongs to the service of the environment: to another one it is sent only where that is on this
    machine. Raises ValueError where one cannot be used. The text never has the key.
    """
    if not 0 < timeout_s < float("inf"):
        raise ValueError(f"timeout_s must be seconds above 0, not {timeout_s!r}")
    given = None if url is None else _base_url(url)
    base = given or _base_url(_url_of_environment())
    key_of_environment = os.environ.get("PYCELL_API_KEY") or None
    is_for_it = given is None or is_this_machine(given) or _is_of_environment(given)
    return Settings(
        base,
        _api_key(api_key if api_key is not None else key_of_environment if is_for_it else None),
        timeout_s,
        retry or Retry(attempts=1),
        parse_float,
        api_key is None and key_of_environment is not None and not is_for_it,
    )


def is_this_machine(url: str) -> bool:
    """Return whether an address is one of loopback."""
    host = httpx.URL(url).host
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def verify_of(settings: Settings, verify: ssl.SSLContext | bool) -> ssl.SSLContext | bool:
    """Return by what httpx is to know the service.

    For http that is a context that trusts nobody: nothing is encrypted and no redirect is followed, and to load the usual
    authorities takes tens of milliseconds, more than a run does.
    """
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if verify is True and settings.url.startswith("http://") else verify


def _timeout(read_s: float) -> httpx.Timeout:
    return httpx.Timeout(read_s, connect=_CONNECT_TIMEOUT_S, write=max(read_s, _CONNECT_TIMEOUT_S))


def _url_of_environment() -> str:
    return os.environ.get("PYCELL_URL") or DEFAULT_URL


def _is_of_environment(url: str) -> bool:
    """Return whether an address is that of the environment, however it is spelled."""
    try:
        return url == _base_url(_url_of_environment())
    except ValueError:
        return False


def _base_url(text: str) -> str:
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, TypeError):
        raise ValueError("The URL of the service is none: it is like https://pycell.example.com") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("The URL of the service must begin with http:// or https:// and have a host")
    if url.userinfo or "?" in text or "#" in text:
        # Not shown: it may be a secret.
        raise ValueError("The URL of the service must have no user, password, query or fragment; a key is api_key")
    # Once more: a port that is usual is left out only where the scheme is in lower case already.
    return str(httpx.URL(str(url))).rstrip("/")


def _api_key(text: str | None) -> str | None:
    if text is None:
        return None
    # Else the HTTP library refuses it with a message that has it.
    if not _KEY.fullmatch(text):
        raise ValueError(
            "The API key has characters that no key has (spaces, line ends or others): is it the key alone, and whole?"
        )
    return text

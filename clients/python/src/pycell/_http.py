"""What the clients set httpx to: no proxy before this machine, no cookies, no bound of connections, and no key in a repr."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpx

from ._exchange import Head, Send
from ._settings import Settings, is_this_machine, verify_of

#: As many as the caller has calls: how many may run is for the service to say. Of those, so many are kept for later.
_LIMITS: Final = httpx.Limits(max_connections=None, max_keepalive_connections=100)
_LOCATION: Final = "pycell.location"


class UnshownHeaders(httpx.Headers):
    """Headers that show no value: httpx hides `Authorization` alone."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)})"


def blocking_http(
    settings: Settings, verify: ssl.SSLContext | bool, transport: httpx.BaseTransport | None
) -> httpx.Client:
    """Return what sends. Raises ValueError where the environment does not allow it: certificates, proxies."""
    known_by = verify_of(settings, verify)
    with _in_words():
        if transport is None and is_this_machine(settings.url):
            transport = httpx.HTTPTransport(verify=known_by, limits=_LIMITS)
        hooks: Any = {"response": [_keep_location]}
        return httpx.Client(verify=known_by, transport=transport, event_hooks=hooks, **_shared())


def awaited_http(
    settings: Settings, verify: ssl.SSLContext | bool, transport: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """The same for asyncio."""

    async def keep_location(response: httpx.Response) -> None:
        _keep_location(response)

    known_by = verify_of(settings, verify)
    with _in_words():
        if transport is None and is_this_machine(settings.url):
            transport = httpx.AsyncHTTPTransport(verify=known_by, limits=_LIMITS)
        hooks: Any = {"response": [keep_location]}
        return httpx.AsyncClient(verify=known_by, transport=transport, event_hooks=hooks, **_shared())


def request_of(http: httpx.Client | httpx.AsyncClient, step: Send) -> httpx.Request:
    """Return the request of a step."""
    request = http.build_request(step.method, step.url, headers=step.headers, content=step.body, timeout=step.timeout)
    # It hangs on what httpx raises.
    request.headers = UnshownHeaders(request.headers)
    return request


def head_of(response: httpx.Response) -> Head:
    """Return the beginning of an answer."""
    return Head(response.status_code, response.headers, response.extensions.get(_LOCATION, ""))


def _shared() -> dict[str, Any]:
    # Who is asked twice shall not know it by a cookie.
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return {"limits": _LIMITS, "cookies": cookies, "follow_redirects": False}


def _keep_location(response: httpx.Response) -> None:
    """Put where a redirect leads aside: httpx reads it although it is not followed, and raises where it is no URL."""
    if "location" in response.headers:
        response.extensions[_LOCATION] = response.headers.pop("location")


@contextmanager
def _in_words() -> Iterator[None]:
    """Make a ValueError of what httpx raises. What it says of a proxy is not shown: it may have a password."""
    try:
        yield
    except ImportError:
        raise ValueError(
            "The environment names a proxy that speaks SOCKS (ALL_PROXY, HTTP_PROXY or HTTPS_PROXY), which needs the package "
            "httpx[socks]: install it, or have NO_PROXY name the host of the service"
        ) from None
    except OSError as error:
        raise ValueError(
            f"The certificates for https cannot be loaded ({error.strerror or error}): look at SSL_CERT_FILE and SSL_CERT_DIR"
        ) from None
    except (ValueError, httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise ValueError(
            "The environment names a proxy that is none: ALL_PROXY, HTTP_PROXY and HTTPS_PROXY are like http://proxy.example:3128"
        ) from None

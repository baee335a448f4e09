"""Which proxy the environment has for an address, for messages: httpx finds it by itself, and does not say so."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpx

from ._settings import is_this_machine


def proxy_for(url: httpx.URL) -> str | None:
    """Return host and port of the proxy. A password in it is not shown."""
    if is_this_machine(str(url)) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    found = proxies.get(url.scheme) or proxies.get("all") or ""
    return found.rpartition("://")[2].rpartition("@")[2].rstrip("/") or None

"""Has tests run with either client: `Client` as it is, `AsyncClient` behind methods that wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar, Protocol
from unittest import TestCase

from pycell import AsyncClient, Client, Retry

from .scripted_server import Answer, ScriptedServer

#: Quick: what these tests wait for are Retry-After of zero seconds.
QUICK = Retry(attempts=3, total_s=5)


class AnyClient(Protocol):
    """What tests call; streams as iterators."""

    def call(self, name: str, *arguments: Any, **options: Any) -> Any: ...

    def iterate(self, name: str, *arguments: Any, **options: Any) -> Iterator[Any]: ...

    def close(self) -> None: ...


def _method(client: Any, name: str) -> Any:
    for step in name.split("."):
        client = getattr(client, step)
    return client


class Blocking:
    def __init__(self, url: str, **options: Any) -> None:
        self.client = Client(url, **options)

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        return _method(self.client, name)(*arguments, **options)

    def iterate(self, name: str, *arguments: Any, **options: Any) -> Iterator[Any]:
        with _method(self.client, name)(*arguments, **options) as events:
            yield from events

    def close(self) -> None:
        self.client.close()


class Awaiting:
    def __init__(self, url: str, **options: Any) -> None:
        self.runner = asyncio.Runner()
        self.client = AsyncClient(url, **options)

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        return self.runner.run(_awaited(_method(self.client, name)(*arguments, **options)))

    def iterate(self, name: str, *arguments: Any, **options: Any) -> Iterator[Any]:
        events = _method(self.client, name)(*arguments, **options)
        try:
            while (found := self.runner.run(_next(events))) is not _END:
                yield found
        finally:
            self.runner.run(_awaited(events.aclose()))

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()


_END = object()


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


async def _next(events: AsyncIterator[Any]) -> Any:
    return await anext(events, _END)


class ClientCase(TestCase):
    """A server, and a client of it. Run by `with_both`, which makes a class for each client."""

    kind: ClassVar[type[Blocking] | type[Awaiting]] = Blocking

    def setUp(self) -> None:
        self.server = ScriptedServer()
        self.addCleanup(self.server.close)

    def client(self, *answers: Answer, **options: Any) -> AnyClient:
        """A client whose service will give these answers."""
        self.server.will_answer(*answers)
        client: AnyClient = self.kind(self.server.url, **{"retry": QUICK, **options})
        self.addCleanup(client.close)
        return client


def with_both(case: type[ClientCase]) -> type[ClientCase]:
    """A decorator: the class runs with the blocking client; its module gets another one that runs with the other."""
    import sys

    other = type(f"{case.__name__}OfAsyncClient", (case,), {"kind": Awaiting, "__module__": case.__module__})
    setattr(sys.modules[case.__module__], other.__name__, other)
    return case

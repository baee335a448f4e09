"""Waits for descriptors to become readable and for moments to come. Called by the supervisor only."""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from typing import Callable, Final

#: Called when a descriptor can be read, or a moment has come.
Act = Callable[[], object]


class EventLoop:
    """Descriptors and timers of one process. Whatever it calls must not block."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Act]] = []
        #: Of timers for the same moment the first set is the first called.
        self._order: Final = itertools.count()

    def watch(self, descriptor: int, on_readable: Act) -> None:
        """Call `on_readable` whenever the descriptor can be read."""
        self._selector.register(descriptor, selectors.EVENT_READ, on_readable)

    def unwatch(self, descriptor: int) -> None:
        """Take back `watch`."""
        self._selector.unregister(descriptor)

    def is_watched(self, descriptor: int) -> bool:
        """Whether `watch` holds."""
        return descriptor in self._selector.get_map()

    def set_writing(self, descriptor: int, wants_to_write: bool) -> None:
        """Whether `turn` also tells that a watched descriptor can be written to."""
        key = self._selector.get_key(descriptor)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if wants_to_write else 0)
        if key.events != events:
            self._selector.modify(descriptor, events, key.data)

    def after(self, seconds: float, act: Act) -> None:
        """Call `act` once, in a while."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), act))

    def turn(self, due: float | None, on_writable: Act) -> None:
        """Wait until something is to be done, at the latest until `due` (monotonic), and do it."""
        moments = [moment for moment in (due, self._timers[0][0] if self._timers else None) if moment is not None]
        wait = max(0.0, min(moments) - time.monotonic()) if moments else None
        for key, mask in self._selector.select(wait):
            if mask & selectors.EVENT_WRITE:
                on_writable()
            # A descriptor may have been closed by what was handled before it.
            if mask & selectors.EVENT_READ and key.fd in self._selector.get_map():
                key.data()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()

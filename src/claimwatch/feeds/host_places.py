"""How many polls one host sees at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

PER_HOST = 4  # polls of one public host at a time; browsers open six connections
PER_PRIVATE_HOST = 64  # a host of one's own needs no such care, and often serves many feeds
HELD = 2.0  # seconds after which a slow answer gives its place to the next feed of its host


class HostPlaces:
    """Places at hosts, made when first needed and gone when nobody waits."""

    def __init__(self, per_host: int = PER_HOST) -> None:
        self._per_host = per_host
        self._places: WeakValueDictionary[tuple[str, bool], asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, host: str, *, private: bool) -> AsyncIterator[None]:
        """Wait for a place at this host and hold it, for `HELD` seconds at most.

        A host that drips one feed must not keep its other feeds from being polled.
        """
        key = (host.lower(), private)
        places = self._places.get(key)
        if places is None:
            places = asyncio.Semaphore(PER_PRIVATE_HOST if private else self._per_host)
            self._places[key] = places
        await places.acquire()
        held = True

        def let_go() -> None:
            nonlocal held
            if held:
                held = False
                places.release()

        timer = asyncio.get_running_loop().call_later(HELD, let_go)
        try:
            yield
        finally:
            timer.cancel()
            let_go()

"""How many polls one host sees at a time, and how far apart they begin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from claimwatch.core.model import HostPace
from claimwatch.core.pacing import HELD

_REMEMBERED = 20_000  # hosts whose last request is remembered


class HostPlaces:
    """Places at hosts, made when first needed and gone when nobody waits."""

    def __init__(self) -> None:
        self._places: WeakValueDictionary[tuple[str, HostPace], asyncio.Semaphore] = WeakValueDictionary()
        self._next: dict[str, float] = {}  # on the loop's clock: when a host may be asked again

    @asynccontextmanager
    async def place(self, host: str, pace: HostPace) -> AsyncIterator[None]:
        """Wait for a place at this host and hold it, for `HELD` seconds at most.

        A host that drips one feed must not keep its other feeds from being polled.
        """
        key = (host.lower(), pace)
        places = self._places.get(key)
        if places is None:
            places = self._places[key] = asyncio.Semaphore(pace.at_once)
        await places.acquire()
        held = True

        def let_go() -> None:
            nonlocal held
            if held:
                held = False
                places.release()

        try:
            if pace.spacing:
                await self._turn(host.lower(), pace.spacing.total_seconds())
            timer = asyncio.get_running_loop().call_later(HELD, let_go)
            try:
                yield
            finally:
                timer.cancel()
        finally:
            let_go()

    async def _turn(self, host: str, spacing: float) -> None:
        """Wait until this host was left alone for `spacing` seconds."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next.pop(host, now))
        self._next[host] = turn + spacing  # the latest stands last
        while len(self._next) > _REMEMBERED:
            self._next.pop(next(iter(self._next)))
        await asyncio.sleep(turn - now)

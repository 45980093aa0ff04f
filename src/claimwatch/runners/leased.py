"""One host, one topic, one receiver at a time, whoever else works on the same database.

A lease in our own tables decides who may work on what; a queue's jobs only say that there is something to do.
So a job that comes twice, late or not at all does no harm: its unit takes what is due under the lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from claimwatch.errors import StorageError
from claimwatch.protocols import AssessWork, DispatchWork, DueWork, LeaseStore, PollWork

log = structlog.get_logger("claimwatch.runner")

SPAN = timedelta(seconds=30)  # what a killed worker held is free after so long
BEAT = timedelta(seconds=7)
SURE = timedelta(seconds=23)  # after so long without a sign of the database nothing new is begun
FREE = timedelta(0)


class Leases:
    """What this process holds, renewed while it lives."""

    def __init__(self, store: LeaseStore) -> None:
        self._store = store
        self._held: dict[str, float] = {}  # name -> when it was last known to be ours, on the loop's clock

    @asynccontextmanager
    async def hold(self, names: Collection[str], *, rest: timedelta = FREE) -> AsyncIterator[bool]:
        """Hold all of these, or none; say which. Nobody has them for `rest` after they were let go.

        Raises: StorageError.
        """
        wanted = set(names)
        began = _time()
        if wanted & self._held.keys():
            yield False
            return
        self._held.update(dict.fromkeys(wanted, began))
        try:
            taken = await asyncio.to_thread(self._store.take, wanted, span=SPAN)
        except BaseException:
            self._forget(wanted)
            raise
        if not taken:
            self._forget(wanted)
            yield False
            return
        try:
            yield True
        finally:
            self._forget(wanted)
            try:  # also when we are cancelled: others need not wait until it ends by itself
                await asyncio.shield(asyncio.to_thread(self._store.release, wanted, rest=rest))
            except StorageError as error:
                log.debug("lease ends by itself", names=sorted(wanted), error=str(error))

    async def show(self, name: str) -> None:
        """Have others see that this process is there; call it every `BEAT`. Raises: StorageError."""
        await asyncio.to_thread(self._store.take, [name], span=SPAN)

    async def hide(self, name: str) -> None:
        """Have others see that this process has ended. Raises: StorageError."""
        await asyncio.to_thread(self._store.release, [name], rest=FREE)

    def sure(self, names: Collection[str]) -> bool:
        """Say whether these are still ours without any doubt."""
        oldest = _time() - SURE.total_seconds()
        return all(self._held.get(name, oldest) > oldest for name in names)

    async def renew(self) -> None:
        """Keep what is held; call it every `BEAT`. Raises: StorageError."""
        if not self._held:
            return
        began = _time()
        ours = await asyncio.to_thread(self._store.renew, set(self._held), span=SPAN)
        for name in self._held.keys() & ours:
            self._held[name] = max(self._held[name], began)

    def _forget(self, names: Collection[str]) -> None:
        for name in names:
            self._held.pop(name, None)


def _time() -> float:
    return asyncio.get_running_loop().time()


class LeasedUnits:
    """The stations' units, each under its lease. All raise StorageError."""

    def __init__(
        self,
        poll: PollWork,
        assess: AssessWork,
        dispatch: DispatchWork,
        leases: Leases,
        due: DueWork,
        *,
        spacing: Callable[[str], timedelta],
    ) -> None:
        self._poll, self._assess, self._dispatch = poll, assess, dispatch
        self._leases, self._due = leases, due
        self._spacing = spacing  # of a host: how long it is left alone between two visits

    async def poll(self, host: str, *, early: bool = False) -> None:
        """Poll the feeds of a host that are due, with `early` all of them."""
        name = f"host {host}"
        async with self._leases.hold([name], rest=self._spacing(host)) as ours:
            if ours:
                await self._poll.poll_host(host, lease=SPAN, early=early)

    async def assess(self, topic: str) -> None:
        """Assess what waits on a topic, with the topics that it shares items with."""
        topics = await asyncio.to_thread(self._due.company, topic)
        names = [f"topic {each}" for each in topics]
        async with self._leases.hold(names) as ours:
            if ours:
                await self._assess.run_topic(
                    topic, among=topics, sure=lambda: self._leases.sure(names),
                    first_polls_done=self._poll.first_polls_done,
                )  # fmt: skip

    async def dispatch(self, receiver: str, *, hurry: bool = False) -> None:
        """Send what is due to a receiver."""
        name = f"receiver {receiver}"
        async with self._leases.hold([name]) as ours:
            if ours:
                await self._dispatch.send_to(
                    receiver, lease=SPAN, hurry=hurry, sure=lambda: self._leases.sure([name])
                )

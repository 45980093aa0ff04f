"""Polls that end while another is being stored are stored together: one wait for the disk for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from claimwatch.core.work import PollOutcome
from claimwatch.protocols import PollStore

MOST = 200  # polls of one transaction


class GroupCommit:
    """Stores each poll whole; those that wait share a transaction."""

    def __init__(self, store: PollStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._now = clock
        self._waiting: list[tuple[PollOutcome, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def commit(self, outcome: PollOutcome) -> None:
        """Return when the outcome is stored. Raises: StorageError, then nothing of it is."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, stored))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await stored

    async def idle(self) -> None:
        """Wait until nothing is being stored."""
        while self._writer is not None and not self._writer.done():
            await asyncio.wait({self._writer})

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._store_all(*group)
            except Exception:  # noqa: BLE001 - told below: what cannot be stored costs nobody else
                for one in group:
                    await self._store_one(one)

    async def _store_all(self, *group: tuple[PollOutcome, asyncio.Future[None]]) -> None:
        await asyncio.to_thread(self._store.commit, *(outcome for outcome, _ in group), now=self._now())
        for _, stored in group:
            if not stored.done():
                stored.set_result(None)

    async def _store_one(self, one: tuple[PollOutcome, asyncio.Future[None]]) -> None:
        try:
            await self._store_all(one)
        except Exception as error:  # noqa: BLE001 - it is raised where the outcome came from
            if not one[1].done():
                one[1].set_exception(error)

"""WebSub, the subscriber's side: asks hubs, answers them, and has pushed feeds polled at once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from claimwatch.core import websub
from claimwatch.core.model import Feed
from claimwatch.core.websub import Advert, Standing, Subscription
from claimwatch.errors import FetchError
from claimwatch.feeds.hub import HubClient
from claimwatch.feeds.receiver import Receiver
from claimwatch.protocols import SubscriptionStore

log = structlog.get_logger("claimwatch.websub")

AT_ONCE = 8  # hubs asked in one round


class WebSub:
    """Holds the subscriptions of the feeds that name a hub.

    `callback` is the public address under which the receiver at `host` and `port` is reached.
    """

    def __init__(
        self,
        *,
        store: SubscriptionStore,
        hubs: HubClient,
        feeds: Callable[[], Sequence[Feed]],
        callback: str,
        host: str,
        port: int,
        max_bytes: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._hubs = hubs
        self._feeds = feeds
        self._callback = callback
        self._now = clock
        self.receiver = Receiver(host, port, self, max_bytes=max_bytes)
        self._told_deaf = False

    async def listen(self) -> None:
        """Take calls of hubs from now on; where that fails it is told once, and feeds are polled as ever."""
        if self.receiver.listening:
            return
        try:
            await self.receiver.start()
        except OSError as error:
            if not self._told_deaf:
                log.error(
                    "hubs cannot reach us, feeds are polled in their own rhythm",
                    listen=f"{self.receiver.host}:{self.receiver.port}",
                    error=error.strerror or str(error),
                )
            self._told_deaf = True
        else:
            self._told_deaf = False
            log.info("hubs may push", callback=self._callback)

    async def aclose(self) -> None:
        """Take no more calls."""
        await self.receiver.stop()
        await self._hubs.aclose()

    async def hasten(self) -> None:
        """Have feeds polled that were pushed. Raises: StorageError."""
        await asyncio.to_thread(self._store.hasten, self._now())

    async def settle(self) -> None:
        """Ask hubs for what is due: new subscriptions, renewals, farewells. Raises: StorageError."""
        if not self.receiver.listening:
            return
        due = await asyncio.to_thread(self._due)
        await asyncio.gather(*(self._ask(each) for each in due))

    def _due(self) -> list[Subscription]:
        now, follow = self._now(), {feed.name: feed for feed in self._feeds()}
        adverts = [
            replace(advert, private=follow[advert.feed].private)
            for advert in self._store.adverts()
            if advert.feed in follow
        ]
        held = self._store.held()
        for old in websub.to_leave(adverts, held, self._callback):
            self._store.change(old.token, partial(websub.leaving, now=now))
        self._store.add(self._new(advert, now) for advert in websub.to_begin(adverts, held, self._callback))
        held = self._store.held()
        for over in held:
            if websub.is_over(over, now):
                self._store.change(over.token, lambda _: None)
        due = [each for each in held if each.next_at <= now and not websub.is_over(each, now)]
        return due[:AT_ONCE]

    def _new(self, advert: Advert, now: datetime) -> Subscription:
        token = secrets.token_urlsafe(24)
        return Subscription(
            token=token,
            feed=advert.feed,
            hub=advert.hub,
            topic=advert.topic,
            callback=f"{self._callback}/{token}",
            secret=secrets.token_urlsafe(32),
            private=advert.private,
            standing=Standing.ASKED,
            next_at=now,
        )

    async def _ask(self, subscription: Subscription) -> None:
        token, now = subscription.token, self._now()
        # stored first: the hub may confirm before it has answered
        await asyncio.to_thread(self._store.change, token, partial(websub.after_asking, now=now))
        try:
            await self._hubs.ask(subscription)
        except FetchError as error:
            log.info("hub was asked in vain", feed=subscription.feed, hub=subscription.hub, error=str(error))
            failed = partial(websub.after_failure, error=str(error))
            await asyncio.to_thread(self._store.change, token, failed)

    # ------------------------------------------------------------ what hubs call for

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        """Return what the hub is to read back, None when nothing of it was asked for. Raises: StorageError."""
        echo: str | None = None

        def settle(held: Subscription) -> Subscription | None:
            nonlocal echo
            if (answer := websub.answered(held, query, self._now())) is None:
                return held
            changed, echo = answer
            return changed

        await asyncio.to_thread(self._store.change, token, settle)
        if echo is not None:
            log.info("hub answered", mode=query.get("hub.mode"), topic=query.get("hub.topic"))
        return echo

    async def push(self, token: str, signatures: list[str], body: AsyncIterator[bytes]) -> int:
        """Take a push and return the status that answers it.

        A wrong signature is answered like a right one, as the Recommendation asks: who guesses learns nothing.

        Raises: StorageError.
        """
        held = await asyncio.to_thread(self._store.find, token)
        if held is None:
            return 404
        if held.standing is Standing.LEAVING:
            return 410
        if await _is_signed(held.secret, signatures, body):
            await asyncio.to_thread(self._store.pushed, token, self._now())
        else:
            log.warning("a push with a wrong signature is ignored", feed=held.feed, hub=held.hub)
        return 202


async def _is_signed(secret: str, signatures: list[str], body: AsyncIterator[bytes]) -> bool:
    """Return whether the body is signed with the secret; it is read to its end and kept nowhere."""
    best = websub.best_signature(signatures)
    method, digest = best or (websub.METHODS[0], "")
    counted = hmac.new(secret.encode(), digestmod=getattr(hashlib, method))
    async for chunk in body:
        counted.update(chunk)
    return websub.is_signed(counted.hexdigest(), digest)

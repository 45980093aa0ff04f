"""What hubs were asked to push, and pushes that wait for their feed's poll."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from claimwatch.core.websub import Advert, Standing, Subscription, may_be_polled
from claimwatch.storage.database import Database
from claimwatch.storage.schema import UtcDateTime, feeds, subscriptions

_FIELDS = [f.name for f in fields(Subscription)]
_COLUMNS = [subscriptions.c[name] for name in _FIELDS]


class SqlSubscriptions:
    """Subscriptions as `core.websub` decides on them. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def adverts(self) -> list[Advert]:
        """Return which feeds name a hub."""
        query = sa.select(feeds.c.feed, feeds.c.hub, feeds.c.topic).where(feeds.c.hub.is_not(None))
        with self._database.read() as c:
            return [Advert(row.feed, row.hub, row.topic or "") for row in c.execute(query)]

    def held(self) -> list[Subscription]:
        """Return all subscriptions, those that are asked first first."""
        with self._database.read() as c:
            rows = c.execute(sa.select(*_COLUMNS).order_by(subscriptions.c.next_at, subscriptions.c.token))
            return [_read(row) for row in rows]

    def find(self, token: str) -> Subscription | None:
        """Return the subscription whose address ends so, or None."""
        with self._database.read() as c:
            row = c.execute(sa.select(*_COLUMNS).where(subscriptions.c.token == token)).one_or_none()
            return None if row is None else _read(row)

    def add(self, new: Iterable[Subscription]) -> None:
        """Store new subscriptions."""
        rows = [_row(s) | {"push_waits": False} for s in new]
        if rows:
            with self._database.write() as c:
                c.execute(sa.insert(subscriptions), rows)

    def change(self, token: str, how: Callable[[Subscription], Subscription | None]) -> None:
        """Store what `how` makes of a subscription as it is now; None deletes it."""
        here = subscriptions.c.token == token
        with self._database.write() as c:
            row = c.execute(sa.select(*_COLUMNS).where(here).with_for_update()).one_or_none()
            if row is None:
                return
            changed = how(_read(row))
            if changed is None:
                c.execute(sa.delete(subscriptions).where(here))
            else:
                c.execute(sa.update(subscriptions).where(here).values(_row(changed)))

    def forget(self) -> None:
        """Forget all: without an address of ours no hub can be told, and its lease ends."""
        with self._database.write() as c:
            c.execute(sa.delete(subscriptions))

    def pushed(self, token: str, now: datetime) -> None:
        """Remember that the feed is to be polled: from here on no crash loses the push."""
        pushed = sa.update(subscriptions).where(subscriptions.c.token == token)
        with self._database.write() as c:
            c.execute(pushed.values(pushed_at=now, push_waits=True))

    def hasten(self, now: datetime) -> int:
        """Have feeds with a waiting push polled now, also where a server asked us to wait; return how many.

        One whose poll is in hand waits: that poll may have read the feed before the push came.
        """
        query = (
            sa.select(subscriptions.c.token, subscriptions.c.feed, feeds.c.last_poll_at)
            .join(feeds, feeds.c.feed == subscriptions.c.feed)
            .where(subscriptions.c.push_waits)
        )
        with self._database.read() as c:
            waiting = [row for row in c.execute(query) if may_be_polled(row.last_poll_at, now)]
        if not waiting:
            return 0
        sooner = sa.case(
            (feeds.c.next_poll_at > now, sa.literal(now, UtcDateTime())), else_=feeds.c.next_poll_at
        )
        free = sa.or_(feeds.c.leased_until_at.is_(None), feeds.c.leased_until_at <= now)
        hastened = 0
        with self._database.write() as c:
            for row in waiting:
                due = sa.update(feeds).where(feeds.c.feed == row.feed, free).values(next_poll_at=sooner)
                if c.execute(due).rowcount:
                    served = sa.update(subscriptions).where(subscriptions.c.token == row.token)
                    c.execute(served.values(push_waits=False))
                    hastened += 1
        return hastened


def _read(row: sa.Row[Any]) -> Subscription:
    values = dict(zip(_FIELDS, row, strict=True))
    return Subscription(**values | {"standing": Standing(values["standing"])})


def _row(subscription: Subscription) -> dict[str, Any]:
    return {name: getattr(subscription, name) for name in _FIELDS} | {"standing": subscription.standing.value}

"""Which hosts, topics and receivers have something due: what a scheduler of several workers asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from claimwatch.storage.database import Database
from claimwatch.storage.leasing import SqlLeases
from claimwatch.storage.schema import deliveries, feeds, matches

A_READ = 500
AT_MOST = 2000  # due feeds looked at in one go, those due for longest


class SqlDue:
    """Questions of a scheduler. All raise StorageError."""

    def __init__(
        self,
        database: Database,
        leases: SqlLeases,
        *,
        host_of: Callable[[str], str | None],
        hosts: Callable[[], set[str]],
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._leases = database, leases
        self._host_of, self._hosts = host_of, hosts
        self._clock = clock

    def due(self) -> tuple[set[str], set[str], set[str]]:
        """Return hosts, topics and receivers with something due that nobody works on."""
        held = self._leases.held()
        free = sa.or_(feeds.c.leased_until_at.is_(None), feeds.c.leased_until_at <= self._clock())
        query = (
            sa.select(feeds.c.feed)
            .where(feeds.c.next_poll_at <= self._clock(), free)
            .order_by(feeds.c.next_poll_at)
            .execution_options(yield_per=A_READ)
        )
        with self._database.read() as c, c.execute(query) as rows:
            # feeds that left the config are due for ever
            followed = (host for feed in rows.scalars() if (host := self._host_of(feed)))
            hosts = set(islice(followed, AT_MOST))
        return (
            {host for host in hosts if f"host {host}" not in held},
            {topic for topic in self.topics() if f"topic {topic}" not in held},
            {receiver for receiver in self.receivers() if f"receiver {receiver}" not in held},
        )

    def hosts(self) -> set[str]:
        """Return all hosts that are polled."""
        return self._hosts()

    def topics(self) -> set[str]:
        """Return the topics that something waits on."""
        query = sa.select(matches.c.topic).where(matches.c.assessed_at.is_(None)).distinct()
        with self._database.read() as c:
            return set(c.execute(query).scalars())

    def company(self, topic: str) -> set[str]:
        """Return a topic and those that what waits on it is on, too."""
        waiting = matches.alias("waiting")
        query = (
            sa.select(matches.c.topic)
            .join(waiting, (waiting.c.item == matches.c.item) & (waiting.c.revision == matches.c.revision))
            .where(waiting.c.topic == topic, waiting.c.assessed_at.is_(None), matches.c.assessed_at.is_(None))
            .distinct()
        )
        with self._database.read() as c:
            return {topic, *c.execute(query).scalars()}

    def receivers(self, *, hurry: bool = False) -> set[str]:
        """Return receivers with something due, with `hurry` also what waits for company."""
        now = self._clock()
        due = (deliveries.c.state == "due") & (deliveries.c.due_at <= now)
        if hurry:
            due |= (deliveries.c.state == "due") & (deliveries.c.attempts == 0)
        held = (deliveries.c.state == "held") & (deliveries.c.due_at <= now)
        query = sa.select(deliveries.c.receiver).where(due | held).distinct()
        with self._database.read() as c:
            return set(c.execute(query).scalars())

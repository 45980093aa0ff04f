"""What the poll station takes and commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from claimwatch.core.model import PollState
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.storage.database import Database
from claimwatch.storage.rows import FEED_COLUMNS, item_row, match_row, state_row, to_state
from claimwatch.storage.schema import feeds, items, matches

_KEYS_A_STATEMENT = 500


class SqlPollStore:
    """Feeds that are due, what is known of them, and the outcome of each poll."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, states: Iterable[PollState]) -> None:
        """Remember feeds that are new; what is known of the others stays."""
        rows = [state_row(s) for s in states]
        if rows:
            with self._database.write() as c:
                c.execute(insert(feeds).on_conflict_do_nothing(), rows)

    def release_leases(self) -> None:
        """Let go of what a daemon that died had in hand; call only while holding the database's lock."""
        with self._database.write() as c:
            c.execute(sa.update(feeds).values(leased_until_at=None))

    def make_due(self, names: Collection[str], now: datetime) -> None:
        """Have these feeds polled at the next tick, whatever their next time was."""
        with self._database.write() as c:
            c.execute(sa.update(feeds).where(feeds.c.feed.in_(names)).values(next_poll_at=now))

    def take_due(
        self, names: Collection[str], *, now: datetime, lease: timedelta, limit: int
    ) -> list[PollState]:
        """Return up to `limit` due feeds among `names`, longest due first, held for `lease`."""
        free = sa.or_(feeds.c.leased_until_at.is_(None), feeds.c.leased_until_at <= now)
        due = sa.select(*FEED_COLUMNS).where(feeds.c.next_poll_at <= now, free).order_by(feeds.c.next_poll_at)
        with self._database.write() as c:
            taken = [to_state(row) for row in c.execute(due) if row.feed in names][:limit]
            if taken:
                held = [s.feed for s in taken]
                c.execute(sa.update(feeds).where(feeds.c.feed.in_(held)).values(leased_until_at=now + lease))
        return taken

    def known(self, feed: str, keys: Sequence[str]) -> dict[str, str]:
        """Return key -> content hash of those entries of a feed that are stored."""
        found: dict[str, str] = {}
        with self._database.read() as c:
            for start in range(0, len(keys), _KEYS_A_STATEMENT):
                some = keys[start : start + _KEYS_A_STATEMENT]
                rows = c.execute(
                    sa.select(items.c.key, items.c.hash).where(items.c.feed == feed, items.c.key.in_(some))
                )
                found.update((row.key, row.hash) for row in rows)
        return found

    def commit(self, outcome: PollOutcome, *, now: datetime) -> None:
        """Store a poll whole: new items, their matches and the feed's state with its validators.

        One transaction: validators stored before items would lose items in a crash.
        """
        with self._database.write() as c:
            for new in outcome.new:
                self._store(c, outcome.state.feed, new, now)
            c.execute(
                sa.update(feeds)
                .where(feeds.c.feed == outcome.state.feed)
                .values(**state_row(outcome.state), leased_until_at=None)
            )

    def _store(self, c: sa.Connection, feed: str, new: NewItem, now: datetime) -> None:
        values = {**item_row(new.item), "hash": new.hash}
        statement = insert(items).values(feed=feed, key=new.key, revision=1, first_seen_at=now, **values)
        statement = statement.on_conflict_do_update(
            index_elements=[items.c.feed, items.c.key],
            set_={**values, "revision": items.c.revision + 1},
        )
        stored = c.execute(statement.returning(items.c.id, items.c.revision)).one()
        if new.matches:
            rows = [
                {
                    **match_row(m),
                    "item": stored.id,
                    "revision": stored.revision,
                    "mode": new.mode if stored.revision == 1 else "live",
                    "matched_at": now,
                }
                for m in new.matches
            ]
            c.execute(insert(matches), rows)

    def next_due_at(self, names: Collection[str]) -> datetime | None:
        """Return when the next feed is due, None without feeds."""
        with self._database.read() as c:
            rows = c.execute(sa.select(feeds.c.feed, feeds.c.next_poll_at))
            return min((row.next_poll_at for row in rows if row.feed in names), default=None)

    def unpolled(self, names: Collection[str]) -> int:
        """Return how many of these feeds no poll has been tried of."""
        with self._database.read() as c:
            rows = c.execute(sa.select(feeds.c.feed).where(feeds.c.last_poll_at.is_(None)))
            return sum(row.feed in names for row in rows)

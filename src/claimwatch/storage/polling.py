"""What the poll station takes and commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

import sqlalchemy as sa

from claimwatch.core.model import PollState
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.storage.database import Database
from claimwatch.storage.rows import FEED_COLUMNS, item_row, match_row, state_row, to_state
from claimwatch.storage.schema import feeds, items, matches
from claimwatch.storage.upsert import insert

_A_STATEMENT = 500


class SqlPollStore:
    """Feeds that are due, what is known of them, and the outcome of each poll."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, states: Iterable[PollState]) -> None:
        """Remember feeds that are new; what is known of the others stays."""
        rows = [state_row(s) for s in states]
        if rows:
            with self._database.write() as c:
                c.execute(insert(c, feeds).on_conflict_do_nothing(), rows)

    def hasten(self, names: Collection[str], *, now: datetime) -> None:
        """Have these polled now, unless their server asked us to wait."""
        if names:
            with self._database.write() as c:
                c.execute(
                    sa.update(feeds)
                    .where(feeds.c.next_poll_at > now, feeds.c.outcome.not_like("asked to wait%"))
                    .where(feeds.c.feed == sa.bindparam("name"))
                    .values(next_poll_at=now),
                    [{"name": name} for name in names],
                )

    def release_leases(self) -> None:
        """Let go of what a daemon that died had in hand; call only while holding the database's lock."""
        with self._database.write() as c:
            c.execute(sa.update(feeds).values(leased_until_at=None))

    def take_due(
        self, names: Collection[str], *, now: datetime, lease: timedelta, limit: int, early: bool = False
    ) -> list[PollState]:
        """Return up to `limit` due feeds among `names`, longest due first, held for `lease`.

        With `early` also those not due yet, unless their server asked us to wait.
        """
        free = sa.or_(feeds.c.leased_until_at.is_(None), feeds.c.leased_until_at <= now)
        due = feeds.c.next_poll_at <= now
        if early:
            due = sa.or_(due, feeds.c.outcome.not_like("asked to wait%"))
        query = sa.select(*FEED_COLUMNS).where(due, free).order_by(feeds.c.next_poll_at)
        # what others take at this moment is left to them
        query = query.with_for_update(skip_locked=True).execution_options(yield_per=_A_STATEMENT)
        with self._database.write(alone=False) as c:
            # rows are read only as far as needed: at start ten thousand are due, and few are taken at a time
            with c.execute(query) as rows:
                taken = list(islice((to_state(row) for row in rows if row.feed in names), limit))
            if taken:
                held = [s.feed for s in taken]
                c.execute(sa.update(feeds).where(feeds.c.feed.in_(held)).values(leased_until_at=now + lease))
        return taken

    def known(self, feed: str, keys: Sequence[str], hashes: Sequence[str]) -> dict[str, str]:
        """Return key -> content hash of what is stored of a feed under these keys or with these words."""
        found: dict[str, str] = {}
        stored = sa.select(items.c.key, items.c.hash).where(items.c.feed == feed)
        words = [_words(h) for h in hashes]
        with self._database.read() as c:
            for column, values in ((items.c.key, keys), (items.c.words, words)):
                for start in range(0, len(values), _A_STATEMENT):
                    some = values[start : start + _A_STATEMENT]
                    found.update((row.key, row.hash) for row in c.execute(stored.where(column.in_(some))))
        return found

    def commit(self, outcome: PollOutcome, *, now: datetime) -> None:
        """Store a poll whole: new items, their matches and the feed's state with its validators.

        One transaction: validators stored before items would lose items in a crash.
        """
        with self._database.write(alone=False) as c:
            for new in outcome.new:
                self._store(c, outcome.state.feed, new, now)
            c.execute(
                sa.update(feeds)
                .where(feeds.c.feed == outcome.state.feed)
                .values(**state_row(outcome.state), leased_until_at=None)
            )

    def _store(self, c: sa.Connection, feed: str, new: NewItem, now: datetime) -> None:
        values = {**item_row(new.item), "hash": new.hash, "words": _words(new.hash)}
        statement = insert(c, items).values(feed=feed, key=new.key, revision=1, first_seen_at=now, **values)
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
            c.execute(sa.insert(matches), rows)

    def unpolled(self, names: Collection[str]) -> int:
        """Return how many of these feeds no poll has been tried of."""
        with self._database.read() as c:
            rows = c.execute(sa.select(feeds.c.feed).where(feeds.c.last_poll_at.is_(None)))
            return sum(row.feed in names for row in rows)


def _words(content_hash: str) -> str:
    """The part of a content hash that is equal for equal words (see core/novelty)."""
    return content_hash.partition(".")[0]

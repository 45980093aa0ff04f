"""What the poll station takes and commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa

from claimwatch.core.edits import what_changed
from claimwatch.core.model import Band, Match, PollState
from claimwatch.core.novelty import SAME_STORY, title_likeness
from claimwatch.core.work import NewItem, PollOutcome
from claimwatch.storage.database import Database
from claimwatch.storage.rows import FEED_COLUMNS, item_row, match_row, state_row, to_state
from claimwatch.storage.schema import Text, claims, edits, evidence, feeds, items, matches, tombstones
from claimwatch.storage.upsert import insert

_A_STATEMENT = 300
_SIZES = (8, 64, _A_STATEMENT)  # of a look-up: most polls bring a few entries, first ones fifty
_NEXT_STATE = (
    sa.update(feeds)
    .where(feeds.c.feed == sa.bindparam("name"))
    .values({c.name: sa.bindparam(c.name) for c in FEED_COLUMNS if c.name != "feed"})
    .values(leased_until_at=None)
)
_QUOTED_ON = (
    sa.select(claims.c.topic)
    .distinct()
    .join(evidence, evidence.c.claim == claims.c.id)
    .where(evidence.c.item == sa.bindparam("of"), claims.c.archived_at.is_(None))
)
EDITS_KEPT = 50  # of one item: some are rewritten at every poll
_OLD_EDITS = sa.delete(edits).where(
    edits.c.item == sa.bindparam("of"), edits.c.revision <= sa.bindparam("before")
)
_STORED = sa.select(items.c.id, items.c.revision).where(
    items.c.feed == sa.bindparam("of_feed"), items.c.key == sa.bindparam("under")
)
_ITEM_VALUES = [c.name for c in items.columns if c.name not in ("id", "revision")]


class SqlPollStore:
    """Feeds that are due, what is known of them, and the outcome of each poll."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statement: sa.Executable | None = None

    def register(self, states: Iterable[PollState]) -> None:
        """Remember feeds that are new; what is known of the others stays."""
        rows = [state_row(s) for s in states]
        if rows:
            with self._database.write() as c:
                c.execute(insert(c, feeds).on_conflict_do_nothing(), rows)

    def hasten(self, names: Collection[str], *, now: datetime, override: bool = False) -> None:
        """Have these polled now; with `override` also those whose server asked us to wait."""
        cooled = sa.true() if override else feeds.c.outcome.not_like("asked to wait%")
        if names:
            with self._database.write() as c:
                c.execute(
                    sa.update(feeds)
                    .where(feeds.c.next_poll_at > now, cooled)
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
        words = [_words(h) for h in hashes]
        with self._database.read() as c:
            for start in range(0, max(len(keys), len(words)), _A_STATEMENT):
                end = start + _A_STATEMENT
                some, same = keys[start:end] or keys[:1], words[start:end] or words[:1]
                size = next(size for size in _SIZES if size >= max(len(some), len(same)))
                values = {"of_feed": feed} | _numbered("k", some, size) | _numbered("w", same, size)
                found.update((row.key, row.hash) for row in c.execute(_known(size), values))
            asked = dict(zip(keys, hashes, strict=False))
            left = [key for key in keys if key not in found]
            for start in range(0, len(left), _A_STATEMENT):
                buried = sa.select(tombstones.c.key, tombstones.c.hash).where(
                    tombstones.c.feed == feed, tombstones.c.key.in_(left[start : start + _A_STATEMENT])
                )
                for row in c.execute(buried):
                    now = asked.get(row.key, "")
                    # an edit of it is no news; another story under its id is
                    other = row.hash and title_likeness(row.hash, now) < SAME_STORY
                    found[row.key] = row.hash if other else now
        return found

    def contents(self, feed: str, keys: Sequence[str]) -> dict[str, str]:
        """Return key -> long text of what is stored of a feed under these keys."""
        query = sa.select(items.c.key, items.c.content).where(items.c.feed == feed)
        with self._database.read() as c:
            return {row.key: row.content for row in c.execute(query.where(items.c.key.in_(list(keys))))}

    def commit(self, *outcomes: PollOutcome, now: datetime) -> None:
        """Store polls whole: new items, their matches and the feeds' states with their validators.

        One transaction: validators stored before items would lose items in a crash. Several polls share one,
        for what a transaction costs is mostly the wait for the disk.
        """
        new = [(outcome.state.feed, item) for outcome in outcomes for item in outcome.new]
        with self._database.write(alone=False) as c:
            if changed := [
                row for feed, item in new if item.edited for row in _edit_rows(c, feed, item, now)
            ]:
                c.execute(sa.insert(edits), changed)
                c.execute(
                    _OLD_EDITS,
                    [{"of": row["item"], "before": row["revision"] - EDITS_KEPT} for row in changed],
                )
            if new:
                c.execute(self._upsert(c), [_item_values(feed, item, now) for feed, item in new])
            matched = [(feed, item) for feed, item in new if item.matches]
            if rows := [*_match_rows(c, matched, now), *_rows_off_topic(c, new, now)]:
                c.execute(insert(c, matches).on_conflict_do_nothing(), rows)
            c.execute(_NEXT_STATE, [{**state_row(o.state), "name": o.state.feed} for o in outcomes])

    def _upsert(self, c: sa.Connection) -> sa.Executable:
        """Return the statement that stores an item, or a later text of it: built once, it is long."""
        if self._statement is None:
            statement = insert(c, items)
            fresh = {
                k: statement.excluded[k] for k in _ITEM_VALUES if k not in ("feed", "key", "first_seen_at")
            }
            self._statement = statement.on_conflict_do_update(
                index_elements=[items.c.feed, items.c.key],
                set_={**fresh, "revision": items.c.revision + 1},
                where=items.c.hash != statement.excluded.hash,  # else another worker stored just this
            )
        return self._statement

    def unpolled(self, names: Collection[str]) -> int:
        """Return how many of these feeds no poll has been tried of."""
        with self._database.read() as c:
            rows = c.execute(sa.select(feeds.c.feed).where(feeds.c.last_poll_at.is_(None)))
            return sum(row.feed in names for row in rows)


@cache
def _known(size: int) -> sa.Executable:
    """Return the question for items under so many keys or with so many texts: long to build, quick to ask."""
    of_feed = sa.select(items.c.key, items.c.hash).where(items.c.feed == sa.bindparam("of_feed"))

    def among(column: sa.Column[str], letter: str) -> sa.Select[tuple[str, str]]:
        return of_feed.where(column.in_([sa.bindparam(f"{letter}{n}", type_=Text) for n in range(size)]))

    return sa.union_all(among(items.c.key, "k"), among(items.c.words, "w"))


def _numbered(letter: str, values: Sequence[str], size: int) -> dict[str, str | None]:
    padded: list[str | None] = [*values, *[None] * (size - len(values))]
    return {f"{letter}{n}": value for n, value in enumerate(padded)}


def _item_values(feed: str, new: NewItem, now: datetime) -> dict[str, Any]:
    known_as = {"feed": feed, "key": new.key, "hash": new.hash, "words": _words(new.hash)}
    return {**item_row(new.item), **known_as, "revision": 1, "first_seen_at": now}


def _edit_rows(c: sa.Connection, feed: str, new: NewItem, now: datetime) -> Iterator[dict[str, Any]]:
    """Return the row that tells what a later text changed; none when the item is gone."""
    texts = (items.c.title, items.c.summary, items.c.content)
    stored = c.execute(
        sa.select(items.c.id, items.c.revision, *texts).where(items.c.feed == feed, items.c.key == new.key)
    ).one_or_none()
    if stored is not None:
        item = new.item
        changed = what_changed(
            (stored.title, stored.summary, stored.content), (item.title, item.summary, item.content)
        )
        yield {"item": stored.id, "revision": stored.revision + 1, "changed": changed, "seen_at": now}


def _match_rows(
    c: sa.Connection, matched: Sequence[tuple[str, NewItem]], now: datetime
) -> Iterator[dict[str, Any]]:
    """Return the rows for the matches of items stored just now."""
    for feed, new in matched:
        stored = c.execute(_STORED, {"of_feed": feed, "under": new.key}).one()
        for match in new.matches:
            mode = new.mode if stored.revision == 1 else "live"
            yield {
                **match_row(match),
                "item": stored.id,
                "revision": stored.revision,
                "mode": mode,
                "matched_at": now,
            }


def _rows_off_topic(
    c: sa.Connection, new: Sequence[tuple[str, NewItem]], now: datetime
) -> Iterator[dict[str, Any]]:
    """Return rows of no match for topics that edited items were evidence on: it is looked at once more."""
    for feed, item in new:
        if not item.edited:
            continue
        stored = c.execute(_STORED, {"of_feed": feed, "under": item.key}).one()
        for topic in c.execute(_QUOTED_ON, {"of": stored.id}).scalars():
            if all(match.topic != topic for match in item.matches):
                yield {
                    **match_row(Match(topic, 0.0, Band.WEAK, ())),
                    "item": stored.id,
                    "revision": stored.revision,
                    "mode": "live",
                    "matched_at": now,
                }


def _words(content_hash: str) -> str:
    """The part of a content hash that is equal for equal words (see core/novelty)."""
    return content_hash.partition(".")[0]
